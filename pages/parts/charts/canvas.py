"""The charts of the dashboard, as plotly figures; background and text are the theme's, so light and dark both work."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

TRAIN, VALIDATION = "#2a86a8", "#E69F00"  # lines of the two sides of a training
LINES = ("#2a86a8", "#E69F00", "#CC79A7", "#009E73", "#56B4E9", "#8a6d00", "#D55E00", "#0072B2")  # one per run
MIDDLE = "#7d8c96"  # a grey that is seen on white and on black
MARGIN = {"l": 8, "r": 8, "t": 24, "b": 8}  # pixels; what axes need is added
CALM = {"displayModeBar": False}


def show(figure: go.Figure, *, key: str, alt: str, **options: Any) -> Any:
    """Draws a chart in the width of its column; ``alt`` says in words what it shows."""
    return st.plotly_chart(figure, key=key, alt=alt, config=CALM, **options)


def blank(*, height: int) -> go.Figure:
    """An empty chart of this many pixels, as every chart of the dashboard begins."""
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    return go.Figure(layout={"height": height, "margin": MARGIN, "legend": legend})
