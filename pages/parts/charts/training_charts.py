"""The charts of runs: how figures went on from batch to batch and from epoch to epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from casting_core.domain import Label
from casting_core.records.card import SharePoint
from pages.parts.charts.canvas import LINES, MARGIN, MIDDLE, TRAIN, VALIDATION, blank
from pages.parts.shell.look import FALSE_ALARM, LABELS, MISSED

DASHES = ("dash", "dashdot", "longdash", "longdashdot", "dot")  # of runs laid over, for lines that meet
POINTS = 200  # of a line within epochs; more than pixels only cost time
MANY = 40  # epochs whose ends are not marked any more: one would touch the next, and each costs the browser time
# The browser would measure every label at every update to find out how much room they need; it is always this much.
UNMEASURED, ROOM = {"automargin": False, "ticklabeloverflow": "allow"}, {"l": 80, "b": 44}
HEIGHT, GAP = 860, 0.065  # of the board: pixels, and the share of it between two rows


Trace = dict[str, Any]  # a line as plotly writes it


@dataclass(frozen=True, kw_only=True)
class Line:
    """A column of the table of epochs, and how it is drawn."""

    column: str
    name: str
    colour: str
    dash: str = "solid"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the board: lines that share an axis; ``laid_over`` is the one that is drawn of other runs."""

    title: str
    lines: tuple[Line, ...]
    laid_over: str
    height: float  # share of the board
    value: str  # how the mouse reads it, in the notation of d3-format
    share: bool = False  # whether its axis ends at 1


ROWS = (
    Row(
        title="loss",
        lines=(
            Line(column="loss", name="train", colour=TRAIN),
            Line(column="validation_loss", name="validation", colour=VALIDATION, dash="dot"),
        ),
        laid_over="validation_loss",
        height=0.3,
        value=".4g",
    ),
    Row(
        title="accuracy",
        lines=(
            Line(column="accuracy", name="train", colour=TRAIN),
            Line(column="validation_accuracy", name="validation", colour=VALIDATION, dash="dot"),
        ),
        laid_over="validation_accuracy",
        height=0.24,
        value=".2%",
        share=True,
    ),
    Row(
        title="validation photos",
        lines=(
            Line(column="missed", name="missed", colour=MISSED.colour),
            Line(column="false_alarms", name="false alarms", colour=FALSE_ALARM.colour, dash="dot"),
        ),
        laid_over="missed",
        height=0.18,
        value=",.0f",
    ),
    Row(
        title="F1",
        lines=(
            Line(column="f1_ok", name="ok", colour=LABELS[Label.OK].colour),
            Line(column="f1_defective", name="defective", colour=LABELS[Label.DEFECTIVE].colour, dash="dot"),
        ),
        laid_over="f1_defective",
        height=0.15,
        value=".3f",
        share=True,
    ),
    Row(
        title="learning rate",
        lines=(Line(column="learning_rate", name="this run", colour=MIDDLE),),
        laid_over="learning_rate",
        height=0.13,
        value=".4g",
    ),
)


