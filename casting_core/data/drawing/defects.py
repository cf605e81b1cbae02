"""How casting defects look; where they sit is for the part to say."""

from collections.abc import Callable
from itertools import pairwise
from math import cos, pi, sin, tau

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from casting_core.data.drawing.canvas import SIZE, STEPS, Floats, X, Y, around, floats, noise, over, ragged
from casting_core.data.drawing.scene import DefectKind, Scene

VISIBLE = 10.0  # grey levels; a pixel changed by more belongs to a defect's mask
FINE = 4  # steps a pixel when a crack is drawn


def add_defect(kind: DefectKind, scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """The picture, (300, 300) grey levels, with one more defect on the casting of the scene."""
    return DEFECTS[kind](scene, picture, rng)


def changed(before: Floats, after: Floats) -> NDArray[np.bool_]:
    """The mask of a defect, (300, 300): where the picture shows it, with small gaps closed."""
    return np.asarray(ndimage.binary_closing(np.abs(after - before) > VISIBLE, iterations=2), dtype=np.bool_)


def strength(rng: np.random.Generator) -> float:
    """How deep a defect is, 0.45 to 1; few are faint."""
    return float(0.45 + 0.55 * rng.beta(2.2, 1.2))


def _pit(
    picture: Floats, place: tuple[float, float], *, radius: float, depth: float, light: float, turn: float
) -> Floats:
    """The picture with a pit at this place."""
    dx, dy = X - np.float32(place[0]), Y - np.float32(place[1])
    return pit(picture, dx, dy, radius=radius, depth=depth, light=light, turn=turn)


def pit(picture: Floats, dx: Floats, dy: Floats, *, radius: float, depth: float, light: float, turn: float) -> Floats:
    """A hole of this radius (pixels): dark within, darkest under the lip at the light, the far lip catching light.

    ``dx``, ``dy``: how far each pixel of the picture, of any shape, lies from its middle.
    """
    about = np.arctan2(dy, dx)
    wobble = 1 + 0.13 * np.cos(2 * about + turn) + 0.10 * np.cos(3 * about - 2 * turn) + 0.06 * np.cos(5 * about + turn)
    away = np.hypot(dx, dy) - radius * wobble  # pixels from the outline, negative within
    towards = np.clip((dx * cos(light) + dy * sin(light)) / radius, -1, 1)
    hole = np.clip(0.5 - away, 0, 1) * (depth * (0.76 + 0.22 * towards) + 0.16 * np.clip(towards + 0.2, 0, 1))
    lip = np.exp(-(((away - 0.8) / 0.8) ** 2)) * np.clip(-towards, 0, 1) * 30 * depth
    return floats(picture * (1 - np.clip(hole, 0, 0.96)) + lip * np.clip((235 - picture) / 40, 0, 1))


def _blowhole(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """One bubble, and now and then a small one beside it."""
    place, radius, light = scene.spot(DefectKind.BLOWHOLE, rng), rng.uniform(2.0, 5.2), scene.light
    picture = _pit(picture, place, radius=radius, depth=strength(rng), light=light, turn=rng.uniform(0, tau))
    if rng.random() < 0.25:
        beside = (place[0] + rng.normal(0, 6), place[1] + rng.normal(0, 6))
        picture = _pit(picture, beside, radius=radius * 0.45, depth=0.8, light=light, turn=rng.uniform(0, tau))
    return picture


def _pinholes(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    x, y = scene.spot(DefectKind.PINHOLES, rng)
    spread, depth = rng.uniform(4.0, 7.5), strength(rng)
    for _ in range(int(rng.integers(5, 13))):
        place = (x + rng.normal(0, spread), y + rng.normal(0, spread))
        deep = min(1.0, depth * rng.uniform(0.9, 1.3))
        picture = _pit(picture, place, radius=rng.uniform(0.9, 1.7), depth=deep, light=scene.light, turn=0.0)
    return picture


def _shrinkage(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A dark spongy patch: pores of two sizes in a torn outline."""
    x, y = scene.spot(DefectKind.SHRINKAGE, rng)
    long, short, turn = rng.uniform(8, 14), rng.uniform(5, 8), rng.uniform(0, pi)
    along, across = (X - x) * cos(turn) + (Y - y) * sin(turn), (Y - y) * cos(turn) - (X - x) * sin(turn)
    coarse, fine = noise(rng, SIZE, SIZE, smooth=2.6) * 8, noise(rng, SIZE, SIZE, smooth=0.9) * 3
    outline = np.clip((1.05 + 0.3 * coarse - np.hypot(along / long, across / short)) * 2.5, 0, 1)
    pores = np.clip(0.45 + 0.25 * coarse + 0.3 * fine, 0.08, 1)
    return floats(picture * (1 - 0.92 * outline * pores * strength(rng)))


def _crack(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A jagged dark line with one bright lip; about every third is straight instead, a scratch."""
    x, y = scene.spot(DefectKind.CRACK, rng)
    jagged = 0.06 if rng.random() < 0.3 else 0.5  # radians from piece to piece
    steps = int(rng.integers(8, 19))
    bends = rng.uniform(0, tau) + rng.normal(0, 0.5 * jagged, steps).cumsum() + rng.normal(0, jagged, steps)
    pieces = np.stack([np.cos(bends), np.sin(bends)], axis=1) * rng.uniform(1.4, 3.2, (steps, 1))
    points = pieces.cumsum(axis=0)
    line = _line(points - points.mean(axis=0) + (x, y), width=rng.uniform(1.0, 1.9))
    lip = np.roll(line, (-round(1.4 * sin(scene.light)), -round(1.4 * cos(scene.light))), (0, 1))
    depth = strength(rng)
    return floats(picture * (1 - 0.85 * depth * line) + (picture > 60) * 24 * depth * lip * (1 - line))


def _line(points: NDArray[np.float64], *, width: float) -> Floats:
    """How much of each pixel, 0 to 1, a line through these points covers; it tapers to both ends."""
    sheet = Image.new("L", (SIZE * FINE, SIZE * FINE))
    pen = ImageDraw.Draw(sheet)
    for step, (start, end) in enumerate(pairwise(points)):
        taper = 0.45 + 0.55 * sin(pi * (step + 0.5) / (len(points) - 1))
        ends = [tuple((start + 0.5) * FINE), tuple((end + 0.5) * FINE)]
        pen.line(ends, fill=255, width=max(1, round(width * taper * FINE)))
    return floats(np.asarray(sheet.reduce(FINE), dtype=np.float32) / 255)


def _profile(
    kind: DefectKind, scene: Scene, rng: np.random.Generator, *, half: float, degrees: float, least: float
) -> Floats:
    """A ragged profile at each pixel's angle: ``least`` to 1.3 about one angle, 0 beyond half its width (radians)."""
    at = np.linspace(0, tau, STEPS, endpoint=False)
    off = (at - scene.edge(kind, rng) + pi) % tau - pi
    hump = np.clip(1.6 * np.cos(np.clip(off / half, -1, 1) * pi / 2), 0, 1)
    return around(scene.outline.angle, floats(hump * np.clip(0.8 + 0.4 * ragged(rng, degrees), least, 1.3)))


def _flash(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A burr beyond the outer edge: dark torn metal with glints, and a shadow under it."""
    half, high = rng.uniform(0.08, 0.7), rng.uniform(4.0, 8.0)
    profile = _profile(DefectKind.FLASH, scene, rng, half=half, degrees=1.3, least=0.0) * np.float32(high)
    beyond = (scene.outline.distance - 1) * np.float32(scene.outline.size)  # pixels outside the edge
    there = profile > 0.4
    burr = np.clip(profile - beyond + 0.5, 0, 1) * np.clip(beyond + 1.5, 0, 1) * there
    shade = np.clip(1 - (beyond - profile) / 3, 0, 1) * np.clip(beyond, 0, 1) * there
    torn = noise(rng, SIZE, SIZE, smooth=1.1) * np.float32(3.6)
    metal = np.clip(46 + 22 * torn + 110 * np.clip(torn - 0.9, 0, 1.2), 8, 235)
    return over(floats(picture * (1 - 0.35 * shade * (1 - burr))), floats(metal), floats(burr))


def _misrun(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A bite out of the outer edge: rounded raw metal falling off into the dark, its brim catching light."""
    half, deep = rng.uniform(0.05, 0.16), rng.uniform(5.0, 11.0)
    profile = _profile(DefectKind.MISRUN, scene, rng, half=half, degrees=2.5, least=0.6) * np.float32(deep)
    within = (np.float32(1.012) - scene.outline.distance) * np.float32(scene.outline.size)  # pixels inside the edge
    there = profile > 0.6
    bite = np.clip(profile - within + 0.5, 0, 1) * there * np.clip(within + 2, 0, 1)
    fall = np.clip((profile - within) / np.maximum(profile, 3), 0, 1)  # 0 at the brim, 1 at the old edge
    rough = noise(rng, SIZE, SIZE, smooth=0.9) * np.float32(2.6)
    raw = np.clip(26 + (0.5 * scene.desk - 20) * fall + 9 * rough, 8, 160)
    brim = np.exp(-(((within - profile - 1.0) / 0.9) ** 2)) * there * 24 * np.clip((235 - picture) / 40, 0, 1)
    return over(floats(picture + brim), floats(raw), floats(bite))


DEFECTS: dict[DefectKind, Callable[[Scene, Floats, np.random.Generator], Floats]] = {
    DefectKind.BLOWHOLE: _blowhole,
    DefectKind.PINHOLES: _pinholes,
    DefectKind.SHRINKAGE: _shrinkage,
    DefectKind.CRACK: _crack,
    DefectKind.FLASH: _flash,
    DefectKind.MISRUN: _misrun,
}
