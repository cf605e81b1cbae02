"""Defects painted on views of sound parts: what breaks a surface, whatever the part, and where exactly it does.

A few dozen defective castings do not tell a network what a defect is: each has a skin of its own, and skins are easier
to learn by heart. A painted defect has the skin of a sound part all round it, so that nothing but the defect is there
to learn.
"""

from enum import StrEnum, auto
from functools import cache
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

Floats = NDArray[np.float32]

Place = tuple[int, int]  # column and row of a window


class Defect(StrEnum):
    """What may lie anywhere on a part."""

    HOLE = auto()
    CLUSTER = auto()  # of small holes
    SPONGE = auto()  # a shallow hole with a rough ground
    LINE = auto()  # a crack or a scratch
    PIECE = auto()  # of another place of the view (Li et al. 2021)
    TORN = auto()  # metal


# Each is painted equally often, a line twice: of all defects it is the hardest to see.
# Where a part has an edge, a bite out of it is one more.
DEFECTS: tuple[Defect, ...] = (
    Defect.HOLE,
    Defect.CLUSTER,
    Defect.SPONGE,
    Defect.LINE,
    Defect.LINE,
    Defect.PIECE,
    Defect.TORN,
)
MOST = 7  # painted defects on one view; none now and then
WINDOW = 64  # pixels of the view, both sides, that one defect may fill
VISIBLE = 14  # grey levels; a pixel that is changed by more belongs to the defect
SHEET = 512  # pixels, both sides, of the random values that pieces are taken from
SMOOTHER = 4  # steps that smoothness is counted in, for each factor of e
BITE_RADIUS = 30  # pixels from its middle where a bite ends at the latest
FINE = 4  # steps a pixel when a line is drawn

_Y, _X = np.mgrid[:WINDOW, :WINDOW].astype(np.float32)


def paint_defects(view: Grey, part: NDArray[np.bool_], rng: np.random.Generator) -> tuple[Grey, NDArray[np.bool_]]:
    """The view with up to ``MOST`` defects, and the mask of them; both of the view's shape, ``WINDOW`` or more.

    The middle of each lies on the ``part`` (rows, columns), or at its edge. A part that fills its view has no edge;
    what lies near the borders of such a view is seldom the part, so there they keep to the middle of their windows.
    """
    after = view.astype(np.float32)
    inside, edge = np.flatnonzero(part), np.flatnonzero(_at_edge(part))
    for _ in range(int(rng.integers(MOST + 1))):
        number = int(rng.integers(len(DEFECTS) + 1)) if edge.size else None
        bites = number == len(DEFECTS)
        here, place = _window(rng.choice(edge if bites else inside), view.shape)
        if bites:
            after[here] = _with_bite(after[here], part[here], place, rng)
            continue
        there, _ = _window(rng.integers(view.size), view.shape)
        if number is None:
            defect = DEFECTS[int(rng.integers(len(DEFECTS)))]
            after[here] = _with_defect(defect, after[here], view[there], None, rng)
        else:
            after[here] = _with_defect(DEFECTS[number], after[here], view[there], place, rng)
    mask = np.abs(after - view) > VISIBLE
    return np.clip(after, 0, 255).astype(np.uint8), mask


