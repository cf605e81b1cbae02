"""The charts of judged photos, to be clicked: the confusion matrix, how scores spread, ROC and precision-recall."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from casting_core.domain import Label, OperatingPoint
from casting_core.judging.operating_point.castings import THRESHOLDS, Castings
from pages.parts.charts.canvas import MIDDLE, TRAIN, VALIDATION, blank
from pages.parts.shell.look import LABELS

BIN = 0.025  # of scores: the width of a bar
PERCENT = {"range": [-0.03, 1.03], "tickformat": ".0%", "fixedrange": True}
SHADES = [[0, "#dbe5ea"], [0.5, "#f6d89a"], [1, "#f2a679"]]  # of matrix cells: right, false alarms, missed defects


def confusion(matrix: Sequence[Sequence[int]], chosen: tuple[int, int] | None) -> go.Figure:
    """The confusion matrix, to be clicked: rows are the truth, columns what the model said; the chosen cell is framed.

    A plotly heat map gives no selection, so transparent squares lie over it and catch the click; ``customdata`` of a
    square is its (truth, prediction).
    """
    words = [LABELS[label].word for label in Label]
    names = [["ok, passed", "false alarm"], ["missed", "found"]]
    figure = blank(height=340)
    cells = [(truth, said) for truth in (0, 1) for said in (0, 1)]
    shade = [
        [0, 1 if matrix[0][1] else 0],
        [2 if matrix[1][0] else 0, 0],
    ]  # one missed defect stands out like a hundred
    heat = go.Heatmap(z=shade, zmin=0, zmax=2, colorscale=SHADES, showscale=False, hoverinfo="skip", xgap=3, ygap=3)
    figure.add_trace(heat)
    figure.add_trace(
        go.Scatter(
            x=[said for _, said in cells],
            y=[truth for truth, _ in cells],
            mode="markers+text",
            text=[f"<b>{matrix[truth][said]}</b><br>{names[truth][said]}" for truth, said in cells],
            textfont={"size": 18, "color": "#1c2730"},
            marker={"symbol": "square", "size": 110, "color": "rgba(0,0,0,0.001)"},
            customdata=[list(cell) for cell in cells],
            hoverinfo="none",  # "skip" would swallow the click
            unselected={"marker": {"opacity": 1}, "textfont": {"color": "#1c2730"}},
            selected={"textfont": {"color": "#1c2730"}},
        )
    )
    if chosen is not None:
        truth, said = chosen
        # Within the cell, which is light on a dark page, too; on its border a dark frame would be lost there.
        frame = {"x0": said - 0.47, "x1": said + 0.47, "y0": truth - 0.46, "y1": truth + 0.46}
        figure.add_shape(type="rect", **frame, line={"color": "#1c2730", "width": 4})
    axis = {"tickvals": [0, 1], "range": [-0.5, 1.5], "showgrid": False, "zeroline": False, "fixedrange": True}
    figure.update_layout(showlegend=False, clickmode="event+select", dragmode=False)
    figure.update_xaxes(**axis, ticktext=[f"judged {word}" for word in words], side="top")
    return figure.update_yaxes(**(axis | {"range": [1.5, -0.5]}), ticktext=[f"is {word}" for word in words])


def scores(table: pd.DataFrame, point: OperatingPoint) -> go.Figure:
    """How scores spread, per label, with the thresholds, to be clicked; ``table`` has the columns score and label.

    ``customdata`` of a bar is its label and the score that it begins with.
    """
    figure = blank(height=260)
    edges = np.round(np.arange(0, 1 + BIN / 2, BIN), 6)
    for label, look in LABELS.items():
        number, _ = np.histogram(table.loc[table["label"] == label, "score"], edges)
        figure.add_trace(
            go.Bar(
                x=edges[:-1] + BIN / 2,
                y=number,
                width=BIN,
                name=look.word,
                marker_color=look.colour,
                opacity=0.7,
                customdata=[[int(label), float(low)] for low in edges[:-1]],
                hovertemplate="%{y} photos from %{customdata[1]:.3f} on",
                selected={"marker": {"opacity": 0.7}},
                unselected={"marker": {"opacity": 0.7}},
            )
        )
    figure.update_xaxes(range=[-0.02, 1.02])
    for limit in sorted({point.threshold, point.rejects_from}):
        figure.add_vline(limit, line_dash="dash", line_color=MIDDLE, annotation_text=f"threshold {limit:g}")
    return figure.update_layout(
        barmode="overlay",
        bargap=0,
        clickmode="event+select",
        dragmode=False,
        xaxis_title="score: 0 speaks for ok, 1 for defective",
        yaxis_title="photos",
    )


def roc(found: Castings, point: OperatingPoint) -> go.Figure:
    """Defective castings found against ok castings rejected, to be clicked; ``customdata`` of a point is its threshold.

    There is a point for each threshold at which something else happens, and a star for that of ``point``.
    """
    at, rejected, recall = _thresholds(found)
    figure = _curve(rejected, recall, at, shape="hv")
    star = np.array([point.threshold])
    figure.add_trace(_star(found.stopped(star) / len(found.ok), 1 - found.escaped(star) / len(found.defective)))
    figure.update_xaxes(title="ok castings rejected", **PERCENT)
    return figure.update_yaxes(title="defective castings found", **PERCENT)


def precision_recall(found: Castings, point: OperatingPoint) -> go.Figure:
    """Of those rejected the share that is defective, were both classes as many, against defective castings found."""
    at, rejected, recall = _thresholds(found)
    some = recall + rejected > 0
    figure = _curve(recall[some], (recall / np.maximum(recall + rejected, 1e-12))[some], at[some], shape="linear")
    star = np.array([point.threshold])
    here, alarms = 1 - found.escaped(star) / len(found.defective), found.stopped(star) / len(found.ok)
    if here[0] + alarms[0] > 0:
        figure.add_trace(_star(here, here / (here + alarms)))
    figure.update_xaxes(title="defective castings found", **PERCENT)
    return figure.update_yaxes(title="of those rejected, defective", **PERCENT)


def _thresholds(found: Castings) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Thresholds, the middle one of those that serve alike, and the shares of ok and of defective castings rejected."""
    escaped, stopped = found.escaped(THRESHOLDS), found.stopped(THRESHOLDS)
    groups = np.split(np.arange(len(THRESHOLDS)), np.flatnonzero(np.diff(escaped) | np.diff(stopped)) + 1)
    middles = np.array([group[len(group) // 2] for group in groups])
    rejected, recall = stopped[middles] / len(found.ok), 1 - escaped[middles] / len(found.defective)
    return THRESHOLDS[middles], rejected, recall


def _curve(x: NDArray[np.float64], y: NDArray[np.float64], at: NDArray[np.float64], *, shape: str) -> go.Figure:
    figure = blank(height=340)
    line = go.Scatter(x=x, y=y, mode="lines+markers", customdata=at, cliponaxis=False, name="this version")
    line.update(line={"color": TRAIN, "shape": shape}, marker={"size": 7})
    line.update(hovertemplate="threshold %{customdata:.3f}<extra></extra>", unselected={"marker": {"opacity": 1}})
    figure.add_trace(line)
    return figure.update_layout(clickmode="event+select", dragmode=False)


def _star(x: NDArray[np.float64], y: NDArray[np.float64]) -> go.Scatter:
    mark = {"color": VALIDATION, "size": 14, "symbol": "star", "line": {"width": 1, "color": "#1c2730"}}
    return go.Scatter(x=x, y=y, mode="markers", name="the threshold", marker=mark, cliponaxis=False, hoverinfo="skip")
