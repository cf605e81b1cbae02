"""Photos of random turned parts, all of them sound: what networks are shown before they see the first of any product.

None of them is the impeller that can be drawn by its name (``parts``), and none has a drawn defect (``defects``).
"""

from dataclasses import replace
from math import cos, sin, tau
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from casting_core.data.drawing.canvas import SIZE, Floats, Shape, around, desk, floats, noise, over, ragged
from casting_core.data.drawing.products.impeller_plan import Look, Plan, any_look, plan_of
from casting_core.data.drawing.random_products.turned_plan import Ring, Surface, TurnedPlan, any_plan
from casting_core.data.drawing.scene import Camera, photograph
from casting_core.data.drawing.shading import lit
from casting_core.data.drawing.turning import bored, raw_side, stains, turned
from casting_core.data.imaging.alignment.placement import Placement
from casting_core.data.imaging.images import Grey

Skins = dict[Surface, Floats]  # grey levels of turned and of cast metal, at every pixel

STEP = 0.02  # outer radii; what lies lower or higher by more has a wall


class Turned(NamedTuple):
    """Sound castings of one product."""

    photos: NDArray[np.uint8]  # (n, 300, 300)
    placements: list[Placement]  # where the part lies in each, as alignment would find it


def castings(product: int, number: int) -> Turned:
    """So many castings of the product of this number."""
    rng = np.random.default_rng(product)
    plan = any_plan(rng)
    looks = [_look(plan, rng) for _ in range(number)]
    return Turned(
        photos=np.stack([photo(plan, look, rng) for look in looks]),
        placements=[placement(plan, look) for look in looks],
    )


def placement(plan: TurnedPlan, look: Look) -> Placement:
    """Where a part that looks so lies: its middle is that of the rings that alignment goes by."""
    axis = np.array([[cos(look.axis), -sin(look.axis)], [sin(look.axis), cos(look.axis)]])
    squeezed = axis @ np.diag([look.squeeze, 1.0]) @ axis.T * look.radius
    centre = np.array(look.centre) + squeezed @ np.array(look.lean) * plan.middle
    return Placement(matrix=np.column_stack([squeezed * plan.beyond, centre]).astype(np.float32), confidence=1.0)


def photo(plan: TurnedPlan, look: Look, rng: np.random.Generator) -> Grey:
    """One casting of this product, (300, 300)."""
    seen = plan_of(look)
    face = seen.part(0.0)
    ground = desk(face, rng, level=look.desk, light=look.light)
    metal = turned(face, rng, level=look.face, light=look.light, sheen=look.sheen, brush=look.brush)
    skins = {Surface.TURNED: floats(metal + stains(rng)), Surface.CAST: _cast(plan, look, rng)}
    picture = raw_side(ground, seen.part(-plan.thick), rng)
    before = 0.0
    for ring in plan.rings:
        picture = _ring(ring, seen, picture, before=before, skins=skins, rng=rng)
        before = ring.high
    picture = _holes(plan, seen, picture, ground=float(ground.mean()), high=before, rng=rng)
    camera = Camera(sharpness=look.sharpness, grain=look.grain, exposure=look.exposure)
    return np.asarray(np.clip(np.rint(photograph(camera, picture, rng)), 0, 255), dtype=np.uint8)


def _look(plan: TurnedPlan, rng: np.random.Generator) -> Look:
    """A casting of this product, and a photograph of it, as they come."""
    look = any_look(rng)
    return replace(
        look,
        radius=rng.uniform(95, 131),
        squeeze=1 - rng.uniform(0, 0.12),
        desk=plan.desk * rng.uniform(0.9, 1.1),
        face=plan.metal * rng.uniform(0.92, 1.08),
        sheen=plan.sheen * rng.uniform(0.7, 1.4),
        sharpness=look.sharpness * rng.uniform(0.8, 1.3),
        grain=look.grain * rng.uniform(0.5, 1.2),
    )


def _cast(plan: TurnedPlan, look: Look, rng: np.random.Generator) -> Floats:
    """Grey levels of a skin as it leaves the mould, at every pixel."""
    sizes, shares = (rng.uniform(0.6, 1.1), rng.uniform(1.3, 2.8), rng.uniform(4, 12)), rng.uniform(0.2, 1, 3)
    kinds = [noise(rng, SIZE, SIZE, smooth=size) for size in sizes]
    sand = sum(share * kind / kind.std() for share, kind in zip(shares, kinds, strict=True))
    height, grey = plan.rough * rng.uniform(0.8, 1.25) * sand, np.full((SIZE, SIZE), look.face * rng.uniform(0.45, 0.8))
    return lit(floats(height), floats(grey), light=look.light, above=rng.uniform(0.6, 1.0))


