"""How a sound bracket looks from above: as the sand mould left it, with a few machined faces, lit from one side.

It is drawn as a relief: a height at every pixel, and what the light makes of its slopes.
"""

from dataclasses import dataclass, replace
from math import cos, sin

import numpy as np
from scipy import ndimage

from casting_core.data.drawing.canvas import SIZE, Floats, Shape, around, desk, floats, noise, over, ragged
from casting_core.data.drawing.lettering import raised
from casting_core.data.drawing.products.bracket_plan import (
    BORE,
    BOSS,
    BOSS_RADIUS,
    HOLES,
    PAD,
    PAD_HALF,
    RIB,
    RIBS,
    SPOT_FACE,
    Look,
    Plan,
    Spot,
    any_look,
    bar,
    box,
    disc,
    edge,
    plan_of,
    plate,
    spot,
)
from casting_core.data.drawing.scene import Scene
from casting_core.data.drawing.shading import hole_through, lit, raised_by

THICK = 13.0  # pixels, the plate
BOSS_HIGH, RIB_HIGH, PAD_HIGH, LETTERS_HIGH = 8.0, 5.0, 2.2, 1.3  # pixels above the plate
LETTERS = "B7-204"  # in the mould, and so on every casting


@dataclass(frozen=True, kw_only=True)
class Relief:
    """A surface before light falls on it, (300, 300) each."""

    height: Floats  # pixels above the plate
    grey: Floats  # level where it lies flat


def any_bracket(rng: np.random.Generator) -> Scene:
    """A sound bracket and a photograph of it, as they come."""
    look = any_look(rng)
    plan = plan_of(look)
    outline = plan.outline()
    ground = desk(outline, rng, level=look.desk, light=look.light)
    picture = _side(plan, outline, ground, rng)
    relief = _machined(plan, _cast(plan, rng), rng)
    picture = over(picture, lit(relief.height, relief.grey, light=look.light, above=look.height), outline.inside(1.0))
    picture = _holes(plan, picture, ground)
    return Scene(
        camera=look.camera,
        light=look.light,
        outline=outline,
        picture=picture,
        desk=ground,
        spot=lambda kind, rng: spot(look, kind, rng),
        edge=edge,
    )


# --- the surfaces ---


def _side(plan: Plan, outline: Shape, picture: Floats, rng: np.random.Generator) -> Floats:
    """The plate's raw side, seen below it on the side from which the bracket leans away; dark and rough."""
    foot = floats(plate(*plan.at(-THICK)) * np.float32(plan.look.scale))
    down, right = np.gradient(foot)
    lit = right * np.float32(cos(plan.look.light)) + down * np.float32(sin(plan.look.light))
    wall = 0.48 * plan.look.skin + 22 * lit + 7 * around(outline.angle, ragged(rng, 1.2))
    return over(picture, floats(np.clip(wall, 12, 140)), floats(np.clip(0.5 - foot, 0, 1)))


def _cast(plan: Plan, rng: np.random.Generator) -> Relief:
    """The bracket as it leaves the mould: rounded edges, ribs, boss, letters, this casting's marks, and the skin."""
    look, (u, v) = plan.look, (plan.u, plan.v)
    height = floats(-3.2 * np.clip((plate(u, v) + 4.5) / 4.5, 0, 1) ** 2)
    for start, end in RIBS:
        rib = bar(u, v, start, end, RIB + rng.uniform(-0.3, 0.3))
        height = raised_by(height, rib, high=RIB_HIGH, slope=6.0)
    height = raised_by(height, disc(u, v, _boss(look), BOSS_RADIUS), high=BOSS_HIGH, slope=6.0)
    height = floats(
        height
        + LETTERS_HIGH * raised(LETTERS, u + np.float32(32), v - np.float32(65))
        + _marks(u, v, rng)
        + look.rough * _sand(rng)
    )
    blotches = ndimage.zoom(noise(rng, 30, 30, smooth=1.0), SIZE / 30, order=1)
    return Relief(height=height, grey=floats(look.skin * (1 + 0.14 * blotches)))


def _sand(rng: np.random.Generator) -> Floats:
    """The skin that sand leaves, spread about 1: grains, lumps of grains, and the mould's slow waves."""
    grains, lumps = noise(rng, SIZE, SIZE, smooth=0.8) * 2.8, noise(rng, SIZE, SIZE, smooth=1.9) * 6.6
    waves = ndimage.zoom(noise(rng, 38, 38, smooth=1.0), SIZE / 38, order=3)[:SIZE, :SIZE] * 3.4
    return floats(0.5 * grains + 1.2 * lumps + 1.5 * waves)


