"""The charts of a search for settings."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from casting_core.judging.objectives import Objective
from casting_core.learning.recipes.recipe import value_word, word_of
from casting_core.workflows.search.findings import Surface, marks, place
from casting_core.workflows.search.studies import Study
from casting_core.workflows.search.trials import Trial
from pages.parts.charts.canvas import MIDDLE, TRAIN, VALIDATION, blank

SCALE = [[0.0, "#d9e6ec"], [0.5, "#56a0bd"], [1.0, "#0b3c52"]]  # from worse to better, lightness alone tells it
GLOW = [[0.0, MIDDLE], [0.6, MIDDLE], [1.0, VALIDATION]]  # the same for lines, which must be seen on white and on black
TITLES = {Objective.F1: "F1", Objective.ESCAPES: "missed castings"}


def history(study: Study, done: Sequence[Trial]) -> go.Figure:
    """The value of every trial that came to its end, and the best so far as a line."""
    figure = blank(height=300)
    values = [trial.value or 0.0 for trial in done]
    best = [(max if study.plan.objective.more_is_better else min)(values[: end + 1]) for end in range(len(values))]
    numbers = [trial.number for trial in done]
    figure.add_trace(
        go.Scatter(
            x=numbers,
            y=values,
            name="trial",
            mode="markers",
            marker={"color": TRAIN, "size": 9},
            text=[told(trial) for trial in done],
            hovertemplate="trial %{x}: %{y}<br>%{text}<extra></extra>",
        )
    )
    line = go.Scatter(x=numbers, y=best, name="best so far", mode="lines", hoverinfo="skip")
    figure.add_trace(line.update(line_color=VALIDATION, line_shape="hv"))
    figure.update_layout(uirevision="keep")
    figure.update_xaxes(title="trial", tickformat="d", rangemode="tozero", dtick=max(1, -(-max(numbers) // 12)))
    return _objective_axis(figure, study)


def importance(shares: Mapping[str, float]) -> go.Figure:
    """How much each setting explains, the strongest on top."""
    figure = blank(height=90 + 40 * len(shares))
    names = list(shares)[::-1]
    bar = go.Bar(y=[word_of(name) for name in names], x=[shares[name] for name in names], orientation="h")
    figure.add_trace(bar.update(marker_color=TRAIN, text=[f"{shares[name]:.0%}" for name in names], width=0.6))
    figure.update_layout(showlegend=False)
    return figure.update_xaxes(range=[0, 1.05], tickformat=".0%", title="share of the ups and downs it explains")


def parallel(study: Study, done: Sequence[Trial]) -> go.Figure:
    """Every trial as a line through its settings; the better its value, the more orange the line."""
    figure = blank(height=340)
    values = [trial.value or 0.0 for trial in done]
    axes: list[dict[str, object]] = [
        {"label": TITLES[study.plan.objective], "values": values, "tickformat": _format(study)}
    ]
    for name, values_of in study.plan.space.ranges.items():
        ticks = marks(values_of)
        axes.append(
            {
                "label": word_of(name),
                "values": place(values_of, [trial.settings[name] for trial in done]),
                "range": [0, 1],
                "tickvals": list(ticks),
                "ticktext": [_tick(text) for text in ticks.values()],
            }
        )
    line = {"color": values, "colorscale": GLOW, "reversescale": not study.plan.objective.more_is_better}
    lines = go.Parcoords(
        dimensions=axes,
        line=line,
        labelside="top",
        rangefont={"color": "rgba(0,0,0,0)"},
        unselected={"line": {"opacity": 0.1}},
    )
    figure.add_trace(lines)
    return figure.update_layout(margin={"l": 60, "r": 60, "t": 50, "b": 20})


def contour(study: Study, found: Surface, along: str, across: str) -> go.Figure:
    """The objective over two settings, with the trials it was guessed from."""
    figure = blank(height=420)
    cells = [number / (len(found.height) - 1) for number in range(len(found.height))]
    surface = go.Contour(z=found.height, x=cells, y=cells, colorscale=SCALE, hoverinfo="skip", line={"width": 0.5})
    surface.update(
        colorbar={"title": TITLES[study.plan.objective], "tickformat": _format(study)},
        reversescale=not study.plan.objective.more_is_better,
    )
    figure.add_trace(surface)
    figure.add_trace(
        go.Scatter(
            x=found.along,
            y=found.across,
            mode="markers",
            marker={"color": VALIDATION, "size": 9, "line": {"width": 1, "color": "#1c2730"}},
            text=[f"trial {trial.number}: {trial.value:.4g}<br>{told(trial)}" for trial in found.trials],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.update_layout(showlegend=False)
    for axis, name in ((figure.layout.xaxis, along), (figure.layout.yaxis, across)):
        ticks = marks(study.plan.space.ranges[name])
        axis.update(title=word_of(name), tickvals=list(ticks), ticktext=[_tick(text) for text in ticks.values()])
        axis.update(range=[-0.03, 1.03], zeroline=False)
    return figure


def spread(study: Study, rows: Mapping[str, Sequence[float]]) -> go.Figure:
    """The values of the best few settings with other seeds, a point per seed, with their mean as a line."""
    figure = blank(height=110 + 45 * len(rows))
    names = list(rows)[::-1]
    for name in names:
        values = list(rows[name])
        points = go.Scatter(x=values, y=[name] * len(values), mode="markers", hovertemplate="%{x}<extra></extra>")
        figure.add_trace(points.update(marker={"color": TRAIN, "size": 11, "opacity": 0.7}))
        mean = go.Scatter(
            x=[sum(values) / len(values)], y=[name], mode="markers", hovertemplate="mean %{x}<extra></extra>"
        )
        figure.add_trace(
            mean.update(marker={"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": VALIDATION}})
        )
    figure.update_layout(showlegend=False).update_yaxes(range=[-0.6, len(names) - 0.4])
    title = TITLES[study.plan.objective]
    figure.update_xaxes(title=f"{title}; the line is the mean", zerolinecolor=MIDDLE)
    return figure.update_xaxes(tickformat=".0%") if study.plan.objective is Objective.ESCAPES else figure


def told(trial: Trial) -> str:
    """The settings of a trial in a line."""
    return ", ".join(
        f"{word_of(name)} {value_word(name, value)}" for name, value in trial.settings.items() if name != "seed"
    )


def _format(study: Study) -> str:
    return ".0%" if study.plan.objective is Objective.ESCAPES else ".3g"


def _tick(text: str) -> str:
    return {"True": "on", "False": "off"}.get(text, text)


def _objective_axis(figure: go.Figure, study: Study) -> go.Figure:
    figure.update_yaxes(title=TITLES[study.plan.objective])
    if study.plan.objective is Objective.ESCAPES:
        figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure
