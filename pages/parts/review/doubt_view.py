"""Doubtful labels: how many castings of the photos shown have one, marked under each photo, first where wanted."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.wording import count, verb
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache, review_cache
from pages.parts.shell.errors import show_errors


def show(photos: pd.DataFrame, dataset: Dataset, table: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Photos of a split's scored table with the column ``doubt``, a reason or nothing; in another order if wanted."""
    castings = dataset_cache.castings(dataset)
    if castings is None:  # said above, with the way to find them
        return photos
    with show_errors():
        found = [one for one in review_cache.doubts(dataset, model, table, castings) if one.doubt.doubtful]
    place = {one.doubt.casting: number for number, one in enumerate(found)}
    of_photo = photos["photo"].map(castings)
    shown = set(of_photo)
    here = [one for one in found if one.doubt.casting in shown]
    reasons = {one.doubt.casting: one.doubt.reason for one in here}
    marked = photos.assign(doubt=[reasons.get(casting, "") for casting in of_photo])
    first = st.toggle("Label doubtful first", key="doubtful first", disabled=not here)
    if not here:
        st.caption("No label of these photos is doubtful.")
        return marked
    several = count(len(here), "casting")
    st.caption(
        f"{several} of these photos {verb(len(here), 'have')} a doubtful label. Look at the part, then judge: no label "
        f"is changed by itself. Scores: {'; '.join(dict.fromkeys(one.basis.value for one in here))}."
    )
    if not first:
        return marked
    order = of_photo.map(place).fillna(len(found))
    return marked.loc[order.sort_values(kind="stable").index]
