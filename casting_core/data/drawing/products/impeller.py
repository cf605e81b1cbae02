"""How a sound impeller looks from above: a pump's, cast, turned on a lathe, lit from one side, photographed."""

from math import tau

import numpy as np

from casting_core.data.drawing.canvas import Floats, Shape, around, desk, floats, over, ragged
from casting_core.data.drawing.products.impeller_plan import (
    BORE,
    GROOVE,
    HUB,
    RECESS,
    RING,
    Look,
    Plan,
    any_look,
    pixel_at,
    plan_of,
)
from casting_core.data.drawing.scene import Camera, DefectKind, Scene
from casting_core.data.drawing.turning import bored, raw_side, stains, turned

ZONES = ((0.70, 0.955, 0.86), (0.565, 0.61, 0.10), (0.235, 0.275, 0.04))  # face, ring, hub: from, to (radii), share
ON_THE_FACE = {  # from, to (radii): where kinds sit that are too wide for ring and hub
    DefectKind.PINHOLES: (0.74, 0.92),
    DefectKind.SHRINKAGE: (0.76, 0.88),
    DefectKind.CRACK: (0.72, 0.92),
}


def any_impeller(rng: np.random.Generator) -> Scene:
    """A sound impeller and a photograph of it, as they come."""
    return draw(any_look(rng), rng)


def draw(look: Look, rng: np.random.Generator) -> Scene:
    """A sound casting with its harmless variety: turning marks, sheen, stains, dust."""
    plan = plan_of(look)
    face = plan.part(0.0)
    ground = desk(face, rng, level=look.desk, light=look.light)
    metal = turned(face, rng, level=look.face, light=look.light, sheen=look.sheen, brush=look.brush)
    picture = raw_side(ground, plan.part(-0.11), rng)
    picture = over(picture, floats(metal + stains(rng)), face.inside(1.0))
    picture = _chamfer(face, picture, rng)
    picture = _ring(plan, picture, metal, rng)
    picture = _recess(plan, picture)
    picture = _hub(plan, picture, metal)
    picture = _bore(plan, picture, float(ground.mean()))
    return Scene(
        camera=Camera(sharpness=look.sharpness, grain=look.grain, exposure=look.exposure),
        light=look.light,
        outline=face,
        picture=picture,
        desk=ground,
        spot=lambda kind, rng: _spot(look, kind, rng),
        edge=lambda _kind, rng: float(rng.uniform(0, tau)),
    )


def _spot(look: Look, kind: DefectKind, rng: np.random.Generator) -> tuple[float, float]:
    """A place (x, y in pixels) on machined metal, the wide face far more often than the ring or the hub."""
    if kind in ON_THE_FACE:
        start, end = ON_THE_FACE[kind]
    else:
        start, end, _ = ZONES[rng.choice(len(ZONES), p=[share for _, _, share in ZONES])]
    return pixel_at(look, rng.uniform(start, end), rng.uniform(0, tau))


def _chamfer(face: Shape, picture: Floats, rng: np.random.Generator) -> Floats:
    """The broken outer edge of the face: a thin line, bright towards the light, dark away from it, with glints."""
    worn = around(face.angle, ragged(rng, 2.0))
    level = 52 * face.lit - 34 + 14 * worn + 40 * np.clip(worn - 1.3, 0, 1)
    return floats(picture + level * face.near(0.992, 1.2))


def _ring(plan: Plan, picture: Floats, metal: Floats, rng: np.random.Generator) -> Floats:
    """The groove and the raised ring within it; the groove is widest where the ring leans away from it."""
    face, top = plan.part(0.0), plan.part(0.10)
    picture = floats(picture - 20 * face.lit * face.near(GROOVE, 9))  # the ring's wall throws light onto the face
    depth = 22 + 9 * around(face.angle, ragged(rng, 4)) - 24 * np.minimum(face.lit, 0)
    picture = over(picture, floats(np.clip(depth, 8, 90)), face.inside(GROOVE + rng.uniform(0.0, 0.018)))
    foot = floats((30 - 34 * face.lit) * face.near(GROOVE + 0.012, 1.1))
    picture = over(floats(picture + foot), floats(metal * 0.9 + 4 + 10 * top.lit), top.inside(RING))
    worn = around(top.angle, ragged(rng, 3))
    lip = 28 * top.lit - 18 + 9 * worn + 34 * np.clip(worn - 1.4, 0, 1)
    return floats(picture + lip * (top.near(RING - 0.006, 1.0) + 0.6 * top.near(RECESS + 0.006, 1.0)))


def _recess(plan: Plan, picture: Floats) -> Floats:
    """The dark suction eye with the blades in it, their edges lit on one side."""
    look, rim, deep = plan.look, plan.part(0.06), plan.part(-0.15)
    winding = np.log(np.maximum(deep.distance, 0.05)) * np.float32(5.2 / 3)
    phase = (((look.hand * deep.angle + winding) * look.blades + look.turn) / tau) % 1  # 0 at an edge, then its back
    edge = np.exp(-((np.minimum(phase, 1 - phase) * 22) ** 2))
    back = np.exp(-phase * 4.5)
    lit = 0.35 + 0.65 * np.clip(0.5 + 0.6 * np.cos(deep.angle - np.float32(look.light + look.hand)), 0, 1)
    reach = np.clip((deep.distance - 0.33) * 6, 0, 1)
    floor = 8 + 9 * np.clip((deep.distance - 0.3) * 4, 0, 1) + lit * reach * (36 * back + 24 * edge)
    wall = -14 * rim.lit * rim.near(RECESS - 0.012, 1.6)
    return over(picture, floats(np.clip(floor + wall, 4, 100)), rim.inside(RECESS))


def _hub(plan: Plan, picture: Floats, metal: Floats) -> Floats:
    """The hub's dark side, its turned ring, and the chamfer about the bore."""
    foot, top = plan.part(-0.03), plan.part(0.14)
    picture = over(picture, floats(44 + 22 * foot.lit), foot.inside(HUB + 0.012))
    picture = over(picture, floats(metal * 0.86 + 6 + 12 * top.lit), top.inside(HUB))
    picture = floats(picture + (22 * top.lit - 20) * top.near(HUB - 0.006, 1.1))
    return floats(picture + (34 - 32 * top.lit) * top.near(BORE + 0.012, 1.2))


def _bore(plan: Plan, picture: Floats, desk: float) -> Floats:
    return bored(picture, desk, plan.part(0.14), plan.part(-0.14), radius=BORE)
