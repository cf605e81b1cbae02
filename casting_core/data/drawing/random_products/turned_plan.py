"""What a random turned part is: rings about one middle, as lathes leave them, some with a circle of holes in them.

Lengths are outer radii of the part, heights those above its outermost ring.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

RINGS = 8  # at most


class Surface(StrEnum):
    """How a ring looks."""

    TURNED = "turned"
    CAST = "cast"  # as it left the mould
    DEEP = "deep"  # a dark floor, perhaps with blades
    GROOVE = "groove"


@dataclass(frozen=True, kw_only=True)
class Ring:
    """One ring; where it ends inwards, the next one says."""

    outer: float
    high: float
    surface: Surface
    bright: float  # factor on the grey levels of its metal
    blades: int  # on a deep floor


@dataclass(frozen=True, kw_only=True)
class Holes:
    """Holes evenly on a circle."""

    number: int
    circle: float
    radius: float


@dataclass(frozen=True, kw_only=True)
class TurnedPlan:
    """One product, of which there are as many castings as anybody wants. Grey levels are means over castings."""

    rings: tuple[Ring, ...]  # inwards
    bore: float  # its radius
    through: bool  # whether the desk is seen behind the bore
    holes: Holes | None
    thick: float
    rough: float  # pixels, spread of the height of what was cast
    metal: float  # grey level
    desk: float  # grey level
    sheen: float  # grey levels, how far bright and dark sectors of metal lie apart
    beyond: float  # where a strip ends
    middle: float  # the height whose rings alignment lays about the middle


def any_plan(rng: np.random.Generator) -> TurnedPlan:
    """A product, as they come."""
    rings, end = _rings(rng)
    return TurnedPlan(
        rings=rings,
        bore=end * rng.uniform(0.6, 0.95),
        through=rng.random() < 0.75,
        holes=_holes(rings, end, rng),
        thick=rng.uniform(0.05, 0.2),
        rough=rng.uniform(0.05, 0.4),
        metal=rng.uniform(130, 215),
        desk=rng.uniform(50, 210),
        sheen=rng.uniform(8, 62),
        beyond=rng.uniform(1.04, 1.3),
        middle=float(rng.choice([ring.high for ring in rings])),
    )


def _rings(rng: np.random.Generator) -> tuple[tuple[Ring, ...], float]:
    """The rings, the first of them at height 0, and where the innermost ends."""
    rings: list[Ring] = []
    outer, high, end = 1.0, 0.0, rng.uniform(0.08, 0.35)
    while outer > end + 0.05 and len(rings) < RINGS:
        surface = _surface(rng, outermost=not rings)
        if rings:
            high = _height(surface, high, rng)
        blades = int(rng.integers(4, 13)) if rng.random() < 0.5 else 0
        rings.append(Ring(outer=outer, high=high, surface=surface, bright=rng.uniform(0.75, 1.1), blades=blades))
        outer -= _width(surface, rng)
    return tuple(rings), end


def _surface(rng: np.random.Generator, *, outermost: bool) -> Surface:
    shares = (0.75, 0.25, 0.0, 0.0) if outermost else (0.5, 0.2, 0.2, 0.1)
    return list(Surface)[rng.choice(len(Surface), p=shares)]


def _height(surface: Surface, before: float, rng: np.random.Generator) -> float:
    if surface is Surface.DEEP:
        return rng.uniform(-0.2, -0.05)
    if surface is Surface.GROOVE:
        return max(-0.05, before - 0.03)
    return rng.uniform(-0.05, 0.15) if rng.random() < 0.7 else before


def _width(surface: Surface, rng: np.random.Generator) -> float:
    if surface is Surface.GROOVE:
        return rng.uniform(0.012, 0.03)
    return rng.uniform(0.03, 0.12) if rng.random() < 0.4 else rng.uniform(0.12, 0.4)


def _holes(rings: tuple[Ring, ...], end: float, rng: np.random.Generator) -> Holes | None:
    """A circle of holes on a ring that is wide enough; on most parts there is none."""
    inner = [*(ring.outer for ring in rings[1:]), end]
    wide = [
        (ring.outer, to)
        for ring, to in zip(rings, inner, strict=True)
        if ring.surface is not Surface.DEEP and ring.outer - to > 0.12
    ]
    if not wide or rng.random() < 0.8:
        return None
    outer, to = wide[rng.integers(len(wide))]
    radius = rng.uniform(0.03, 0.45 * (outer - to))
    return Holes(number=int(rng.integers(2, 13)), circle=(outer + to) / 2, radius=radius)
