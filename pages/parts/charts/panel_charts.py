"""The charts of a panel: what a version bears, whether its scores mean what they say, and how it orders castings."""

import plotly.graph_objects as go

from casting_core.data.imaging.disturbances import Disturbance
from casting_core.domain import Label
from casting_core.judging.panel.curves import Curves
from casting_core.judging.panel.reliability import Reliability
from casting_core.judging.panel.stress import LADDERS, StressCurve, right, wrong_in
from casting_core.wording import at_most
from pages.parts.charts.canvas import MIDDLE, TRAIN, VALIDATION, blank
from pages.parts.shell.look import LABELS

LEGEND = (
    "Castings judged rightly: ● ok, ◆ defective. Dotted, and bold below: as taken. Grey bars: photos that the gate "
    "turns away, so that a person is asked for another one."
)
MARKS = {Label.OK: ("circle", "solid"), Label.DEFECTIVE: ("diamond", "dash")}  # never a colour alone
TITLES = {
    Disturbance.LIGHT: "light, %",
    Disturbance.GAMMA: "gamma",
    Disturbance.CONTRAST: "contrast, %",
    Disturbance.BLUR: "blur, px",
    Disturbance.NOISE: "noise, grey levels",
    Disturbance.JPEG: "JPEG quality",
    Disturbance.TURN: "turn, degrees",
    Disturbance.SHIFT: "shift, % of the side",
}
PERCENT = {"range": [-0.03, 1.03], "tickformat": ".0%", "fixedrange": True}


def stress(curve: StressCurve) -> go.Figure:
    """The share of castings of each class judged rightly, by the strength of one disturbance."""
    figure = blank(height=210)
    ticks = [_tick(curve, point.strength) for point in curve.points]
    refused = [point.refused / max(1, point.asked) for point in curve.points]
    turned = [f"the gate turns away {point.refused} of {point.asked} photos" for point in curve.points]
    bars = go.Bar(x=ticks, y=refused, customdata=turned, hovertemplate="%{customdata}<extra></extra>")
    figure.add_trace(bars.update(marker_color=MIDDLE, opacity=0.35, width=0.5))
    for label in Label:
        found = [wrong_in(point.outcomes, label) for point in curve.points]
        mark, dash = MARKS[label]
        line = go.Scatter(x=ticks, y=[right(one) for one in found], mode="lines+markers", cliponaxis=False)
        line.update(marker={"color": LABELS[label].colour, "symbol": mark, "size": 8})
        line.update(line={"color": LABELS[label].colour, "dash": dash})
        words = [f"{one.n - one.wrong} of {one.n} {label.word} castings right; {at_most(one)} wrong" for one in found]
        figure.add_trace(line.update(customdata=words, hovertemplate="%{x}: %{customdata}<extra></extra>"))
    if curve.as_taken.balanced is not None:
        figure.add_hline(curve.as_taken.balanced, line_dash="dot", line_color=MIDDLE)
    figure.update_xaxes(type="category", title=TITLES[curve.disturbance], fixedrange=True, tickangle=0)
    return figure.update_yaxes(**PERCENT).update_layout(showlegend=False)


def calibration(found: Reliability) -> go.Figure:
    """The share of defective castings by score; the larger a point, the more of them lie in its bin."""
    figure = blank(height=300)
    figure.add_trace(_straight((0, 1), "as it should be"))
    points = go.Scatter(
        x=[one.score for one in found.bins],
        y=[one.defective for one in found.bins],
        mode="lines+markers",
        name="this version",
        line={"color": TRAIN},
        marker={"size": [8 + 24 * one.weight**0.5 for one in found.bins]},
        customdata=[f"{one.castings} castings, {one.photos} photos" for one in found.bins],
        hovertemplate="score %{x:.2f}: %{y:.0%} defective (%{customdata})<extra></extra>",
        cliponaxis=False,
    )
    figure.add_trace(points)
    figure.update_xaxes(title="score", range=[-0.02, 1.02], fixedrange=True)
    return figure.update_yaxes(title="share defective", **PERCENT)


def roc(found: Curves) -> go.Figure:
    """Defective castings found against ok castings rejected, with the point of the threshold."""
    figure = blank(height=300)
    figure.add_trace(_straight((0, 1), "a guess"))
    figure.add_trace(_curve(found.false_alarms, found.found, f"AUC {found.auc:.3f}", shape="hv"))
    figure.add_trace(_here(found.at.false_alarms, found.at.recall))
    figure.update_xaxes(title="ok castings rejected", **PERCENT)
    return figure.update_yaxes(title="defective castings found", **PERCENT)


def precision_recall(found: Curves) -> go.Figure:
    """Of those rejected the share that is defective, against defective castings found; both classes as many."""
    figure = blank(height=300)
    figure.add_trace(_straight((0.5, 0.5), "a guess"))
    name = f"average precision {found.average_precision:.3f}"
    figure.add_trace(_curve(found.recall, found.precision, name, shape="linear"))
    if found.at.precision is not None:
        figure.add_trace(_here(found.at.recall, found.at.precision))
    figure.update_xaxes(title="defective castings found", **PERCENT)
    return figure.update_yaxes(title="of those rejected, defective", **PERCENT)


def _tick(curve: StressCurve, strength: float) -> str:
    ladder = LADDERS[curve.disturbance]
    told = f"{100 * strength:g}" if ladder.share else f"{strength:g}"  # signs of percent would lie over each other
    if strength == ladder.as_taken:
        return "<b>none</b>" if curve.disturbance is Disturbance.JPEG else f"<b>{told}</b>"
    return told


def _straight(ends: tuple[float, float], name: str) -> go.Scatter:
    line = {"color": MIDDLE, "dash": "dot"}
    return go.Scatter(x=[0, 1], y=ends, mode="lines", name=name, line=line, hoverinfo="skip")


def _curve(x: tuple[float, ...], y: tuple[float, ...], name: str, *, shape: str) -> go.Scatter:
    line = {"color": TRAIN, "shape": shape}
    return go.Scatter(x=x, y=y, mode="lines", name=name, line=line, cliponaxis=False)


def _here(x: float, y: float) -> go.Scatter:
    mark = {"color": VALIDATION, "size": 13, "symbol": "star", "line": {"width": 1, "color": "#1c2730"}}
    return go.Scatter(x=[x], y=[y], mode="markers", name="its threshold", marker=mark, cliponaxis=False)