def _at_edge(part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Its outermost pixels; where the part leaves the view it has no edge."""
    core = cv2.erode(part.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)
    return np.asarray(part & (core == 0))


def _window(place: np.integer, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], Place]:
    """A window around this pixel of the view, and where in it (column, row) the pixel lies."""
    at = [int(axis) for axis in np.unravel_index(place, shape)]
    row, column = (min(max(0, one - WINDOW // 2), side - WINDOW) for one, side in zip(at, shape, strict=True))
    return (slice(row, row + WINDOW), slice(column, column + WINDOW)), (at[1] - column, at[0] - row)


def _with_defect(
    defect: Defect, window: Floats, elsewhere: Grey, middle: Place | None, rng: np.random.Generator
) -> Floats:
    """A window (64, 64) with this defect around a place in it, or around any not too near its sides.

    ``elsewhere``: another window of the same view.
    """
    match defect:
        case Defect.HOLE:
            depth = _spot(middle, rng, radius=rng.uniform(1.5, 6))
        case Defect.CLUSTER:
            depth = _cluster(middle, rng)
        case Defect.SPONGE:
            depth = _spot(middle, rng, radius=rng.uniform(4, 14))
            depth = depth * np.clip(0.5 + 0.4 * _rough(rng, rng.uniform(0.7, 2.5)), 0.05, 1)
        case Defect.LINE:
            depth = _line(middle, rng)
        case Defect.PIECE:
            other = elsewhere.astype(np.float32) * rng.uniform(0.5, 1.1)
            return (window + (other - window) * _spot(middle, rng, radius=rng.uniform(3, 10))).astype(np.float32)
        case Defect.TORN:
            grey = rng.uniform(10, 110) + rng.uniform(8, 30) * _rough(rng, rng.uniform(0.6, 1.5))
            return (window + (grey - window) * _spot(middle, rng, radius=rng.uniform(3, 10))).astype(np.float32)
    depth = depth * rng.uniform(0.35, 1)
    darker = window * (1 - 0.92 * depth)
    if rng.random() < 0.5:  # one lip of the hole catches the light
        down, right = rng.integers(-2, 3, 2).tolist()
        darker += np.clip(np.roll(depth, (down, right), (0, 1)) - depth, 0, 1) * rng.uniform(0, 40)
    return darker.astype(np.float32)


def _with_bite(window: Floats, part: NDArray[np.bool_], middle: Place, rng: np.random.Generator) -> Floats:
    """A window (64, 64) with a bite out of the part's edge at a place: raw metal that falls off to what is beyond."""
    inside = _edge_distance(part)
    down, right = _inwards(inside, middle)
    along = (_Y - middle[1]) * right - (_X - middle[0]) * down
    half, deep = rng.uniform(5, 22), rng.uniform(3, 12)  # pixels
    hump = np.clip(1.4 * np.cos(np.clip(along / half, -1, 1) * (pi / 2)), 0, 1)
    bite = deep * hump * (1 + 0.15 * _rough(rng, 2.0)) * (np.hypot(_X - middle[0], _Y - middle[1]) < BITE_RADIUS)
    gone = np.clip(bite - inside + 0.5, 0, 1) * (bite > 0.5) * np.clip(inside + 2, 0, 1)
    beyond = float(np.median(window[inside < -2])) if (inside < -2).any() else float(window.min())
    dark, lit = rng.uniform(8, 60), rng.uniform(0, 1)
    fall = np.clip((bite - inside) / np.maximum(bite, 2), 0, 1) ** rng.uniform(0.3, 1.5)
    raw = dark + (beyond - dark) * lit * fall + rng.uniform(4, 25) * _rough(rng, rng.uniform(0.6, 1.5))
    brim = np.exp(-np.square(inside - bite - 1)) * (bite > 1) * (inside > 0)
    rimmed = window + brim * (rng.uniform(0, 30) if rng.random() < 0.6 else 0)
    return (rimmed + (np.clip(raw, 4, 250) - rimmed) * gone).astype(np.float32)


def _edge_distance(part: NDArray[np.bool_]) -> Floats:
    """Pixels from the part's edge, below 0 beyond it."""
    within, beyond = (
        cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5) for side in (part, ~part)
    )
    return np.asarray(within - beyond, dtype=np.float32)


def _inwards(inside: Floats, place: Place) -> tuple[float, float]:
    """The direction into the part at a place of its edge, down and right, one pixel long."""
    slopes = np.gradient(cv2.GaussianBlur(inside, (0, 0), 3.0))
    down, right = (float(slope[place[1], place[0]]) for slope in slopes)
    length = max(float(np.hypot(down, right)), 1e-6)
    return down / length, right / length


