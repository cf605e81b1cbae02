"""How a sound casting looks from above: a pump impeller, turned on a lathe, lit from one side, photographed."""

from dataclasses import dataclass
from math import cos, pi, sin, sqrt, tau

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]

SIZE = 300  # pixels, both sides of a photo
STEPS = 2048  # steps of the full circle in tables over the angle
Y, X = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)  # pixels

# Radii of the parts, in outer radii of the casting; measured roughly on photos of the real part.
GROOVE, RING, RECESS, HUB, BORE = 0.635, 0.615, 0.545, 0.290, 0.212


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is particular about one casting and its photograph. Angles run clockwise from the right, in radians."""

    centre: tuple[float, float]  # pixels, x and y
    radius: float  # pixels, the outer edge along the longer axis
    squeeze: float  # shorter by longer axis: the tilt against the camera
    axis: float  # radians, the direction that is squeezed
    lean: tuple[float, float]  # outer radii, how far a part one radius high is seen shifted
    light: float  # radians, where the light comes from
    desk: float  # grey level of the background
    face: float  # grey level of the machined face, in the mean
    sheen: float  # grey levels, how far its bright and dark sectors lie apart
    brush: float  # grey levels, spread of the turning marks
    blades: int
    hand: int  # +1 or -1: which way the blades turn
    turn: float  # radians, where the first blade starts
    sharpness: float  # pixels, blur of the lens
    grain: float  # grey levels, spread of the sensor's noise
    exposure: float  # factor on all grey levels


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A casting drawn, before the camera adds blur and grain. All arrays are (300, 300)."""

    look: Look
    picture: Floats  # grey levels
    desk: Floats  # grey levels, the background with the casting's shadow on it, also where the casting hides it
    distance: Floats  # from the middle of the face, in outer radii
    angle: Floats  # about the middle of the face, in radians


def floats(values: NDArray[np.floating]) -> Floats:
    """The values in single precision, which is plenty for grey levels and half the work."""
    return values.astype(np.float32, copy=False)


def around(angle: Floats, table: Floats) -> Floats:
    """A table over the full circle (2048 steps), looked up at each pixel's angle (radians)."""
    return table[(angle * np.float32(STEPS / tau)).astype(np.int32) % STEPS]


def any_look(rng: np.random.Generator) -> Look:
    """A casting and a photograph of it, as they come."""
    lean, towards = rng.uniform(0.05, 0.30), rng.uniform(0, tau)
    return Look(
        centre=(149.5 + rng.uniform(-6, 6), 149.5 + rng.uniform(-6, 6)),
        radius=rng.uniform(114, 131),
        squeeze=1 - rng.uniform(0, 0.07),
        axis=rng.uniform(0, pi),
        lean=(lean * cos(towards), lean * sin(towards)),
        light=rng.uniform(0, tau),
        desk=rng.uniform(146, 188),
        face=rng.uniform(176, 206),
        sheen=rng.uniform(20, 46),
        brush=rng.uniform(1.5, 4.5),
        blades=int(rng.integers(6, 9)),
        hand=int(rng.choice((-1, 1))),
        turn=rng.uniform(0, tau),
        sharpness=rng.uniform(0.45, 0.75),
        grain=rng.uniform(1.2, 2.8),
        exposure=rng.uniform(0.86, 1.08),
    )


def draw(look: Look, rng: np.random.Generator) -> Scene:
    """A sound casting with its harmless variety: turning marks, sheen, stains, dust."""
    u, v = _plan(look)
    distance, angle = _polar(look, u, v, height=0.0)
    desk = _desk(look, distance, angle, rng)
    turned = _turned(look, distance, angle, rng)
    picture = _outer_edge(look, u, v, desk, rng)
    picture = _over(picture, turned + _stains(rng), _inside(look, distance, 1.0))
    picture = _chamfer(look, picture, distance, angle, rng)
    picture = _ring(look, u, v, picture, turned, rng)
    picture = _recess(look, u, v, picture)
    picture = _hub(look, u, v, picture, turned, desk)
    return Scene(look=look, picture=picture, desk=desk, distance=distance, angle=angle)


