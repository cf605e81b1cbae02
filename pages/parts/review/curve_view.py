"""How scores spread, and the ROC and the precision-recall curve of castings; a click on any of them fills the queue."""

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import OperatingPoint
from casting_core.judging.operating_point.castings import castings_of
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache
from pages.parts.charts import canvas, review_charts
from pages.parts.review import confusion, queue_filter
from pages.parts.shell import address, session

SCORES, ROC, PRECISION = "Scores", "ROC", "Precision-recall"


def as_if(model: Model, split: str) -> Model:
    """The version at the threshold of the point of a curve that was clicked, else as it is; not another one is judged.

    A threshold that was chosen for another version or split is let go.
    """
    kept = session.current()
    of = f"{session.current().dataset} {model.card.name} {split}"
    asked = address.take("at")
    if asked is not None:
        kept.as_if, kept.as_if_of = _read(asked), of
    if kept.as_if_of != of:
        kept.as_if, kept.as_if_of = None, of
    if kept.as_if is None:
        return model
    return replace(model, point=OperatingPoint(threshold=kept.as_if, chosen="a point of a curve, to look at"))


def in_address() -> str:
    """That threshold as the address says it; empty where none was chosen."""
    threshold = session.current().as_if
    return "" if threshold is None else f"{threshold:g}"


def way_back(model: Model) -> None:
    """Says that another threshold than the one in force is looked at, and offers the way back."""
    threshold = session.current().as_if
    if threshold is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"Looked at as if the threshold were **{threshold:g}**: the matrix and the castings below are those of "
            f"that point of the curve. In force is {model.point.limits}.",
            icon=":material/timeline:",
        )
        st.button("Back to what is in force", key="threshold in force", on_click=choose, args=(None,))


def show(table: pd.DataFrame, dataset: Dataset, model: Model) -> None:
    """One of the three charts of a scored table."""
    castings = dataset_cache.castings(dataset)
    known = castings is not None and table["label"].nunique() == 2
    which = SCORES
    st.subheader("Scores and curves" if known else "Scores")
    if known:
        which = st.segmented_control(
            "Chart", [SCORES, ROC, PRECISION], default=SCORES, required=True, key="chart", label_visibility="collapsed"
        )
    if which == SCORES or castings is None:
        queue_filter.chart(table, model)
        return
    found = castings_of(
        table["score"].to_numpy(), table["label"].to_numpy(dtype=int), table["photo"].map(castings).to_numpy()
    )
    if not len(found.ok) or not len(found.defective):
        st.caption("A curve takes castings of both labels.")
        return
    draw = review_charts.roc if which == ROC else review_charts.precision_recall
    key = f"{which} {session.current().choices}"  # a new one after each choice: an old click must not speak again
    canvas.show(
        draw(found, model.point),
        key=key,
        alt=f"The {which} curve over castings; a click on a point shows the castings that are wrong at its threshold",
        on_select=lambda: _clicked(key),
        selection_mode="points",
    )
    st.caption("A click on a point shows what is wrong at its threshold: castings missed below it, false alarms above.")


def choose(threshold: float | None) -> None:
    """Looks at this threshold instead of the one in force; none: at that one. The worst cell comes first."""
    session.current().as_if = None if threshold is None else float(np.clip(threshold, 0.0, 1.0))
    confusion.choose(None)


def _clicked(key: str) -> None:
    if points := st.session_state[key]["selection"]["points"]:
        choose(float(points[0]["customdata"]))


def _read(asked: str) -> float | None:
    try:
        threshold = float(asked)
    except ValueError:
        return None
    return threshold if 0 <= threshold <= 1 else None
