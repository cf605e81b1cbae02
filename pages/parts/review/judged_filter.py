"""How many photos of a cell were judged by a person, and only those that were not, where that is wanted."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.wording import count
from casting_core.workflows.review.judgements import settled
from pages.parts.caches import review_cache
from pages.parts.shell.errors import show_errors


def show(photos: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The photos that are to be shown; with the column ``judged``, whether a person has judged them."""
    with show_errors():
        known = review_cache.judgements(dataset)
    judged = photos["photo"].isin(settled(known))
    back = photos["photo"].isin(known.keys()) & ~judged
    done, castings = int(judged.sum()), count(len(photos), "photo")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(done / max(1, len(photos)), text=f"{done:,} of {castings} judged by a person", width=320)
        left = st.toggle("Only those not judged yet", key="not judged", disabled=not done or done == len(photos))
    st.caption("Judge them below, one casting after the other, or open a photo in full size.")
    if back.any():
        st.caption(f":material/replay: {count(int(back.sum()), 'photo')} put back for another look.")
    return photos[~judged] if left else photos
