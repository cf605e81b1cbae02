"""What the gate would refuse of the photos under review."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from casting_core.data.datasets.scan import Dataset
from casting_core.wording import count
from casting_core.workflows.datasets.splits import OUT_OF_FOLD, part_of
from casting_core.workflows.judging.model import Model
from pages.parts.caches import model_cache
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence


def _looked(place: DeltaGenerator, done: int, total: int) -> None:
    place.progress(done / total, text=f"Asking the gate about {done:,} of {count(total, 'photo')}")


def show(dataset: Dataset, split: str, model: Model) -> None:
    """How many there are, and which; nothing where there are none, or where castings were judged out of fold.

    To look at all photos may take seconds, so it comes last on the page.
    """
    if split == OUT_OF_FOLD:
        return
    place = st.empty()
    with show_errors():
        found = model_cache.refused(
            *part_of(dataset, split),
            model,
            looked=lambda done, total: _looked(place, done, total),
        )
    place.empty()
    if found.empty:
        return
    with st.expander(f"The gate would refuse {count(len(found), 'photo')}", icon=":material/block:"):
        st.caption("They are counted all the same. From a camera they would get no verdict, but this reason.")
        for row in found.head(50).itertuples():
            st.markdown(f"{plain(str(row.path))}: {sentence(str(row.reason))}")
        if len(found) > 50:
            st.caption(f"and {len(found) - 50:,} more")