def board(epochs: pd.DataFrame, batches: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> go.Figure:
    """Every curve of a run under each other, on one axis of epochs: the mouse reads all of them at once.

    ``epochs`` has the column epoch and those of ``ROWS``, as far as they are known; ``batches`` has epoch (a fraction:
    2.5 is half way through the third), loss, accuracy and both smoothed, ``smooth_loss`` and ``smooth_accuracy``;
    ``others`` are the epochs of runs laid over, by their names.
    """
    rows = [row for row in ROWS if any(line.column in epochs for line in row.lines) or row.lines[0].column in batches]
    tables = [epochs, batches, *others.values()]
    whole = sum(row.height for row in rows) + GAP * (len(rows) - 1)
    lines: list[Trace] = []
    frames: dict[str, Any] = {}
    top = 1.0
    for number, row in enumerate(rows, start=1):
        axis, bottom = _nth("y", number), top - row.height / whole
        lines += [*_within(row, batches, axis), *_at_ends(row, epochs, axis), *_laid_over(row, others, axis)]
        frames |= _frame(row, number, bottom=max(0.0, bottom), top=top, tables=tables)
        top = bottom - GAP / whole
    last = max([0.0, *(float(table["epoch"].max()) for table in tables if len(table))])
    below = _epochs(first=0 if len(batches) else 1, last=last)
    below |= UNMEASURED | {"anchor": _nth("y", len(rows)), "unifiedhovertitle": {"text": "epoch %{x}"}}
    look = {"height": round(HEIGHT * whole) + 40, "hovermode": "x unified", "hoversubplots": "axis"}
    # All at once: plotly looks through everything with each thing that is added, and a page that watches has no time.
    return go.Figure(lines, look | {"margin": MARGIN | ROOM, "uirevision": "keep", "xaxis": below} | frames)


def _within(row: Row, batches: pd.DataFrame, axis: str) -> list[Trace]:
    """What a row shows within epochs: each batch faintly, and smoothed."""
    if row.title not in batches:
        return []
    return [
        _line(
            batches, column, axis,
            line={"color": TRAIN, "width": width}, opacity=opacity, hoverinfo="skip", showlegend=False,
        )
        for column, width, opacity in ((row.title, 1, 0.25), (f"smooth_{row.title}", 1.5, 0.6))
    ]  # fmt: skip


def _at_ends(row: Row, epochs: pd.DataFrame, axis: str) -> list[Trace]:
    """What a row shows at the ends of epochs; a line that is alone needs no name."""
    return [
        _line(
            epochs, line.column, axis,
            name=line.name, mode="lines+markers" if len(epochs) < MANY else "lines", marker={"size": 5},
            line={"color": line.colour, "dash": line.dash}, showlegend=len(row.lines) > 1,
            legend=f"legend{axis[1:]}", hovertemplate=_hover(row, line.name),
        )
        for line in row.lines
        if line.column in epochs
    ]  # fmt: skip


def _laid_over(row: Row, others: Mapping[str, pd.DataFrame], axis: str) -> list[Trace]:
    """One line of every other run, named in the first row for all. Runs of one seed may meet: each has its own gaps."""
    word = next(line.name for line in row.lines if line.column == row.laid_over)
    return [
        _line(
            epochs, row.laid_over, axis,
            name=name, legendgroup=name, showlegend=axis == "y", hovertemplate=_hover(row, f"{name}, {word}"),
            line={"color": LINES[(number + 2) % len(LINES)], "dash": DASHES[number % len(DASHES)], "width": 1.5},
        )
        for number, (name, epochs) in enumerate(others.items())
        if row.laid_over in epochs
    ]  # fmt: skip


def _line(table: pd.DataFrame, column: str, axis: str, **look: Any) -> Trace:
    drawn = {"type": "scatter", "mode": "lines", "x": table["epoch"].tolist(), "y": table[column].tolist()}
    return drawn | {"xaxis": "x", "yaxis": axis} | look


def _hover(row: Row, name: str) -> str:
    """One line of what the mouse reads: row, curve and value."""
    return f"{row.title}, {name}: %{{y:{row.value}}}<extra></extra>"


def _frame(row: Row, number: int, *, bottom: float, top: float, tables: Sequence[pd.DataFrame]) -> dict[str, Any]:
    """The axis of a row, and its legend above it."""
    columns = {*(line.column for line in row.lines), row.laid_over}
    values = [table[column] for table in tables for column in table.columns if column in columns]
    axis = {"domain": [bottom, top], "title": {"text": row.title}, "anchor": "x"} | UNMEASURED | _scale(values, row)
    legend = {"orientation": "h", "y": top, "yanchor": "bottom", "x": 1, "xanchor": "right", "font": {"size": 11}}
    return {f"yaxis{_nth('', number)}": axis, f"legend{_nth('', number)}": legend}


def curves(epochs: pd.DataFrame, figure_name: str) -> go.Figure:
    """Loss or accuracy of a version, train and validation.

    ``epochs`` has the columns epoch, ``figure_name`` and ``validation_<figure_name>``.
    """
    figure, row = blank(height=320), next(row for row in ROWS if row.title == figure_name)
    for line in row.lines:
        drawn = go.Scatter(x=epochs["epoch"], y=epochs[line.column], name=line.name, mode="lines+markers")
        figure.add_trace(drawn.update(line_color=line.colour, line_dash=line.dash))
    figure.update_layout(yaxis_title=figure_name, hovermode="x unified")
    figure.update_yaxes(_scale([epochs[line.column] for line in row.lines], row))
    return figure.update_xaxes(_epochs(first=1, last=float(epochs["epoch"].max())))


def painted(steps: Sequence[int], losses: Sequence[float]) -> go.Figure:
    """The loss on painted defects by step, before the first epoch."""
    figure = blank(height=220)
    figure.add_trace(go.Scatter(x=steps, y=losses, mode="lines", line_color=TRAIN, hovertemplate="loss %{y:.4g}"))
    figure.update_layout(xaxis_title="step", yaxis_title="loss", hovermode="x unified", uirevision="keep")
    return figure.update_yaxes(rangemode="tozero").update_xaxes(rangemode="tozero")


def learning_curve(points: Sequence[SharePoint]) -> go.Figure:
    """How good networks were that learned from so many castings: photos right, and the area under the ROC curve."""
    figure, castings = blank(height=280), [point.castings for point in points]
    for name, values, colour, dash in (
        ("photos right", [point.accuracy for point in points], TRAIN, "solid"),
        ("area under the ROC curve", [point.auc for point in points], VALIDATION, "dot"),
    ):
        line = go.Scatter(x=castings, y=values, name=name, mode="lines+markers", line_color=colour, line_dash=dash)
        figure.add_trace(line.update(hovertemplate=f"{name}: %{{y:.2%}}<extra></extra>"))
    figure.update_layout(xaxis_title="castings learned from", hovermode="x unified", yaxis_tickformat=".0%")
    return figure.update_xaxes(rangemode="tozero", tickvals=castings)


def _nth(axis: str, number: int) -> str:
    """What plotly calls the axis of this number: y, y2, y3."""
    return axis if number == 1 else f"{axis}{number}"


def _scale(lines: Sequence[pd.Series], row: Row) -> dict[str, Any]:
    """Lets the y axis end where values can: shares at 1, all at 0."""
    if not row.share:
        return {"rangemode": "tozero", "nticks": 6}
    least = min((float(line.min()) for line in lines if len(line)), default=0.0)
    reach = {"range": [max(0.0, np.floor(10 * least - 0.5) / 10), 1.01]}
    return reach | ({"tickformat": ".0%"} if row.value.endswith("%") else {})


def _epochs(*, first: float, last: float) -> dict[str, Any]:
    """Counts epochs along the x axis in whole numbers, a dozen of them at most."""
    step, reach = max(1, int(np.ceil(last / 12))), [first - 0.1, max(last, first + 1) + 0.1]
    return {"title": {"text": "epoch"}, "range": reach, "tick0": 0, "dtick": step, "tickformat": "d"}
