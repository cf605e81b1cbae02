"""The charts of the dashboard, as plotly figures; background and text are the theme's, so light and dark both work."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from casting_core.domain import Label
from pages.parts.shell.look import LABELS

TRAIN, VALIDATION = "#2a86a8", "#E69F00"  # lines of the two sides of a training
LINES = ("#2a86a8", "#E69F00", "#CC79A7", "#009E73", "#56B4E9", "#8a6d00", "#D55E00", "#0072B2")  # one per run
SHADES = [[0, "#dbe5ea"], [0.5, "#f6d89a"], [1, "#f2a679"]]  # of matrix cells: right, false alarms, missed defects
MIDDLE = "#7d8c96"  # a grey that is seen on white and on black
MARGIN = {"l": 8, "r": 8, "t": 24, "b": 8}  # pixels; what axes need is added
CALM = {"displayModeBar": False}


def show(figure: go.Figure, *, key: str, alt: str, **options: Any) -> Any:
    """Draws a chart in the width of its column; ``alt`` says in words what it shows."""
    return st.plotly_chart(figure, key=key, alt=alt, config=CALM, **options)


def counts(table: pd.DataFrame) -> go.Figure:
    """Photos per split and label as bars; ``table`` has the columns split, label and photos."""
    figure = blank(height=280)
    for label, look in LABELS.items():
        rows = table[table["label"] == label]
        bar = go.Bar(x=rows["split"], y=rows["photos"], name=look.word, marker_color=look.colour, text=rows["photos"])
        figure.add_trace(bar)
    return figure.update_layout(barmode="group", yaxis_title="photos")


def shares(table: pd.DataFrame) -> go.Figure:
    """The share of each label within every split, as one bar a split; the same table."""
    figure = blank(height=280)
    totals = table.groupby("split")["photos"].transform("sum")
    for label, look in LABELS.items():
        rows = table["label"] == label
        share = table.loc[rows, "photos"] / totals[rows]
        text = [f"{look.word} {value:.0%}" for value in share]
        bar = go.Bar(
            y=table.loc[rows, "split"], x=share, name=look.word, marker_color=look.colour, text=text, orientation="h"
        )
        figure.add_trace(bar.update(insidetextanchor="middle", textfont_color="white", textangle=0))
    return figure.update_layout(barmode="stack", xaxis_tickformat=".0%")


def bars(values: pd.Series, *, title: str) -> go.Figure:
    """How often each value occurs; ``values`` maps a name to a number."""
    figure = blank(height=240)
    names = [str(name) for name in values.index]
    figure.add_trace(go.Bar(x=names, y=values.to_numpy(), marker_color=TRAIN, text=values, width=0.5))
    return figure.update_layout(xaxis_title=title, yaxis_title="photos", xaxis_type="category")


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


def _points(table: pd.DataFrame, colour: Any) -> go.Scattergl:
    return go.Scattergl(
        x=table["x"],
        y=table["y"],
        mode="markers",
        marker={"color": colour, "size": 6 if len(table) > 500 else 9, "line": {"width": 0.5, "color": MIDDLE}},
        customdata=table[["photo", "path"]],
        hovertemplate="%{customdata[1]}<extra></extra>",
    )


def scores(table: pd.DataFrame, threshold: float) -> go.Figure:
    """How scores spread, per label, with the threshold; ``table`` has the columns score and label."""
    figure = blank(height=260)
    for label, look in LABELS.items():
        values = table.loc[table["label"] == label, "score"]
        bins = {"start": 0, "end": 1.0001, "size": 0.025}
        figure.add_trace(go.Histogram(x=values, name=look.word, marker_color=look.colour, opacity=0.7, xbins=bins))
    figure.update_xaxes(range=[-0.02, 1.02])
    figure.add_vline(threshold, line_dash="dash", line_color=MIDDLE, annotation_text=f"threshold {threshold:g}")
    return figure.update_layout(barmode="overlay", xaxis_title="score: probability of defective", yaxis_title="photos")


def blank(*, height: int) -> go.Figure:
    """An empty chart of this many pixels, as every chart of the dashboard begins."""
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return go.Figure(layout={"height": height, "margin": MARGIN, "legend": legend})
