"""The charts of the shift's board: the share of rejects with its limits, and how photos went on day by day."""

from collections.abc import Sequence
from datetime import UTC, datetime

import plotly.graph_objects as go

from casting_core.judging.watch.counts import Counts
from casting_core.judging.watch.laney import Chart
from casting_core.judging.watch.shifts import Shift
from casting_core.wording import percent
from casting_core.workflows.watching.changes import Course
from pages.parts.charts.canvas import MIDDLE, TRAIN, blank

OUTSIDE = "#D55E00"
SOFT = "rgba(125, 140, 150, 0.25)"  # a grey band that is seen on white and on black
HEIGHT = 270  # pixels


def rejects(
    shifts: Sequence[Shift], counts: Sequence[Counts], chart: Chart | None, promotions: Sequence[tuple[float, str]]
) -> go.Figure:
    """The share of rejected parts of each shift, within the limits of a Laney p' chart where there is one.

    A dotted line marks when another version was put in production. Shifts without parts are left out.
    """
    there = [at for at, one in enumerate(counts) if one.judged]
    begins = [_local(shifts[at].start) for at in there]
    shares = [counts[at].rejected / counts[at].judged for at in there]
    told = [f"{shifts[at].name()}<br>{counts[at].rejected} of {counts[at].judged} parts rejected" for at in there]
    figure = blank(height=HEIGHT)
    if chart is not None:
        for limits, name in ((chart.upper, "limits"), (chart.lower, "")):
            edge = go.Scatter(x=begins, y=[limits[at] for at in there], mode="lines", hoverinfo="skip", name=name)
            edge.update(line={"color": MIDDLE, "dash": "dash", "width": 1, "shape": "hvh"}, showlegend=bool(name))
            figure.add_trace(edge)
        figure.add_hline(y=chart.centre, line={"color": MIDDLE, "width": 1})
    line = go.Scatter(x=begins, y=shares, mode="lines+markers", name="rejected", customdata=told)
    line.update(hovertemplate="%{customdata}<extra></extra>", line={"color": TRAIN}, marker={"size": 6})
    figure.add_trace(line)
    if chart is not None:
        beyond = [place for place, at in enumerate(there) if chart.outside[at]]
        marks = go.Scatter(x=[begins[one] for one in beyond], y=[shares[one] for one in beyond], mode="markers")
        marks.update(name="outside of the limits", hoverinfo="skip", showlegend=bool(beyond))
        figure.add_trace(marks.update(marker={"color": OUTSIDE, "symbol": "diamond", "size": 12}))
    for at, _name in promotions:
        figure.add_vline(x=_local(at), line={"color": MIDDLE, "dash": "dot", "width": 1})
    figure.update_layout(dragmode=False)
    figure.update_xaxes(fixedrange=True)
    return figure.update_yaxes(tickformat=".0%", rangemode="tozero", fixedrange=True)


def days(course: Course, *, unit: str) -> go.Figure:
    """A sign day by day: the median as a line, the middle eight tenths as bars; grey: castings it learned from."""
    figure = blank(height=HEIGHT)
    if course.usual is not None:
        low, middle, high = course.usual
        figure.add_hrect(y0=low, y1=high, line_width=0, fillcolor=SOFT)
        figure.add_hline(y=middle, line={"color": MIDDLE, "width": 1})
    middles = [middle for _, middle, _ in course.spread]
    line = go.Scatter(x=list(course.days), y=middles, mode="lines+markers", line={"color": TRAIN}, marker={"size": 6})
    line.update(
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - middle for _, middle, high in course.spread],
            "arrayminus": [middle - low for low, middle, _ in course.spread],
            "thickness": 1,
            "width": 3,
            "color": TRAIN,
        }
    )
    figure.add_trace(line.update(hovertemplate="%{x|%Y-%m-%d}: %{y:.4g}<extra></extra>", showlegend=False))
    figure.update_layout(dragmode=False)
    figure.update_xaxes(fixedrange=True)
    return figure.update_yaxes(title=unit, fixedrange=True)


def words(chart: Chart | None, counts: Sequence[Counts]) -> str:
    """What the chart of rejects shows, for who cannot see it."""
    shifts = sum(one.judged > 0 for one in counts)
    limits = "without limits yet" if chart is None else f"about {percent(chart.centre)}, with their limits"
    return f"share of rejected parts of {shifts} shifts, {limits}"


def _local(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone().replace(tzinfo=None)
