"""How metal looks that was turned on a lathe: sectors of sheen, fine marks along the turning, chatter, and stains."""

from math import cos, pi, sin, tau

import numpy as np
from PIL import Image
from scipy import ndimage

from casting_core.data.drawing.canvas import SIZE, STEPS, Floats, Shape, X, Y, around, floats, noise, over, ragged


def turned(face: Shape, rng: np.random.Generator, *, level: float, light: float, sheen: float, brush: float) -> Floats:
    """Grey levels of machined metal at every pixel, ``level`` in the mean; ``sheen`` and ``brush`` say how they spread.

    ``light``: where it comes from, radians.
    """
    twist = np.float32(rng.uniform(-0.5, 0.5))
    table = _sectors(rng, light=light, sheen=sheen)
    sectors = around(face.angle + (face.distance - np.float32(0.8)) * twist, table)
    wide = floats(ndimage.gaussian_filter1d(noise(rng, 64), 2.0) * rng.uniform(2, 8))
    bands = wide[np.minimum(face.distance * 50, 63).astype(np.int32)]
    depth = max(0.0, rng.uniform(-3, 3))  # grey levels; half of the faces have no chatter
    waves = np.sin(face.distance * np.float32(rng.uniform(60, 110)) + face.angle * np.float32(rng.integers(-9, 10)))
    metal = level + sectors + bands + brush * _marks(face, rng) + np.float32(depth) * waves
    return floats(np.minimum(metal, 247 + 0.08 * (metal - 247)))  # a sensor's shoulder, not a clipped white


def stains(rng: np.random.Generator) -> Floats:
    """Oil, coolant and finger marks, (300, 300): soft at the edge and a few levels deep, never like a defect."""
    step = 4  # pixels; they are so soft that they can be drawn coarsely
    marks, x, y = np.zeros((SIZE // step, SIZE // step), np.float32), X[::step, ::step], Y[::step, ::step]
    for _ in range(int(rng.integers(0, 7))):
        (at_x, at_y), (long, short), turn = rng.uniform(40, 260, 2), rng.uniform(5, 22, 2), rng.uniform(0, pi)
        along = ((x - at_x) * cos(turn) + (y - at_y) * sin(turn)) / long
        across = ((y - at_y) * cos(turn) - (x - at_x) * sin(turn)) / short
        marks += floats(rng.uniform(-13, 7) * np.exp(-(along**2) - across**2))
    return np.asarray(Image.fromarray(marks).resize((SIZE, SIZE), Image.Resampling.BICUBIC), dtype=np.float32)


def raw_side(picture: Floats, foot: Shape, rng: np.random.Generator) -> Floats:
    """The picture with the casting's raw side, seen below its face on the side from which it leans away; dark, rough.

    ``foot``: its outline at its lower end.
    """
    wall = 44 + 18 * foot.lit + 10 * around(foot.angle, ragged(rng, 1.5))
    return over(picture, floats(np.clip(wall, 12, 120)), foot.inside(1.004))


def bored(picture: Floats, desk: float, top: Shape, below: Shape, *, radius: float) -> Floats:
    """The picture with a round hole: its wall, lit opposite the light, and the desk seen through it in half shadow.

    ``top`` and ``below`` are seen about its middle, at its upper and at its lower end.
    """
    wall = floats(46 - 40 * np.minimum(top.lit, 0) * top.distance / radius)
    picture = over(picture, wall, top.inside(radius))
    open_sky = 1 - top.distance / radius
    shade = 0.72 + 0.28 * np.clip(open_sky, 0, 1) - 0.32 * top.lit * top.distance / radius
    return over(picture, floats(desk * shade), floats(below.inside(radius * 0.985) * top.inside(radius - 0.007)))


def _sectors(rng: np.random.Generator, *, light: float, sheen: float) -> Floats:
    """The sheen of a turned face over the full circle (2048 steps), grey levels about 0.

    Turning marks throw light only across themselves, so a lathe's face shines in a bow tie about the light, and the
    windows and walls of the room stand in it as sectors, some with sharp borders.
    """
    at = np.linspace(0, tau, STEPS, endpoint=False, dtype=np.float32)
    tie = np.cos(at - np.float32(light)) ** 2 + 0.35 * np.cos(at - np.float32(light))
    borders = np.sort(rng.uniform(0, tau, int(rng.integers(3, 7))))
    room = rng.normal(0, 0.5, len(borders) + 1)
    room[-1] = room[0]
    steps = floats(room[np.searchsorted(borders, at)])
    sharp, soft = (ndimage.gaussian_filter1d(steps, degrees / 360 * STEPS, mode="wrap") for degrees in (1.4, 9))
    shine = 0.7 * tie + 0.5 * sharp + 0.6 * soft
    return floats(sheen * (shine - shine.mean() + 0.045 * ragged(rng, 0.8)))


def _marks(face: Shape, rng: np.random.Generator) -> Floats:
    """The turning marks at every pixel, spread about 1: thin across the turning, long along it or all the way round."""
    lines, arcs = int(face.size * 1.1), 192
    arc = ndimage.gaussian_filter1d(noise(rng, lines, arcs), rng.uniform(2, 7), axis=1, mode="wrap")
    marks = 0.75 * arc / arc.std() + 0.65 * noise(rng, lines, 1)
    place = np.stack([face.distance * np.float32(lines - 2), face.angle * np.float32(arcs / tau)])
    return floats(ndimage.map_coordinates(floats(marks), place, order=1, mode="grid-wrap", prefilter=False))