def _place_or_any(middle: Place | None, rng: np.random.Generator) -> tuple[float, float]:
    """The place, or any in the middle half of a window."""
    if middle is None:
        column, row = rng.uniform(WINDOW / 4, 3 * WINDOW / 4, 2).tolist()
        return column, row
    return middle


def _rough(rng: np.random.Generator, smooth: float) -> Floats:
    """Random values (64, 64), spread 1, smooth over about so many pixels; a piece of a sheet that was made once."""
    down, right = rng.integers(0, SHEET - WINDOW, 2).tolist()
    piece = _sheet(round(SMOOTHER * np.log(smooth)))[down : down + WINDOW, right : right + WINDOW]
    return piece.T if rng.random() < 0.5 else piece


@cache
def _sheet(step: int) -> Floats:
    """Values (SHEET, SHEET) for one of the steps that smoothness is counted in."""
    drawn = np.random.default_rng(step % 1000).standard_normal((SHEET, SHEET), dtype=np.float32)
    values = cv2.GaussianBlur(drawn, (0, 0), float(np.exp(step / SMOOTHER)))
    return (values / values.std()).astype(np.float32)


def _spot(middle: Place | None, rng: np.random.Generator, *, radius: float) -> Floats:
    """How deep each pixel lies, 0 to 1, in an oval hole with a ragged outline."""
    (column, row), turn, flat = _place_or_any(middle, rng), rng.uniform(0, pi), rng.uniform(0.6, 1)
    along = (_X - column) * cos(turn) + (_Y - row) * sin(turn)
    across = (_Y - row) * cos(turn) - (_X - column) * sin(turn)
    beyond = np.hypot(along, across / flat) - radius * (1 + 0.15 * _rough(rng, max(2.0, radius / 2)))
    return np.clip(0.5 - beyond / rng.uniform(1, 2), 0, 1).astype(np.float32)


def _cluster(middle: Place | None, rng: np.random.Generator) -> Floats:
    """How much of each pixel, 0 to 1, a few small round holes near each other cover."""
    number = int(rng.integers(4, 13))
    places = np.array(_place_or_any(middle, rng)) + rng.normal(0, rng.uniform(3, 8), (number, 2))
    sheet = np.zeros((WINDOW * FINE, WINDOW * FINE), np.uint8)
    for place, radius in zip(places, rng.uniform(0.8, 1.9, number), strict=True):
        x, y = (place * FINE).astype(int).tolist()
        cv2.circle(sheet, (x, y), max(1, round(radius * FINE)), 255, cv2.FILLED, cv2.LINE_AA)
    return _small(sheet)


def _line(middle: Place | None, rng: np.random.Generator) -> Floats:
    """How much of each pixel, 0 to 1, a line covers, straight or jagged."""
    pieces = int(rng.integers(6, 20))
    bent = 0.03 if rng.random() < 0.5 else rng.uniform(0.05, 0.6)  # radians from piece to piece: a scratch, or a crack
    bends = rng.uniform(0, 2 * pi) + rng.normal(0, bent, pieces).cumsum()
    points = (np.stack([np.cos(bends), np.sin(bends)], axis=1) * rng.uniform(1.2, 3.2, (pieces, 1))).cumsum(axis=0)
    points += np.array(_place_or_any(middle, rng)) - points.mean(axis=0)
    sheet = np.zeros((WINDOW * FINE, WINDOW * FINE), np.uint8)
    cv2.polylines(sheet, [(points * FINE).astype(np.int32)], False, 255, int(rng.integers(3, 8)), cv2.LINE_AA)
    return _small(sheet)


def _small(sheet: Grey) -> Floats:
    return (cv2.resize(sheet, (WINDOW, WINDOW), interpolation=cv2.INTER_AREA) * np.float32(1 / 255)).astype(np.float32)
