"""How a sound impeller looks from above: a pump's, cast, turned on a lathe, lit from one side, photographed."""

from math import cos, pi, sin, tau

import numpy as np
from PIL import Image
from scipy import ndimage

from casting_core.data.canvas import SIZE, STEPS, Floats, Shape, X, Y, around, desk, floats, noise, over, ragged
from casting_core.data.impeller_plan import BORE, GROOVE, HUB, RECESS, RING, Look, Plan, any_look, pixel_at, plan_of
from casting_core.data.scene import Camera, DefectKind, Scene

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
    metal = _turned(look, face, rng)
    picture = _side(plan, ground, rng)
    picture = over(picture, floats(metal + _stains(rng)), face.inside(1.0))
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


# --- the surfaces ---


def _sectors(look: Look, rng: np.random.Generator) -> Floats:
    """The sheen of a turned face over the full circle (2048 steps), grey levels about 0.

    Turning marks throw light only across themselves, so a lathe's face shines in a bow tie about the light, and the
    windows and walls of the room stand in it as sectors, some with sharp borders.
    """
    at = np.linspace(0, tau, STEPS, endpoint=False, dtype=np.float32)
    tie = np.cos(at - np.float32(look.light)) ** 2 + 0.35 * np.cos(at - np.float32(look.light))
    borders = np.sort(rng.uniform(0, tau, int(rng.integers(3, 7))))
    room = rng.normal(0, 0.5, len(borders) + 1)
    room[-1] = room[0]
    steps = floats(room[np.searchsorted(borders, at)])
    sharp, soft = (ndimage.gaussian_filter1d(steps, degrees / 360 * STEPS, mode="wrap") for degrees in (1.4, 9))
    sheen = 0.7 * tie + 0.5 * sharp + 0.6 * soft
    return floats(look.sheen * (sheen - sheen.mean() + 0.045 * ragged(rng, 0.8)))


def _turned(look: Look, face: Shape, rng: np.random.Generator) -> Floats:
    """Grey levels of machined metal at every pixel: sectors of sheen, fine marks along the turning, tool chatter."""
    twist = np.float32(rng.uniform(-0.5, 0.5))
    sheen = around(face.angle + (face.distance - np.float32(0.8)) * twist, _sectors(look, rng))
    wide = floats(ndimage.gaussian_filter1d(noise(rng, 64), 2.0) * rng.uniform(2, 8))
    bands = wide[np.minimum(face.distance * 50, 63).astype(np.int32)]
    depth = max(0.0, rng.uniform(-3, 3))  # grey levels; half of the faces have no chatter
    waves = np.sin(face.distance * np.float32(rng.uniform(60, 110)) + face.angle * np.float32(rng.integers(-9, 10)))
    metal = look.face + sheen + bands + look.brush * _marks(face, rng) + np.float32(depth) * waves
    return floats(np.minimum(metal, 247 + 0.08 * (metal - 247)))  # a sensor's shoulder, not a clipped white


def _marks(face: Shape, rng: np.random.Generator) -> Floats:
    """The turning marks at every pixel, spread about 1: thin across the turning, long along it or all the way round."""
    lines, arcs = int(face.size * 1.1), 192
    arc = ndimage.gaussian_filter1d(noise(rng, lines, arcs), rng.uniform(2, 7), axis=1, mode="wrap")
    marks = 0.75 * arc / arc.std() + 0.65 * noise(rng, lines, 1)
    place = np.stack([face.distance * np.float32(lines - 2), face.angle * np.float32(arcs / tau)])
    return floats(ndimage.map_coordinates(floats(marks), place, order=1, mode="grid-wrap", prefilter=False))


def _stains(rng: np.random.Generator) -> Floats:
    """Oil, coolant and finger marks, (300, 300): soft at the edge and a few levels deep, never like a defect."""
    step = 4  # pixels; they are so soft that they can be drawn coarsely
    marks, x, y = np.zeros((SIZE // step, SIZE // step), np.float32), X[::step, ::step], Y[::step, ::step]
    for _ in range(int(rng.integers(0, 7))):
        (at_x, at_y), (long, short), turn = rng.uniform(40, 260, 2), rng.uniform(5, 22, 2), rng.uniform(0, pi)
        along = ((x - at_x) * cos(turn) + (y - at_y) * sin(turn)) / long
        across = ((y - at_y) * cos(turn) - (x - at_x) * sin(turn)) / short
        marks += floats(rng.uniform(-13, 7) * np.exp(-(along**2) - across**2))
    return np.asarray(Image.fromarray(marks).resize((SIZE, SIZE), Image.Resampling.BICUBIC), dtype=np.float32)


# --- the parts, from the outside in ---


def _side(plan: Plan, picture: Floats, rng: np.random.Generator) -> Floats:
    """The casting's raw side, seen below the face on the side from which the casting leans away; dark and rough."""
    part = plan.part(-0.11)
    wall = 44 + 18 * part.lit + 10 * around(part.angle, ragged(rng, 1.5))
    return over(picture, floats(np.clip(wall, 12, 120)), part.inside(1.004))


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
    """The bore: its wall, lit opposite the light, and the desk seen through it in half shadow."""
    top, below = plan.part(0.14), plan.part(-0.14)
    wall = floats(46 - 40 * np.minimum(top.lit, 0) * top.distance / BORE)
    picture = over(picture, wall, top.inside(BORE))
    open_sky = 1 - top.distance / BORE
    shade = 0.72 + 0.28 * np.clip(open_sky, 0, 1) - 0.32 * top.lit * top.distance / BORE
    return over(picture, floats(desk * shade), floats(below.inside(BORE * 0.985) * top.inside(BORE - 0.007)))
