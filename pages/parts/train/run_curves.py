"""The curves of a run on the page: smoothed as one likes, with earlier runs laid over."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.learning.recipes.events import BatchDone, EpochDone, Event, PaintedDone, Prepared
from casting_core.workflows.training.runs import Run
from pages.parts.caches import run_cache
from pages.parts.charts import canvas, training_charts
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors

MOST = 5  # runs laid over at once; more cannot be told apart
COUNTED = ["missed", "false_alarms", "f1_ok", "f1_defective", "learning_rate"]  # what older programs did not tell


def show(run: Run, events: Sequence[Event]) -> None:
    """The board of a run, or why there is none; under it smoothing and the runs to lay over."""
    _painted(run, events)
    epochs = of_epochs(events)
    batches = of_batches(events, smoothing=session.current().smoothing)
    if epochs.empty and (run.state.over or batches.empty):
        if run.state.over:
            st.caption("It did not come to the end of its first epoch, so there are no curves.")
        return
    with show_errors():
        others = {f"run {number}": of_epochs(run_cache.events(number)) for number in _laid_over(run)}
    canvas.show(
        training_charts.board(epochs, batches, {name: table for name, table in others.items() if len(table)}),
        key=f"curves of run {run.id}",
        alt=f"Loss, accuracy, misses and false alarms, F1 and learning rate of run {run.id} by epoch",
    )
    _controls(run)


def _painted(run: Run, events: Sequence[Event]) -> None:
    """The curve of what is learned before the first epoch; folded in as soon as there are batches of one."""
    points = [event for event in events if isinstance(event, PaintedDone)]
    if not points:
        return
    begun = any(isinstance(event, BatchDone) for event in events)
    with st.expander("Before the first epoch: painted defects", icon=":material/brush:", expanded=not begun):
        canvas.show(
            training_charts.painted([point.step for point in points], [point.loss for point in points]),
            key=f"painted defects of run {run.id}",
            alt=f"Loss of run {run.id} on painted defects by step",
        )
        st.caption(
            "Defects are painted on sound photos, place by place; the loss falls as the network learns to see them."
        )


def of_epochs(events: Sequence[Event]) -> pd.DataFrame:
    """The epochs of a run as a table, with the columns of ``COUNTED`` where they are known."""
    epochs = [event for event in events if isinstance(event, EpochDone)]
    table = pd.DataFrame([vars(epoch) for epoch in epochs])
    return table if any(epoch.counts_known for epoch in epochs) else table.drop(columns=COUNTED, errors="ignore")


def of_batches(events: Sequence[Event], *, smoothing: float) -> pd.DataFrame:
    """The batches of a run as a table whose epochs are fractions, with columns ``smooth_loss`` and ``smooth_accuracy``.

    A smoothed figure is the mean of all before it, each counting ``smoothing`` times as much as the next one. Where
    there are more than ``training_charts.POINTS``, some in a row are taken together.
    """
    per_epoch = next((event.batches for event in events if isinstance(event, Prepared)), None)
    batches = [event for event in events if isinstance(event, BatchDone)]
    if not per_epoch or not batches:
        return pd.DataFrame()
    rows = [(event.epoch, event.batch, event.loss, event.accuracy) for event in batches]
    table = pd.DataFrame(rows, columns=["epoch", "batch", "loss", "accuracy"])
    table["epoch"] = table["epoch"] - 1 + table.pop("batch") / per_epoch
    for figure in ("loss", "accuracy"):
        table[f"smooth_{figure}"] = table[figure].ewm(alpha=1 - smoothing).mean()
    together = -(-len(table) // training_charts.POINTS)
    return table.groupby(table.index // together).mean() if together > 1 else table


def _laid_over(run: Run) -> list[int]:
    return [number for number in session.current().laid_over if number != run.id]


def _controls(run: Run) -> None:
    kept, key = session.current(), f"laid over run {run.id}"
    with show_errors():
        known = [other.id for other in run_cache.runs() if other.id != run.id]
    left, right = st.columns([1, 2], gap="large")
    with left:
        st.slider(
            "Smoothing", 0.0, 0.99, kept.smoothing, 0.01, key="smoothing", on_change=_smooth,
            help="Of the line within epochs: how much of it is what was before.",
        )  # fmt: skip
    if not known:
        return
    with right:
        st.multiselect(
            "Lay earlier runs over it", known, [number for number in _laid_over(run) if number in known], key=key,
            on_change=_lay, args=(key,), format_func=lambda number: f"run {number}", max_selections=MOST,
            placeholder="Choose runs",
            help="Their validation loss and accuracy, misses, F1 of the defective and learning rate.",
        )  # fmt: skip


def _smooth() -> None:
    session.current().smoothing = st.session_state["smoothing"]


def _lay(key: str) -> None:
    session.current().laid_over = list(st.session_state[key])
