"""The matrix, the charts and the queue that they fill: a click draws these anew, and nothing else of the page."""

import time

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from casting_core.data.datasets.scan import Dataset
from casting_core.wording import count
from casting_core.workflows.judging.model import Model
from pages.parts.caches import review_cache
from pages.parts.photos import decide_form
from pages.parts.review import (
    above_queue,
    confusion,
    curve_view,
    doubt_view,
    judged_filter,
    queue_filter,
    retrain,
    review_address,
)
from pages.parts.review.card import judge_each
from pages.parts.review.confusion import Cell
from pages.parts.review.queue import kept_queues, photos_below
from pages.parts.shell import guards

IN_PEACE = 0.2  # seconds in which a browser draws the card of a cell, before dozens of photos below are sent to it


@st.fragment
def show(dataset: Dataset, model: Model, split: str, scored: pd.DataFrame) -> None:
    """The scored photos of a split, cell by cell of the confusion matrix; everything that is said of a cell."""
    if guards.dataset() is not dataset:  # somebody has decided about a photo: the figures above are others, too
        st.rerun()
    looked_at = curve_view.as_if(model, split)  # at the threshold in force, or that of a clicked point of a curve
    curve_view.way_back(model)
    result, table = review_cache.evaluated(dataset, scored, looked_at)
    cell = confusion.chosen(result.confusion, of=f"{dataset.root} {model.card.name} {split}")
    truth, predicted = cell
    chosen = table[(table["label"] == truth) & (table["predicted"] == predicted)]
    # Whoever has just chosen a cell waits for its castings: the matrix and the charts above them are drawn anew later.
    above, castings_first = st.container(), confusion.just_chosen() and not chosen.empty
    card, below = (_room(anew=chosen.empty) for _ in range(2))

    def draw_above() -> None:
        with above:
            above_queue.show(result, table, cell=cell, dataset=dataset, model=looked_at)

    if not castings_first:
        draw_above()
    shown = review_address.gallery_of(model.card.name, split, cell)
    at = curve_view.in_address()
    with card:
        st.subheader(f"{confusion.TITLES[cell]}: {count(len(chosen), 'photo')}")
        decide_form.way_back(dataset)
        retrain.show(dataset, model)
        if chosen.empty:
            confusion.nothing_here(result.confusion)
            kept_queues.show(dataset, split=split, cell=cell)
            review_address.say(shown, model=model.card.name, split=split, cell=cell, photos=0, at=at)
            return
        chosen = _filtered(chosen, table, dataset=dataset, model=model, split=split, cell=cell)
        judge_each.show(
            chosen, dataset=dataset, table=table, cell=cell, model=model, split=split, point=looked_at.point
        )
    if castings_first:
        draw_above()
        time.sleep(IN_PEACE)
    with below:
        photos_below.show(chosen, key=shown, dataset=dataset, model=looked_at, split=split)
    scores = queue_filter.in_address()
    photos = len(chosen)
    review_address.say(shown, model=model.card.name, split=split, cell=cell, photos=photos, scores=scores, at=at)


def _room(*, anew: bool) -> DeltaGenerator:
    """A part of the page; ``anew``: nothing that stood there stays (``pager.fill`` tells why it might)."""
    return st.empty().container() if anew else st.container()


def _filtered(
    photos: pd.DataFrame, table: pd.DataFrame, *, dataset: Dataset, model: Model, split: str, cell: Cell
) -> pd.DataFrame:
    """Those of a cell that are wanted, in the order in which they are."""
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = queue_filter.show(photos, dataset, model, split)
        kept_queues.show(dataset, split=split, cell=cell)
    wanted = judged_filter.show(wanted, dataset)
    return doubt_view.show(wanted, dataset, table, model)