def _marks(u: Floats, v: Floats, rng: np.random.Generator) -> Floats:
    """What this casting alone has: the dots of its heat number, and a few lumps where sand broke off, in pixels."""
    marks = np.zeros_like(u)
    for at in np.flatnonzero(rng.random(8) < 0.5):
        dot = (-94.0 + 5.2 * (at % 2), -30.0 + 6.0 * (at // 2))
        marks += 0.9 * np.exp(-((np.maximum(disc(u, v, dot, 1.0), 0) / 1.1) ** 2))
    for _ in range(int(rng.integers(3, 9))):
        lump, size = (rng.uniform(-100, 100), rng.uniform(-84, 84)), rng.uniform(1.2, 2.6)
        marks += rng.uniform(0.3, 0.8) * np.exp(-(((disc(u, v, lump, 0.0)) / size) ** 2))
    return floats(marks)


def _machined(plan: Plan, raw: Relief, rng: np.random.Generator) -> Relief:
    """The same with what the shop did to it: the milled pad, the turned boss, the spot face of the single hole."""
    look = plan.look
    pad = box(plan.u, plan.v, PAD, PAD_HALF, 7.0)
    relief = replace(raw, height=raised_by(raw.height, pad - 1.5, high=PAD_HIGH, slope=3.0))
    cutter = (PAD[0] + rng.uniform(-30, 30), PAD[1] + rng.choice((-1, 1)) * rng.uniform(60, 140))
    relief = _cut(plan, relief, cover=pad, middle=cutter, level=PAD_HIGH, rng=rng)
    u, v = plan.at(BOSS_HIGH)
    boss = _boss(look)
    relief = _cut(plan, relief, cover=disc(u, v, boss, BOSS_RADIUS - 4), middle=boss, level=BOSS_HIGH, rng=rng)
    hole = _hole(look, 2)
    sunk = disc(plan.u, plan.v, hole, SPOT_FACE)
    return _cut(plan, relief, cover=sunk, middle=hole, level=-1.2, rng=rng)


def _cut(plan: Plan, relief: Relief, *, cover: Floats, middle: Spot, level: float, rng: np.random.Generator) -> Relief:
    """The relief with a flat bright face where ``cover`` is negative, its tool marks running about the middle."""
    u, v = plan.u - np.float32(middle[0]), plan.v - np.float32(middle[1])
    distance, angle = np.hypot(u, v), np.arctan2(v, u)
    lines = floats(ndimage.gaussian_filter1d(noise(rng, 512), rng.uniform(0.4, 0.8)))
    marks = lines[np.minimum(distance * 1.6, 511).astype(np.int32)]
    sheen = np.cos(angle - np.float32(plan.look.light + rng.normal(0, 0.2))) ** 2 - 0.5
    grey = plan.look.face + 26 * sheen + rng.uniform(8, 16) * marks + 0.5 * noise(rng, SIZE, SIZE, smooth=0.6)
    share = floats(np.clip(0.5 - cover, 0, 1))
    return Relief(
        height=over(relief.height, floats(np.full_like(u, level)), share), grey=over(relief.grey, floats(grey), share)
    )


# --- the holes ---


def _holes(plan: Plan, picture: Floats, ground: Floats) -> Floats:
    """The picture with bore and bolt holes: a broken edge, the wall lit opposite the light, the desk behind."""
    look = plan.look
    picture = _hole_through(plan, picture, ground, middle=_boss(look), radius=BORE, top=BOSS_HIGH)
    for at, (*_, radius) in enumerate(HOLES):
        picture = _hole_through(plan, picture, ground, middle=_hole(look, at), radius=radius, top=0.0)
    return picture


def _hole_through(plan: Plan, picture: Floats, ground: Floats, *, middle: Spot, radius: float, top: float) -> Floats:
    brim, below = (
        (floats(u - np.float32(middle[0])), floats(v - np.float32(middle[1])))
        for u, v in (plan.at(top), plan.at(-THICK))
    )
    return hole_through(picture, ground, brim=brim, below=below, radius=radius, light=plan.look.light)


def _boss(look: Look) -> Spot:
    return BOSS[0] + look.boss[0], BOSS[1] + look.boss[1]


def _hole(look: Look, at: int) -> Spot:
    return HOLES[at][0] + look.holes[at][0], HOLES[at][1] + look.holes[at][1]
