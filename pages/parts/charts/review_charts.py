"""The charts of judged castings, to be clicked: ROC and precision-recall."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from casting_core.domain import OperatingPoint
from casting_core.judging.operating_point.castings import THRESHOLDS, Castings
from pages.parts.charts.canvas import TRAIN, VALIDATION, blank

PERCENT = {"range": [-0.03, 1.03], "tickformat": ".0%", "fixedrange": True}


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
