"""A map of all photos: what looks alike lies together; a lasso catches photos to look at and to decide about."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.charts import canvas, dataset_charts
from pages.parts.dataset import explorer
from pages.parts.shell import guards
from pages.parts.shell.errors import show_errors

COLOURS = {"label": "Label", "casting": "Casting", "score": "Score of the model in use"}


def show(named: NamedDataset, dataset: Dataset) -> None:
    """Draws the map and the photos that were caught on it."""
    places = dataset_cache.places(dataset)
    table = places.merge(dataset_cache.described(dataset).drop_duplicates("photo"), on="photo")
    offered = [name for name in COLOURS if name == "score" or name in table]
    colour = st.segmented_control(
        "Coloured by", offered, default="label", required=True, format_func=COLOURS.__getitem__, key="map colour"
    )
    if colour == "score":
        with show_errors():
            scored = model_cache.scored(dataset, "all", guards.model()).drop_duplicates("photo")
        table = table.join(scored.set_index("photo")["score"], on="photo")
    event = canvas.show(
        dataset_charts.photo_map(table, colour),
        key=f"map of {named.name}, {colour}",
        alt="Every photo as a point; photos that look alike lie together",
        on_select="rerun",
        selection_mode=("lasso", "box", "points"),
    )
    caught = {str(point["customdata"][0]) for point in event["selection"]["points"]}
    there = len(dataset.identities)
    drawn = f" of {there:,} different ones, drawn at random" if len(table) < there else ""
    st.caption(
        f"{count(len(table), 'photo')}{drawn}. Light is taken out before photos are compared. Draw a line around "
        "points to see their photos."
    )
    _caught(named, dataset, table[table["photo"].isin(caught)])


def _caught(named: NamedDataset, dataset: Dataset, caught: pd.DataFrame) -> None:
    if caught.empty:
        return
    st.subheader(f"Caught: {count(len(caught), 'photo')}")
    st.fragment(explorer.photos)(dataset, caught, key=f"map photos of {named.name}")
