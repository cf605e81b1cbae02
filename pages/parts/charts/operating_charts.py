"""The charts of an operating point: castings by score, with the thresholds."""

import numpy as np
import plotly.graph_objects as go

from casting_core.domain import Label, OperatingPoint
from casting_core.judging.operating_point.castings import Castings
from pages.parts.charts.canvas import MIDDLE, blank
from pages.parts.shell.look import LABELS

BINS = np.linspace(0, 1, 41)


def castings(found: Castings, point: OperatingPoint, *, now: OperatingPoint) -> go.Figure:
    """How many castings of each label have which score; ok castings stand upwards, defective ones hang downwards.

    The thresholds of ``point`` are drawn through, those in force now dashed; what a person would look at is shaded.
    """
    figure = blank(height=300)
    for label, scores, side in ((Label.OK, found.ok, 1), (Label.DEFECTIVE, found.defective, -1)):
        number, _ = np.histogram(scores, BINS)
        figure.add_trace(
            go.Bar(
                x=(BINS[1:] + BINS[:-1]) / 2,
                y=side * number,
                width=BINS[1] - BINS[0],
                name=LABELS[label].word,
                marker_color=LABELS[label].colour,
                customdata=number,
                hovertemplate="%{customdata} castings, score about %{x:.3f}",
            )
        )
    if point.rejects_from > point.threshold:
        figure.add_vrect(point.threshold, point.rejects_from, fillcolor=MIDDLE, opacity=0.15, line_width=0)
    for limit in sorted({point.threshold, point.rejects_from}):
        figure.add_vline(limit, line_color=MIDDLE, line_width=3, annotation_text=f"{limit:g}")
    if now.limits != point.limits:
        for limit in sorted({now.threshold, now.rejects_from}):
            figure.add_vline(limit, line_dash="dot", line_color=MIDDLE, annotation_text=f"now {limit:g}")
    figure.update_layout(barmode="relative", bargap=0, xaxis_title="score of the photo that decides about a casting")
    figure.update_xaxes(range=[-0.02, 1.02])
    top = max(1, *(int(np.abs(trace.y).max()) for trace in figure.data))
    step = max(1, round(top / 4))
    ticks = list(range(-4 * step, 5 * step, step))
    return figure.update_yaxes(title="castings", tickvals=ticks, ticktext=[str(abs(tick)) for tick in ticks])
