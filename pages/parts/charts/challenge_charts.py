"""The chart of challenge parts: how far each lies from being judged wrongly, over time."""

import pandas as pd
import plotly.graph_objects as go

from casting_core.workflows.challenge.values import PREFIX
from pages.parts.charts.canvas import LINES, MIDDLE, blank

MARKS = ("circle", "diamond", "square", "cross", "x", "triangle-up", "star", "hexagon")  # never a colour alone


def margins(table: pd.DataFrame) -> go.Figure:
    """A line per part with a point per photo; below the line at 0 a part is judged wrongly.

    ``table`` has the columns at, part, label, margin and word, the oldest row first.
    """
    figure = blank(height=360)
    for number, (part, rows) in enumerate(table.groupby("part", sort=True)):
        colour = LINES[number % len(LINES)]
        words = [f"{label}, judged {word}" for label, word in zip(rows["label"], rows["word"], strict=True)]
        name = f"{str(part).removeprefix(PREFIX)} {rows['label'].iloc[0]}"  # short: on a telephone several share a line
        line = go.Scatter(x=rows["at"], y=rows["margin"], name=name, customdata=words)
        line.update(mode="lines+markers", line={"color": colour, "width": 2})
        line.update(marker={"symbol": MARKS[number % len(MARKS)], "size": 8, "color": colour})
        figure.add_trace(line.update(hovertemplate="%{x|%Y-%m-%d %H:%M}: margin %{y:.3f}, %{customdata}"))
    figure.add_hline(0, line_color=MIDDLE, line_width=3)
    place = {"xref": "paper", "x": 0.01, "y": 0, "xanchor": "left", "yanchor": "top", "showarrow": False}
    figure.add_annotation(text="judged wrongly below this line", font={"color": MIDDLE}, **place)
    figure.update_xaxes(title="judged, UTC", fixedrange=True)
    return figure.update_yaxes(title="margin, difference of scores", fixedrange=True, rangemode="tozero")