def photograph(look: Look, picture: Floats, rng: np.random.Generator) -> Floats:
    """The grey levels, (300, 300) and not yet rounded, that the camera makes of a picture."""
    seen = ndimage.gaussian_filter(picture, look.sharpness) * np.float32(look.exposure)
    noise = ndimage.gaussian_filter(_noise(rng, SIZE, SIZE), 0.45)
    return floats(seen + noise * np.float32(look.grain * 1.6))  # 1.6: what the blur takes off the noise


# --- the plan of the casting ---


def _noise(rng: np.random.Generator, *shape: int) -> Floats:
    return rng.standard_normal(shape, dtype=np.float32)


def _plan(look: Look) -> tuple[Floats, Floats]:
    """Each pixel's place on the face, in outer radii from its middle, with the tilt taken out."""
    x, y = (X - np.float32(look.centre[0])) / look.radius, (Y - np.float32(look.centre[1])) / look.radius
    c, s = cos(look.axis), sin(look.axis)
    stretch = (x * c + y * s) * (1 / look.squeeze - 1)
    return floats(x + stretch * c), floats(y + stretch * s)


def _polar(look: Look, u: Floats, v: Floats, *, height: float) -> tuple[Floats, Floats]:
    """Distance (outer radii) and angle (radians) about the middle of a part this high (outer radii) above the face."""
    x, y = u - np.float32(height * look.lean[0]), v - np.float32(height * look.lean[1])
    return np.hypot(x, y), np.arctan2(y, x)


def _inside(look: Look, distance: Floats, radius: float) -> Floats:
    """How much of each pixel, 0 to 1, lies within this radius: an edge without stairs and without supersampling."""
    return floats(np.clip((np.float32(radius) - distance) * np.float32(look.radius) + 0.5, 0, 1))


def _near(look: Look, distance: Floats, radius: float, width: float) -> Floats:
    """1 on the circle of this radius, fading to 0 within a few widths (pixels)."""
    return floats(np.exp(-(((distance - radius) * (look.radius / width)) ** 2)))


def _over(below: Floats, above: Floats | float, cover: Floats) -> Floats:
    return floats(below + (above - below) * cover)


def _lit(look: Look, angle: Floats) -> Floats:
    """1 where an edge faces the light, -1 where it turns away."""
    return floats(np.cos(angle - np.float32(look.light)))


def _ragged(rng: np.random.Generator, smooth: float) -> Floats:
    """Random values over the full circle, spread 1, smooth over so many degrees."""
    values = ndimage.gaussian_filter1d(_noise(rng, STEPS), smooth / 360 * STEPS, mode="wrap")
    return floats(values / values.std())


# --- the parts, from the outside in ---


def _desk(look: Look, distance: Floats, angle: Floats, rng: np.random.Generator) -> Floats:
    """The background: a gentle slope of light, and the casting's soft shadow on the side away from the light."""
    slope, towards = rng.uniform(6, 22), look.light + rng.uniform(-0.7, 0.7)
    along = ((X - 150) * cos(towards) + (Y - 150) * sin(towards)) / 150
    clouds = ndimage.zoom(_noise(rng, 6, 6), SIZE / 6, order=3, mode="nearest", grid_mode=True)
    beyond = np.clip((distance - 1) * look.radius, 0, None)  # pixels
    away = 0.5 - 0.5 * _lit(look, angle)
    shadow = rng.uniform(0.25, 0.45) * np.exp(-beyond / 4) + away * rng.uniform(0.2, 0.42) * np.exp(-beyond / 13)
    return floats((look.desk + slope * along + 2.0 * clouds) * (1 - shadow))


