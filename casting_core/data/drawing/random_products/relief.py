"""Photos of random castings, all of them sound: what networks are shown before they see the first of any product.

None of them is a part that can be drawn by its name (``parts``), and none has a defect that is drawn (``defects``).
"""

from dataclasses import dataclass
from math import cos, sin, tau
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casting_core.data.drawing.canvas import Floats, floats, noise, over
from casting_core.data.drawing.random_products.relief_plan import COLUMNS, ROWS, ReliefPlan, Spot, any_plan
from casting_core.data.drawing.shading import hole_through, lit, raised_by
from casting_core.data.imaging.images import Grey

_V, _U = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
_V, _U = _V - np.float32(ROWS / 2), _U - np.float32(COLUMNS / 2)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """How one casting lies before the camera, and in which light. Angles in radians."""

    u: Floats
    v: Floats
    lean: Spot  # how far a part one pixel high is seen shifted, in pixels
    light: float
    above: float
    level: float  # grey level of the skin
    face: float  # of machined faces

    def at(self, height: float) -> tuple[Floats, Floats]:
        """The places so high (pixels) above the plate."""
        return floats(self.u - np.float32(height * self.lean[0])), floats(self.v - np.float32(height * self.lean[1]))


class Castings(NamedTuple):
    """Sound castings of one product."""

    photos: NDArray[np.uint8]  # (n, 240, 216)
    part: NDArray[np.bool_]  # (240, 216), true on the part


def castings(product: int, number: int) -> Castings:
    """So many castings of the product of this number."""
    rng = np.random.default_rng(product)
    plan = any_plan(rng)
    return Castings(photos=np.stack([photo(plan, rng) for _ in range(number)]), part=part(plan))


def part(plan: ReliefPlan) -> NDArray[np.bool_]:
    """Which pixels of a view, (240, 216), lie on the part."""
    return np.asarray(plan.away(_U, _V) < 0)


def photo(plan: ReliefPlan, rng: np.random.Generator) -> Grey:
    """One casting of this product in a light of its own, laid straight as well as that can be done; (240, 216)."""
    seen = _seen(rng)
    away = plan.away(seen.u, seen.v)
    height, grey = _cast(plan, seen, away, rng)
    height, grey = _machined(plan, seen, height, grey, rng)
    picture = over(_beyond(plan, seen, away, rng), lit(height, grey, light=seen.light, above=seen.above), _cover(away))
    desk = float(np.median(picture[away > 0])) if (away > 0).any() else seen.level
    for middle, radius in plan.holes:
        if float(plan.away(*_one(middle))[0]) < -radius - 3:
            picture = _hole(plan, seen, picture, desk, middle=middle, radius=radius)
    soft = ndimage.gaussian_filter(picture, rng.uniform(0.35, 0.9)) * rng.uniform(0.84, 1.1)
    grain = _even(noise(rng, ROWS, COLUMNS, smooth=0.45)) * rng.uniform(0.8, 3)
    return np.asarray(np.clip(np.rint(soft + grain), 0, 255), dtype=np.uint8)


def _seen(rng: np.random.Generator) -> _Seen:
    turn, size, (right, down) = rng.normal(0, 0.008), 1 + rng.normal(0, 0.006), rng.normal(0, 0.6, 2)
    u, v = _U - np.float32(right), _V - np.float32(down)
    along, across = np.float32(cos(turn) * size), np.float32(sin(turn) * size)
    lean, towards, level = rng.uniform(0, 0.3), rng.uniform(0, tau), rng.uniform(70, 150)
    return _Seen(
        u=u * along + v * across,
        v=v * along - u * across,
        lean=(lean * cos(towards), lean * sin(towards)),
        light=rng.uniform(0, tau),
        above=rng.uniform(0.6, 1.0),
        level=level,
        face=min(230.0, level + rng.uniform(20, 80)),
    )