def _ring(ring: Ring, seen: Plan, picture: Floats, *, before: float, skins: Skins, rng: np.random.Generator) -> Floats:
    """The picture with one ring more; ``before`` is the height of the one about it, whose wall is seen, or its own."""
    top, about = seen.part(ring.high), seen.part(before)
    cover = top.inside(ring.outer)
    if ring.high < before - STEP:
        wall = 30 - 20 * about.lit + 6 * around(about.angle, ragged(rng, 2))
        picture = over(picture, floats(np.clip(wall, 8, 110)), about.inside(ring.outer))
        cover = floats(cover * about.inside(ring.outer - 0.004))
    elif ring.high > before + STEP:
        picture = floats(picture - rng.uniform(5, 22) * about.lit * about.near(ring.outer, 9))
        picture = over(picture, floats(np.clip(44 + 22 * about.lit, 8, 110)), about.inside(ring.outer + 0.008))
    picture = over(picture, _surface(ring, top, seen.look, skins=skins, rng=rng), cover)
    return picture if ring.surface is Surface.DEEP else floats(picture + _lip(ring, top, rng))


def _surface(ring: Ring, top: Shape, look: Look, *, skins: Skins, rng: np.random.Generator) -> Floats:
    """Grey levels of a ring, at every pixel."""
    match ring.surface:
        case Surface.TURNED:
            return floats(skins[Surface.TURNED] * ring.bright + rng.uniform(-6, 6) + 12 * rng.random() * top.lit)
        case Surface.CAST:
            return floats(skins[Surface.CAST] * ring.bright)
        case Surface.GROOVE:
            depth = rng.uniform(12, 60) + 9 * around(top.angle, ragged(rng, 4)) - 24 * np.minimum(top.lit, 0)
            return floats(np.clip(depth, 8, 110))
        case Surface.DEEP:
            cast = skins[Surface.CAST]
            floor = rng.uniform(6, 40) + 0.25 * (cast - cast.mean())
            return floats(np.clip(floor + _blades(ring, top, look, rng), 4, 140))


def _blades(ring: Ring, top: Shape, look: Look, rng: np.random.Generator) -> Floats:
    """What blades add to the grey levels of a floor: their edges and backs, lit on one side."""
    if not ring.blades:
        return np.zeros_like(top.angle)
    winding = np.log(np.maximum(top.distance, 0.05)) * np.float32(rng.uniform(-2.5, 2.5))
    phase = (((top.angle + winding) * ring.blades + look.turn) / tau) % 1  # 0 at an edge, then its back
    edge, back = np.exp(-((np.minimum(phase, 1 - phase) * rng.uniform(10, 24)) ** 2)), np.exp(-phase * 4.5)
    light = 0.35 + 0.65 * np.clip(0.5 + 0.6 * np.cos(top.angle - np.float32(look.light)), 0, 1)
    return floats(light * (rng.uniform(5, 36) * back + rng.uniform(5, 30) * edge))


def _lip(ring: Ring, top: Shape, rng: np.random.Generator) -> Floats:
    """What the worn outer edge of a ring adds to the grey levels, with glints here and there."""
    worn = around(top.angle, ragged(rng, rng.uniform(1.5, 4)))
    glints = rng.uniform(10, 40) * np.clip(worn - 1.3, 0, 1)
    level = rng.uniform(-10, 45) * top.lit + rng.uniform(-34, 10) + rng.uniform(4, 14) * worn + glints
    return floats(level * top.near(ring.outer - 0.006, rng.uniform(0.8, 1.4)))


def _holes(
    plan: TurnedPlan, seen: Plan, picture: Floats, *, ground: float, high: float, rng: np.random.Generator
) -> Floats:
    """The picture with its circle of holes, and the bore, whose brim is so high; behind them lies the ``ground``."""
    start = rng.uniform(0, tau)
    if plan.holes:
        for angle in start + tau * np.arange(plan.holes.number) / plan.holes.number:
            at = (plan.holes.circle * cos(angle), plan.holes.circle * sin(angle))
            ends = (seen.part(0.0, at=at), seen.part(-plan.thick, at=at))
            picture = bored(_chamfered(picture, ends[0], plan.holes.radius), ground, *ends, radius=plan.holes.radius)
    brim, below = seen.part(high), seen.part(-plan.thick)
    behind = ground if plan.through else 14.0
    return bored(_chamfered(picture, brim, plan.bore), behind, brim, below, radius=plan.bore)


def _chamfered(picture: Floats, brim: Shape, radius: float) -> Floats:
    return floats(picture + (30 - 30 * brim.lit) * brim.near(radius + 0.01, 1.2))