def _sectors(look: Look, rng: np.random.Generator) -> Floats:
    """The sheen of a turned face over the full circle, mean 0.

    Turning marks throw light only across themselves, so a lathe's face shines in a bow tie about the light, and the
    windows and walls of the room stand in it as sectors, some with sharp borders.
    """
    at = np.linspace(0, tau, STEPS, endpoint=False, dtype=np.float32)
    tie = np.cos(at - np.float32(look.light)) ** 2 + 0.35 * np.cos(at - np.float32(look.light))
    borders = np.sort(rng.uniform(0, tau, int(rng.integers(3, 7))))
    room = rng.normal(0, 0.5, len(borders) + 1)
    room[-1] = room[0]
    steps = floats(room[np.searchsorted(borders, at)])
    sharp, soft = (ndimage.gaussian_filter1d(steps, degrees / 360 * STEPS, mode="wrap") for degrees in (1.2, 9))
    sheen = 0.7 * tie + 0.5 * sharp + 0.6 * soft
    return floats(look.sheen * (sheen - sheen.mean()) + 0.04 * look.sheen * _ragged(rng, 0.6))


def _turned(look: Look, distance: Floats, angle: Floats, rng: np.random.Generator) -> Floats:
    """Grey levels of machined metal at every pixel: sectors of sheen, fine marks along the turning, tool chatter."""
    lines = int(look.radius * 1.1)
    arcs = int(rng.integers(36, 80))
    marks = 0.75 * _noise(rng, lines, arcs) + 0.65 * _noise(rng, lines, 1)
    place = np.stack([distance * (lines - 2), (angle / tau % 1) * arcs])
    grooves = ndimage.map_coordinates(marks, place, order=1, mode="grid-wrap", prefilter=False)
    twist = rng.uniform(-0.5, 0.5)
    sheen = around(angle + floats((distance - 0.8) * twist), _sectors(look, rng))
    wide = floats(ndimage.gaussian_filter1d(_noise(rng, 64), 2.5) * 5)
    bands = wide[np.clip(distance * 60, 0, 63).astype(np.int32)] * rng.uniform(0.3, 1.4)
    chatter = rng.uniform(-3, 2.5)
    waves = np.sin(distance * rng.uniform(60, 110) + angle * rng.integers(-9, 10)) * max(chatter, 0.0)
    return floats(np.minimum(look.face + sheen + bands + look.brush * grooves + waves, 246))


def _stains(rng: np.random.Generator) -> Floats:
    """Oil, coolant and finger marks: soft at the edge and a few grey levels deep, so never mistaken for a defect."""
    marks = np.zeros((SIZE, SIZE), np.float32)
    for _ in range(int(rng.integers(0, 6))):
        (x, y), (long, short), turn = rng.uniform(40, 260, 2), rng.uniform(5, 22, 2), rng.uniform(0, pi)
        along, across = (X - x) * cos(turn) + (Y - y) * sin(turn), (Y - y) * cos(turn) - (X - x) * sin(turn)
        marks += floats(rng.uniform(-11, 6) * np.exp(-((along / long) ** 2) - (across / short) ** 2))
    return marks


def _outer_edge(look: Look, u: Floats, v: Floats, desk: Floats, rng: np.random.Generator) -> Floats:
    """The casting's raw side wall, seen below the face where the casting leans away; dark, with a few glints."""
    distance, angle = _polar(look, u, v, height=-0.11)
    wall = 44 + 16 * _lit(look, angle) + 9 * around(angle, _ragged(rng, 1.5))
    return _over(desk, floats(np.clip(wall, 12, 120)), _inside(look, distance, 1.004))


def _chamfer(look: Look, picture: Floats, distance: Floats, angle: Floats, rng: np.random.Generator) -> Floats:
    """The broken outer edge of the face: a thin line, bright towards the light and dark away from it."""
    level = _lit(look, angle) * 48 - 30 + 14 * around(angle, _ragged(rng, 2.5))
    return floats(picture + level * _near(look, distance, 0.992, 1.2))