def _cast(plan: ReliefPlan, seen: _Seen, away: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Height and grey level of a casting as it leaves the mould."""
    height = floats(-3.2 * np.clip((away + plan.edge) / plan.edge, 0, 1) ** 2)
    for standing in plan.standing:
        beyond = floats(standing.piece.away(seen.u, seen.v) - standing.rim)
        height = raised_by(height, beyond, high=standing.high, slope=standing.slope)
    for letter in plan.letters:
        height = floats(height + 0.9 * _cover(letter.away(seen.u, seen.v)))
    for _ in range(int(rng.integers(0, 8))):  # lumps, where sand broke off
        at, size = (rng.uniform(-90, 90), rng.uniform(-100, 100)), rng.uniform(1.2, 2.6)
        distance = np.hypot(seen.u - np.float32(at[0]), seen.v - np.float32(at[1]))
        height = floats(height + rng.uniform(0.3, 0.8) * np.exp(-np.square(distance / size)))
    shares = np.array(plan.skin.shares) * rng.uniform(0.7, 1.3, 3)
    kinds = [_even(noise(rng, ROWS, COLUMNS, smooth=size)) for size in plan.skin.sizes]
    sand = sum(share * kind for share, kind in zip(shares / np.linalg.norm(shares), kinds, strict=True))
    blotches = _even(noise(rng, ROWS, COLUMNS, smooth=9.0))
    rough = plan.skin.rough * rng.uniform(0.8, 1.25)
    return floats(height + rough * sand), floats(seen.level * (1 + 0.12 * blotches))


def _machined(
    plan: ReliefPlan, seen: _Seen, height: Floats, grey: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """The same with flat bright faces where a tool went over it."""
    faces = [
        (floats(one.piece.away(*seen.at(one.high)) + 2), one.high, one.piece.at)
        for one in plan.standing
        if one.machined
    ]
    faces += [(floats(np.hypot(seen.u - at[0], seen.v - at[1]) - radius), -1.2, at) for at, radius in plan.sunk]
    for away, level, at in faces:
        middle = at if rng.random() < 0.5 else (at[0] + rng.uniform(-40, 40), at[1] + rng.uniform(-140, 140))
        share = _cover(away)
        height = over(height, floats(np.full_like(height, level)), share)
        grey = over(grey, _face(seen, middle, rng), share)
    return height, grey


def _face(seen: _Seen, middle: Spot, rng: np.random.Generator) -> Floats:
    """Grey levels of a turned or milled face, its tool marks running about the middle."""
    u, v = seen.u - np.float32(middle[0]), seen.v - np.float32(middle[1])
    distance, angle = np.hypot(u, v), np.arctan2(v, u)
    lines = _even(floats(ndimage.gaussian_filter1d(noise(rng, 600), rng.uniform(0.4, 0.9))))
    marks = lines[np.minimum(distance * 1.6, 599).astype(np.int32)] * rng.uniform(2, 8)
    sheen = np.cos(angle - np.float32(seen.light + rng.normal(0, 0.2))) ** 2 - 0.5
    return floats(seen.face + 26 * sheen + marks + 1.5 * _even(noise(rng, ROWS, COLUMNS, smooth=0.6)))


def _beyond(plan: ReliefPlan, seen: _Seen, away: Floats, rng: np.random.Generator) -> Floats:
    """The desk with the part's shadow, and the part's raw side on the side from which it leans away."""
    slope = (_U * np.float32(cos(seen.light)) + _V * np.float32(sin(seen.light))) / 120
    outside, close, wide = np.maximum(away, 0), rng.uniform(0.2, 0.45), rng.uniform(0.1, 0.3)
    shadow = close * np.exp(-outside / 4) + wide * np.exp(-outside / 16)
    desk = floats((rng.uniform(40, 220) + rng.uniform(4, 22) * slope) * (1 - shadow))
    foot = plan.away(*seen.at(-plan.thick))
    down, right = np.gradient(foot)
    facing = right * np.float32(cos(seen.light)) + down * np.float32(sin(seen.light))
    wall = 0.48 * seen.level + 22 * facing + 7 * _even(noise(rng, ROWS, COLUMNS, smooth=1.2))
    return over(desk, floats(np.clip(wall, 12, 140)), _cover(foot))


def _hole(plan: ReliefPlan, seen: _Seen, picture: Floats, desk: float, *, middle: Spot, radius: float) -> Floats:
    brim, below = (
        (floats(u - np.float32(middle[0])), floats(v - np.float32(middle[1])))
        for u, v in ((seen.u, seen.v), seen.at(-plan.thick))
    )
    return hole_through(picture, desk, brim=brim, below=below, radius=radius, light=seen.light)


def _cover(away: Floats) -> Floats:
    """How much of each pixel, 0 to 1, lies within an outline that is so far away."""
    return floats(np.clip(0.5 - away, 0, 1))


def _even(values: Floats) -> Floats:
    """Random values with spread 1."""
    return floats(values / max(float(values.std()), 1e-6))


def _one(spot: Spot) -> tuple[Floats, Floats]:
    return np.array([spot[0]], dtype=np.float32), np.array([spot[1]], dtype=np.float32)
