"""Defects painted on views of sound parts: what breaks a surface, whatever the part, and where exactly it does.

A few dozen defective castings do not tell a network what a defect is: each has a skin of its own, and skins are easier
to learn by heart. A painted defect has the skin of a sound part all round it, so that nothing else gives it away.
"""

from functools import cache
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.images import Grey

Floats = NDArray[np.float32]

MOST = 7  # painted defects on one view, at most; none now and then
WINDOW = 64  # pixels of the view, both sides, that one defect may fill
SEEN = 14  # grey levels; a pixel that is changed by more belongs to the defect
SHEET = 512  # pixels, both sides, of the random values that pieces are taken from
SMOOTHER = 4  # steps that smoothness is counted in, for each factor of e
FINE = 4  # steps a pixel when a line is drawn

_Y, _X = np.mgrid[:WINDOW, :WINDOW].astype(np.float32)


def painted(view: Grey, where: NDArray[np.intp], rng: np.random.Generator) -> tuple[Grey, NDArray[np.bool_]]:
    """The view with up to ``MOST`` defects, and the mask of them; both of the view's shape, ``WINDOW`` or more.

    ``where`` are the pixels, by their place in the flattened view, of which a defect may lie on one.
    """
    after = view.astype(np.float32)
    for _ in range(int(rng.integers(MOST + 1))):
        here, there = _about(rng.choice(where), view.shape), _about(rng.integers(view.size), view.shape)
        after[here] = _broken(after[here], view[there], rng)
    mask = np.abs(after - view) > SEEN
    return np.clip(after, 0, 255).astype(np.uint8), mask


def _about(place: np.integer, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """A window with this pixel of the view near its middle."""
    near = (int(at) - WINDOW // 2 for at in np.unravel_index(place, shape))
    row, column = (min(max(0, at), side - WINDOW) for at, side in zip(near, shape, strict=True))
    return slice(row, row + WINDOW), slice(column, column + WINDOW)


def _broken(window: Floats, elsewhere: Grey, rng: np.random.Generator) -> Floats:
    """A window (64, 64) with one defect of a kind drawn by lot.

    Hole, cluster, sponge, torn metal, what is ``elsewhere`` in the view (Li et al. 2021), or a line, twice as often:
    of all defects it is the hardest to see.
    """
    kind = int(rng.integers(7))
    if kind == 0:
        depth = _spot(rng, radius=rng.uniform(1.5, 6))
    elif kind == 1:
        depth = _cluster(rng)
    elif kind == 2:
        depth = _spot(rng, radius=rng.uniform(4, 14)) * np.clip(0.5 + 0.4 * _rough(rng, rng.uniform(0.7, 2.5)), 0.05, 1)
    elif kind in (3, 4):
        depth = _line(rng)
    elif kind == 5:
        other = elsewhere.astype(np.float32) * rng.uniform(0.5, 1.1)
        return (window + (other - window) * _spot(rng, radius=rng.uniform(3, 10))).astype(np.float32)
    else:
        grey = rng.uniform(10, 110) + rng.uniform(8, 30) * _rough(rng, rng.uniform(0.6, 1.5))
        return (window + (grey - window) * _spot(rng, radius=rng.uniform(3, 10))).astype(np.float32)
    depth = depth * rng.uniform(0.35, 1)
    darker = window * (1 - 0.92 * depth)
    if rng.random() < 0.5:  # one lip of the hole catches the light
        down, right = rng.integers(-2, 3, 2).tolist()
        darker += np.clip(np.roll(depth, (down, right), (0, 1)) - depth, 0, 1) * rng.uniform(0, 40)
    return darker.astype(np.float32)


def _middle(rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.uniform(WINDOW / 4, 3 * WINDOW / 4, 2)


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


def _spot(rng: np.random.Generator, *, radius: float) -> Floats:
    """How deep each pixel lies, 0 to 1, in an oval hole with a ragged outline."""
    (column, row), turn, flat = _middle(rng).tolist(), rng.uniform(0, pi), rng.uniform(0.6, 1)
    along = (_X - column) * cos(turn) + (_Y - row) * sin(turn)
    across = (_Y - row) * cos(turn) - (_X - column) * sin(turn)
    beyond = np.hypot(along, across / flat) - radius * (1 + 0.15 * _rough(rng, max(2.0, radius / 2)))
    return np.clip(0.5 - beyond / rng.uniform(1, 2), 0, 1).astype(np.float32)


def _cluster(rng: np.random.Generator) -> Floats:
    """How much of each pixel, 0 to 1, a few small round holes near each other cover."""
    number = int(rng.integers(4, 13))
    places = _middle(rng) + rng.normal(0, rng.uniform(3, 8), (number, 2))
    sheet = np.zeros((WINDOW * FINE, WINDOW * FINE), np.uint8)
    for place, radius in zip(places, rng.uniform(0.8, 1.9, number), strict=True):
        x, y = (place * FINE).astype(int).tolist()
        cv2.circle(sheet, (x, y), max(1, round(radius * FINE)), 255, cv2.FILLED, cv2.LINE_AA)
    return _small(sheet)


def _line(rng: np.random.Generator) -> Floats:
    """How much of each pixel, 0 to 1, a line covers, straight or jagged."""
    pieces = int(rng.integers(6, 20))
    bent = 0.03 if rng.random() < 0.5 else rng.uniform(0.05, 0.6)  # radians from piece to piece: a scratch, or a crack
    bends = rng.uniform(0, 2 * pi) + rng.normal(0, bent, pieces).cumsum()
    points = (np.stack([np.cos(bends), np.sin(bends)], axis=1) * rng.uniform(1.2, 3.2, (pieces, 1))).cumsum(axis=0)
    points += _middle(rng) - points.mean(axis=0)
    sheet = np.zeros((WINDOW * FINE, WINDOW * FINE), np.uint8)
    cv2.polylines(sheet, [(points * FINE).astype(np.int32)], False, 255, int(rng.integers(3, 8)), cv2.LINE_AA)
    return _small(sheet)


def _small(sheet: Grey) -> Floats:
    return (cv2.resize(sheet, (WINDOW, WINDOW), interpolation=cv2.INTER_AREA) * np.float32(1 / 255)).astype(np.float32)
