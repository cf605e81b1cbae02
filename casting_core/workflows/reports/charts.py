"""Charts of a report, drawn as SVG of our own: greys and dashes, so that they are read in a black-and-white print, too.

Only numbers and our own words are drawn; no text from outside comes into a drawing.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence

from casting_core.domain import Label

WIDTH, HEIGHT = 300, 152  # units of a drawing
LEFT, RIGHT, TOP, BOTTOM = 34, 292, 20, 122  # of the field that is drawn on
INK, SOFT, LINE = "#1d2733", "#9aa4ae", "#d9dee3"
FONT = 'font-family="Libertinus Serif" font-size="11"'
BINS = 20  # of a histogram of scores
LEAST = 1.6  # units that a bar is high at least: one photo of thousands must be seen

Scale = Callable[[float], float]


def curves(lines: Sequence[tuple[str, Sequence[float]]], *, best: int, from_zero: bool = True) -> str:
    """Values by epoch, the first line solid, the second dashed; ``best`` is the epoch that is marked.

    The axis begins at nothing, or ``from_zero`` is false and it begins at the lowest value.
    """
    values = [value for _, line in lines for value in line if math.isfinite(value)]
    epochs = max((len(line) for _, line in lines), default=1)
    ticks = _ticks(min([0.0, *values] if from_zero else [*values, 1.0]), max([*values, 1e-9]))
    across, up = _scale(1, max(epochs, 2), LEFT, RIGHT), _scale(ticks[0], ticks[-1], BOTTOM, TOP)
    drawn = _grid(ticks, up)
    drawn += [_text(across(epoch), BOTTOM + 13, str(epoch), "middle") for epoch in sorted({1, best, epochs})]
    drawn.append(_text((LEFT + RIGHT) / 2, HEIGHT - 4, "epoch", "middle"))
    drawn.append(_line(across(best), TOP, across(best), BOTTOM, colour=SOFT, dash="1.5 2.5"))
    for place, (name, line) in enumerate(lines):
        points = [(across(at), up(value)) for at, value in enumerate(line, start=1) if math.isfinite(value)]
        drawn.append(_path(points, width=1.4, dash="" if place == 0 else "4 2.5"))
        drawn += _key(LEFT + 90 * place, TOP - 8, name, dash="" if place == 0 else "4 2.5")
    return _svg(drawn)


def histogram(scores: Sequence[float], labels: Sequence[int], *, threshold: float, upper: float | None = None) -> str:
    """How many photos have which score: defective ones upwards and dark, ok ones downwards and light.

    ``upper`` is the second threshold, where there are two.
    """
    counts = {label: [0] * BINS for label in Label}
    for score, label in zip(scores, labels, strict=True):
        counts[Label(label)][min(int(score * BINS), BINS - 1)] += 1
    most = max(max(counts[label]) for label in Label) or 1
    middle, reach = (TOP + BOTTOM) / 2, (BOTTOM - TOP) / 2 - 12
    across = _scale(0, 1, LEFT, RIGHT)
    drawn = [_line(LEFT, middle, RIGHT, middle, colour=INK)]
    for label, way, colour in ((Label.DEFECTIVE, -1, INK), (Label.OK, 1, SOFT)):
        for place, number in enumerate(counts[label]):
            if number:
                x, wide = across(place / BINS) + 0.7, (RIGHT - LEFT) / BINS - 1.4
                high = max(LEAST, reach * number / most)
                drawn.append(_bar(x, middle if way > 0 else middle - high, wide, high, colour))
                beyond = middle + way * (high + 3) + (6.5 if way > 0 else -0.5)
                drawn.append(_text(x + wide / 2, beyond, f"{number:,}", "middle", size=8.5))
    drawn.append(_line(across(threshold), TOP - 12, across(threshold), BOTTOM, colour=INK, dash="4 2.5"))
    if upper is not None:
        drawn.append(_line(across(upper), TOP, across(upper), BOTTOM, colour=INK, dash="4 2.5"))
    side = "start" if threshold <= 0.5 else "end"
    beside = across(threshold) + (4 if side == "start" else -4)
    drawn.append(_text(beside, TOP - 5, f"threshold {threshold:.3g}", side))
    drawn += [_text(across(at), BOTTOM + 13, f"{at:g}", "middle") for at in (0, 0.25, 0.5, 0.75, 1)]
    drawn.append(_text((LEFT + RIGHT) / 2, HEIGHT - 4, "score", "middle"))
    drawn.append(_turned(LEFT - 12, middle - reach / 2, "defective"))
    drawn.append(_turned(LEFT - 12, middle + reach / 2, "ok"))
    return _svg(drawn)


def roc(scores: Sequence[float], labels: Sequence[int], *, threshold: float) -> str:
    """The ROC curve of photos, with the threshold in use as a dot; a dashed line is a guess. Empty with one class."""
    bad = sorted(score for score, label in zip(scores, labels, strict=True) if label == Label.DEFECTIVE)
    good = sorted(score for score, label in zip(scores, labels, strict=True) if label == Label.OK)
    if not bad or not good:
        return ""
    left, right = LEFT + 44, LEFT + 44 + (BOTTOM - TOP)
    across, up = _scale(0, 1, left, right), _scale(0, 1, BOTTOM, TOP)

    def at(limit: float) -> tuple[float, float]:
        found, alarms = (1 - bisect_left(some, limit) / len(some) for some in (bad, good))
        return across(alarms), up(found)

    drawn = [_line(left, up(tick), right, up(tick), colour=LINE) for tick in (0, 0.5, 1)]
    drawn += [_text(left - 5, up(tick) + 3.5, f"{tick:g}", "end") for tick in (0, 0.5, 1)]
    drawn += [_text(across(tick), BOTTOM + 13, f"{tick:g}", "middle") for tick in (0, 0.5, 1)]
    drawn.append(_line(across(0), up(0), across(1), up(1), colour=SOFT, dash="1.5 2.5"))
    steps = [(across(0), up(0)), *_corners([at(limit) for limit in sorted({*bad, *good}, reverse=True)])]
    drawn.append(_path(steps, width=1.4))
    x, y = at(threshold)
    drawn.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="3.2" fill="white" stroke="{INK}" stroke-width="1.4"/>')
    drawn.append(_text(x + 8, y + 12, f"threshold {threshold:.3g}", "start"))
    drawn.append(_text((left + right) / 2, HEIGHT - 4, "share of ok photos rejected", "middle"))
    drawn.append(_turned(left - 24, (TOP + BOTTOM) / 2, "defective rejected"))
    return _svg(drawn)


def _corners(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Only where the line turns: thousands of photos need no thousands of points."""
    kept: list[tuple[float, float]] = []
    for point in points:
        straight = len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1))
        kept[len(kept) - straight :] = [point]
    return kept


