"""The charts of a dataset: how many photos of what, and how they look taken together."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.wording import percent
from pages.parts.charts.canvas import LINES, MIDDLE, TRAIN, blank
from pages.parts.shell.look import LABELS

WHOLE = "%{y:,}"  # numbers of photos on their bars, as all other numbers are written


def counts(table: pd.DataFrame) -> go.Figure:
    """Photos per split and label as bars; ``table`` has the columns split, label and photos."""
    figure = blank(height=280)
    for label, look in LABELS.items():
        rows = table[table["label"] == label]
        bar = go.Bar(x=rows["split"], y=rows["photos"], name=look.word, marker_color=look.colour, texttemplate=WHOLE)
        figure.add_trace(bar)
    return figure.update_layout(barmode="group", yaxis_title="photos", yaxis_tickformat=",")


def shares(table: pd.DataFrame) -> go.Figure:
    """The share of each label within every split, as one bar a split; the same table."""
    figure = blank(height=280)
    totals = table.groupby("split")["photos"].transform("sum")
    for label, look in LABELS.items():
        rows = table["label"] == label
        share = table.loc[rows, "photos"] / totals[rows]
        text = [f"{look.word} {percent(value)}" for value in share]
        bar = go.Bar(
            y=table.loc[rows, "split"], x=share, name=look.word, marker_color=look.colour, text=text, orientation="h"
        )
        figure.add_trace(bar.update(insidetextanchor="middle", textfont_color="white", textangle=0))
    return figure.update_layout(barmode="stack", xaxis_tickformat=".0%")


def bars(values: pd.Series, *, title: str) -> go.Figure:
    """How often each value occurs; ``values`` maps a name to a number."""
    figure = blank(height=240)
    names = [str(name) for name in values.index]
    figure.add_trace(go.Bar(x=names, y=values.to_numpy(), marker_color=TRAIN, texttemplate=WHOLE, width=0.5))
    return figure.update_layout(xaxis_title=title, yaxis_title="photos", xaxis_type="category", yaxis_tickformat=",")


def grey_levels(histogram: Mapping[Label, NDArray[np.float64]]) -> go.Figure:
    """The share of pixels at each grey level, one line per label."""
    figure = blank(height=280)
    for label, share in histogram.items():
        look = LABELS[label]
        line = go.Scatter(x=np.arange(256), y=share, name=look.word, line_color=look.colour, fill="tozeroy")
        figure.add_trace(line)
    title = "grey level (0 black, 255 white)"
    figure.update_layout(xaxis_title=title, yaxis_title="share of pixels", hovermode="x unified")
    return figure.update_yaxes(tickformat=".1%")


def difference(levels: NDArray[np.float64]) -> go.Figure:
    """Mean defective photo minus mean ok photo; blue where ok photos are brighter, orange where defective ones are."""
    reach = float(np.abs(levels).max()) or 1.0
    scale = [[0.0, LABELS[Label.OK].colour], [0.5, "#f2f2f2"], [1.0, LABELS[Label.DEFECTIVE].colour]]
    heat = go.Heatmap(z=levels[::3, ::3], zmin=-reach, zmax=reach, colorscale=scale, colorbar_title="grey levels")
    figure = blank(height=300).add_trace(heat)
    figure.update_xaxes(visible=False)
    return figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x")


def photo_map(table: pd.DataFrame, colour: str) -> go.Figure:
    """Photos as points; ``table`` has the columns photo, x, y, path and ``colour``: label, casting or score.

    ``customdata`` of a point is its (photo, path). A line drawn around points chooses them.
    """
    figure = blank(height=520)
    if colour == "label":
        for label, look in LABELS.items():
            figure.add_trace(_points(table[table["label"] == label], look.colour).update(name=look.word))
    elif colour == "casting":
        figure.add_trace(_points(table, [LINES[int(number) % len(LINES)] for number in table["casting"]]))
    else:
        figure.add_trace(_points(table, table["score"]))
        scale = [[0.0, LABELS[Label.OK].colour], [1.0, LABELS[Label.DEFECTIVE].colour]]
        figure.update_traces(marker={"colorscale": scale, "cmin": 0, "cmax": 1, "colorbar": {"title": "score"}})
    figure.update_layout(dragmode="lasso", showlegend=colour == "label")
    return figure.update_xaxes(visible=False).update_yaxes(visible=False)


def _points(table: pd.DataFrame, colour: Any) -> go.Scatter:
    # Drawn without WebGL, which remote desktops and many machines on a shop floor lack: they would show nothing at all.
    return go.Scatter(
        x=table["x"],
        y=table["y"],
        mode="markers",
        marker={"color": colour, "size": 6 if len(table) > 500 else 9, "line": {"width": 0.5, "color": MIDDLE}},
        customdata=table[["photo", "path"]],
        hovertemplate="%{customdata[1]}<extra></extra>",
    )
