"""The photos of the queue below the card: one by one, or casting by casting, with or without heat maps."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.workflows.datasets.splits import OUT_OF_FOLD
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache
from pages.parts.photos import gallery, pager, strips
from pages.parts.shell.text import plain


def show(photos: pd.DataFrame, *, key: str, dataset: Dataset, model: Model, split: str) -> None:
    """Scored photos of a split, the worst first; ``key`` is that of their gallery."""
    castings = dataset_cache.castings(dataset)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("#### All of them")
        whole = st.toggle("By casting", key="by casting", disabled=castings is None)
        heat = st.toggle(
            "Heat maps",
            key="heat",
            help="Orange is evidence for a defect, the stronger the higher the score; the ring marks the strongest "
            "place. They take a moment where nobody has looked at these photos yet.",
        )
    name = "" if whole else " Its file stands before them."
    st.caption(f"Under each photo: how it turned out, and the score (0 speaks for ok, 1 for defective).{name}")
    if heat and split == OUT_OF_FOLD:
        st.caption(
            "Scores are those of the networks that had not seen the casting; heat maps are those of "
            f"{plain(model.card.name)}, which may have learned from it."
        )
    if whole and castings is not None:
        strips.show(photos, castings, key=f"{key} by casting", dataset=dataset, model=model, heat=heat)
    else:
        gallery.show(photos, key=key, dataset=dataset, model=model, heat=heat)
        pager.fill(strips.EACH)  # castings may have stood there