def _ticks(low: float, high: float) -> list[float]:
    """About four round numbers from at most ``low`` to at least ``high``."""
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    step = next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [place * step for place in range(first, max(last, first + 1) + 1)]


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    return lambda value: start + (end - start) * (value - low) / (high - low)


def _grid(ticks: Sequence[float], up: Scale) -> list[str]:
    lines = [_line(LEFT, up(tick), RIGHT, up(tick), colour=LINE) for tick in ticks]
    return lines + [_text(LEFT - 5, up(tick) + 3.5, f"{tick:.3g}", "end") for tick in ticks]


def _key(x: float, y: float, name: str, *, dash: str) -> list[str]:
    return [_line(x, y - 3.5, x + 18, y - 3.5, colour=INK, dash=dash, width=1.4), _text(x + 23, y, name, "start")]


def _line(x1: float, y1: float, x2: float, y2: float, *, colour: str, dash: str = "", width: float = 0.7) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    place = f'x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"'
    return f'<line {place} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _path(points: Sequence[tuple[float, float]], *, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    told = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polyline points="{told}" fill="none" stroke="{INK}" stroke-width="{width}"{dashed}/>'


def _bar(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str, *, size: float = 0) -> str:
    font = FONT if not size else FONT.replace('"11"', f'"{size}"')
    return f'<text x="{x:.2f}" y="{y:.2f}" {font} fill="{INK}" text-anchor="{anchor}">{words}</text>'


def _turned(x: float, y: float, words: str) -> str:
    place = f'transform="translate({x:.2f},{y:.2f}) rotate(-90)"'
    return f'<text {place} {FONT} fill="{INK}" text-anchor="middle">{words}</text>'


def _svg(drawn: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    return "\n".join([head, *drawn, "</svg>"]) + "\n"