def _ring(look: Look, u: Floats, v: Floats, picture: Floats, turned: Floats, rng: np.random.Generator) -> Floats:
    """The groove and the raised ring within it; the groove is widest where the ring leans away from it."""
    distance, angle = _polar(look, u, v, height=0.0)
    glow = _lit(look, angle) * -16 * _near(look, distance, GROOVE, 9)  # the ring's wall mirrors light onto the face
    picture = floats(picture + glow)
    depth = 24 + 9 * around(angle, _ragged(rng, 4)) + 20 * np.clip(-_lit(look, angle), 0, 1)
    picture = _over(picture, floats(np.clip(depth, 8, 90)), _inside(look, distance, GROOVE + rng.uniform(0.0, 0.02)))
    distance, angle = _polar(look, u, v, height=0.10)
    level = turned * 0.9 + 4 + 10 * _lit(look, angle)
    picture = _over(picture, floats(level), _inside(look, distance, RING))
    lip = floats(26 * _lit(look, angle) - 16 + 8 * around(angle, _ragged(rng, 3)))
    return floats(picture + lip * _near(look, distance, RING - 0.006, 1.0))


def _recess(look: Look, u: Floats, v: Floats, picture: Floats) -> Floats:
    """The dark suction eye with the blades' edges in it, each lit on one side."""
    distance, angle = _polar(look, u, v, height=0.06)
    deep, about = _polar(look, u, v, height=-0.15)
    swirl = look.hand * about * look.blades + 5.2 * np.log(np.maximum(deep, 0.05)) * look.blades / 3 + look.turn
    phase = (swirl / tau) % 1  # 0 at a blade's edge, rising over its back to 1
    edge = np.exp(-((np.minimum(phase, 1 - phase) / 0.05) ** 2))
    back = np.exp(-phase * 5.0)
    lit = 0.35 + 0.65 * np.clip(0.5 + 0.6 * np.cos(about - look.light - look.hand), 0, 1)
    reach = np.clip((deep - 0.32) / 0.16, 0, 1)
    floor = 8 + 9 * np.clip((deep - 0.3) * 4, 0, 1) + lit * reach * (30 * back + 20 * edge)
    rim = -_lit(look, angle) * 14 * _near(look, distance, RECESS - 0.012, 1.6)
    return _over(picture, floats(np.clip(floor + rim, 4, 90)), _inside(look, distance, RECESS))


def _hub(look: Look, u: Floats, v: Floats, picture: Floats, turned: Floats, desk: Floats) -> Floats:
    """The hub's ring and the bore through it, with a bright chamfer; the desk is seen through the bore."""
    distance, angle = _polar(look, u, v, height=-0.03)
    side = floats(46 + 22 * _lit(look, angle))
    picture = _over(picture, side, _inside(look, distance, HUB + 0.012))
    distance, angle = _polar(look, u, v, height=0.14)
    lit = _lit(look, angle)
    picture = _over(picture, floats(turned * 0.86 + 6 + 12 * lit), _inside(look, distance, HUB))
    picture = floats(picture + (22 * lit - 18) * _near(look, distance, HUB - 0.006, 1.1))
    picture = floats(picture + (34 - 30 * lit) * _near(look, distance, BORE + 0.012, 1.3))
    wall = floats(40 + 34 * (0.5 - 0.5 * lit) * np.clip(distance / BORE, 0, 1))
    picture = _over(picture, wall, _inside(look, distance, BORE))
    below, _ = _polar(look, u, v, height=-0.12)
    shade = 0.60 + 0.22 * np.clip(1 - distance / BORE, 0, 1) - 0.20 * lit * distance / BORE
    seen = _inside(look, below, BORE * 0.985) * _inside(look, distance, BORE - 0.006)
    daylight = look.desk + (desk.mean() - look.desk) / sqrt(2)
    return _over(picture, floats(daylight * shade), seen)
