"""The charts of runs: how figures went on from batch to batch and from epoch to epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from casting_core.domain import Label
from casting_core.learning.events import ShareDone
from pages.parts.charts import LINES, MIDDLE, TRAIN, VALIDATION, blank
from pages.parts.look import FALSE_ALARM, LABELS, MISSED

DASHES = ("dash", "dashdot", "longdash", "longdashdot", "dot")  # of runs laid over, for lines that meet
POINTS = 250  # of a line within epochs; more than pixels only cost time
HEIGHT, GAP = 860, 0.065  # of the board: pixels, and the share of it between two rows


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
    whole = sum(row.height for row in rows) + GAP * (len(rows) - 1)
    figure, top = blank(height=round(HEIGHT * whole) + 40), 1.0
    for number, row in enumerate(rows, start=1):
        axis, bottom = _nth("y", number), top - row.height / whole
        _within(figure, row, batches, axis)
        _at_ends(figure, row, epochs, axis)
        _laid_over(figure, row, others, axis)
        _frame(figure, row, number, bottom=max(0.0, bottom), top=top, tables=[epochs, batches, *others.values()])
        top = bottom - GAP / whole
    figure.update_layout(hovermode="x unified", hoversubplots="axis", uirevision="keep")
    figure.update_traces(xaxis="x")
    last = max([0.0, *(float(table["epoch"].max()) for table in (epochs, batches, *others.values()) if len(table))])
    _epochs(figure, first=0 if len(batches) else 1, last=last)
    return figure.update_xaxes(anchor=_nth("y", len(rows)), unifiedhovertitle_text="epoch %{x}")


def _within(figure: go.Figure, row: Row, batches: pd.DataFrame, axis: str) -> None:
    """What a row shows within epochs: each batch faintly, and smoothed."""
    if row.title not in batches:
        return
    for column, width, opacity in ((row.title, 1, 0.25), (f"smooth_{row.title}", 1.5, 0.6)):
        line = go.Scatter(x=batches["epoch"], y=batches[column], mode="lines", yaxis=axis, showlegend=False)
        figure.add_trace(line.update(line_color=TRAIN, line_width=width, opacity=opacity, hoverinfo="skip"))


def _at_ends(figure: go.Figure, row: Row, epochs: pd.DataFrame, axis: str) -> None:
    """What a row shows at the ends of epochs; a line that is alone needs no name."""
    for line in row.lines:
        if line.column not in epochs:
            continue
        drawn = go.Scatter(x=epochs["epoch"], y=epochs[line.column], name=line.name, mode="lines+markers", yaxis=axis)
        look = {"line_color": line.colour, "line_dash": line.dash, "marker_size": 5 if len(epochs) < 40 else 3}
        look["showlegend"] = len(row.lines) > 1
        figure.add_trace(drawn.update(**look, legend=f"legend{axis[1:]}", hovertemplate=_hover(row, line.name)))


def _laid_over(figure: go.Figure, row: Row, others: Mapping[str, pd.DataFrame], axis: str) -> None:
    """One line of every other run, named in the first row for all. Runs of one seed may meet: each has its own gaps."""
    for number, (name, epochs) in enumerate(others.items()):
        if row.laid_over not in epochs:
            continue
        word = next(line.name for line in row.lines if line.column == row.laid_over)
        drawn = go.Scatter(x=epochs["epoch"], y=epochs[row.laid_over], name=name, mode="lines", yaxis=axis)
        look = {"line_color": LINES[(number + 2) % len(LINES)], "line_dash": DASHES[number % len(DASHES)]}
        hover = _hover(row, f"{name}, {word}")
        told = {"hovertemplate": hover, "legendgroup": name, "showlegend": axis == "y"}
        figure.add_trace(drawn.update(**look, **told, line_width=1.5))


def _hover(row: Row, name: str) -> str:
    """One line of what the mouse reads: row, curve and value."""
    return f"{row.title}, {name}: %{{y:{row.value}}}<extra></extra>"


def _frame(
    figure: go.Figure, row: Row, number: int, *, bottom: float, top: float, tables: Sequence[pd.DataFrame]
) -> None:
    """The axis of a row, and its legend above it."""
    axis = {"domain": [bottom, top], "title": {"text": row.title}, "anchor": "x"}
    figure.update_layout({f"yaxis{_nth('', number)}": axis})
    legend = {"orientation": "h", "y": top, "yanchor": "bottom", "x": 1, "xanchor": "right", "font": {"size": 11}}
    figure.update_layout({f"legend{_nth('', number)}": legend})
    columns = {*(line.column for line in row.lines), row.laid_over}
    values = [table[column] for table in tables for column in table.columns if column in columns]
    _scale(figure, values, row=row, axis=_nth("y", number))


def curves(epochs: pd.DataFrame, figure_name: str) -> go.Figure:
    """Loss or accuracy of a version, train and validation.

    ``epochs`` has the columns epoch, ``figure_name`` and ``validation_<figure_name>``.
    """
    figure, row = blank(height=320), next(row for row in ROWS if row.title == figure_name)
    for line in row.lines:
        drawn = go.Scatter(x=epochs["epoch"], y=epochs[line.column], name=line.name, mode="lines+markers")
        figure.add_trace(drawn.update(line_color=line.colour, line_dash=line.dash))
    figure.update_layout(yaxis_title=figure_name, hovermode="x unified")
    values = [epochs[line.column] for line in row.lines]
    _scale(figure, values, row=row, axis="y")
    return _epochs(figure, first=1, last=float(epochs["epoch"].max()))


def learning_curve(points: Sequence[ShareDone]) -> go.Figure:
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


def _scale(figure: go.Figure, lines: Sequence[pd.Series], *, row: Row, axis: str) -> None:
    """Lets the y axis end where values can: shares at 1, all at 0."""
    name, least = f"yaxis{axis[1:]}", min((float(line.min()) for line in lines if len(line)), default=0.0)
    if row.share:
        reach = {"range": [max(0.0, np.floor(10 * least - 0.5) / 10), 1.01]}
        figure.update_layout({name: reach | ({"tickformat": ".0%"} if row.value.endswith("%") else {})})
    else:
        figure.update_layout({name: {"rangemode": "tozero", "nticks": 6}})


def _epochs(figure: go.Figure, *, first: float, last: float) -> go.Figure:
    """Counts epochs along the x axis in whole numbers, a dozen of them at most."""
    step = max(1, int(np.ceil(last / 12)))
    reach = [first - 0.1, max(last, first + 1) + 0.1]
    return figure.update_xaxes(title="epoch", range=reach, tick0=0, dtick=step, tickformat="d")
