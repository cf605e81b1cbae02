"""How casting defects look, and where on an impeller they sit."""

from collections.abc import Callable
from enum import StrEnum
from itertools import pairwise
from math import cos, pi, sin, tau

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from casting_core.data.drawing import SIZE, STEPS, Floats, Scene, X, Y, around, floats

VISIBLE = 10.0  # grey levels; a pixel changed by more belongs to a defect's mask
FINE = 4  # steps a pixel when a crack is drawn
ZONES = ((0.675, 0.955, 0.74), (0.562, 0.605, 0.19), (0.235, 0.275, 0.07))  # face, ring, hub: from, to (radii), share


class DefectKind(StrEnum):
    """What went wrong with a casting."""

    BLOWHOLE = "blowhole"  # a gas bubble, cut open by the tool
    PINHOLES = "pinholes"  # a cluster of tiny ones
    SHRINKAGE = "shrinkage"  # spongy metal where the melt ran short while setting
    CRACK = "crack"  # a thin jagged line, or a scratch
    FLASH = "flash"  # a burr where the mould's halves did not meet
    MISRUN = "misrun"  # metal missing at the edge


def add_defect(kind: DefectKind, scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """The picture, (300, 300) grey levels, with one more defect on the casting of the scene."""
    return DEFECTS[kind](scene, picture, rng)


def changed(before: Floats, after: Floats) -> NDArray[np.bool_]:
    """The mask of a defect, (300, 300): where the picture shows it, with small gaps closed."""
    return np.asarray(ndimage.binary_closing(np.abs(after - before) > VISIBLE, iterations=2), dtype=np.bool_)


def _spot(scene: Scene, rng: np.random.Generator) -> tuple[float, float]:
    """A place (x, y in pixels) on machined metal, the wide face far more often than the ring or the hub."""
    zone = ZONES[rng.choice(len(ZONES), p=[share for _, _, share in ZONES])]
    return _at(scene, rng.uniform(zone[0], zone[1]), rng.uniform(0, tau))


def _at(scene: Scene, distance: float, angle: float) -> tuple[float, float]:
    """The pixel (x, y) at this distance (outer radii) and angle (radians) about the middle of the face."""
    look = scene.look
    x, y = distance * look.radius * cos(angle), distance * look.radius * sin(angle)
    squeezed = (x * cos(look.axis) + y * sin(look.axis)) * (look.squeeze - 1)
    return look.centre[0] + x + squeezed * cos(look.axis), look.centre[1] + y + squeezed * sin(look.axis)


def _strength(rng: np.random.Generator) -> float:
    """How deep a defect is, 0.45 to 1; few are faint."""
    return float(0.45 + 0.55 * rng.beta(2.2, 1.2))


def _pit(scene: Scene, picture: Floats, place: tuple[float, float], radius: float, depth: float, turn: float) -> Floats:
    """A hole of this radius (pixels): dark within, darkest under the lip at the light, the far lip catching light."""
    dx, dy = X - np.float32(place[0]), Y - np.float32(place[1])
    about = np.arctan2(dy, dx)
    wobble = 1 + 0.13 * np.cos(2 * about + turn) + 0.09 * np.cos(3 * about - 2 * turn)
    away = np.hypot(dx, dy) - radius * wobble  # pixels from the outline, negative within
    towards = (dx * cos(scene.look.light) + dy * sin(scene.look.light)) / radius
    hole = np.clip(0.5 - away, 0, 1) * depth * np.clip(0.80 + 0.16 * towards, 0, 0.97)
    lip = np.exp(-(((away - 0.8) / 0.8) ** 2)) * np.clip(-towards, 0, 1) * 26 * depth
    return floats(picture * (1 - hole) + lip * (picture < 225))


def _blowhole(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    return _pit(scene, picture, _spot(scene, rng), rng.uniform(2.0, 5.2), _strength(rng), rng.uniform(0, tau))


def _pinholes(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    x, y = _at(scene, rng.uniform(0.72, 0.92), rng.uniform(0, tau))
    spread, depth = rng.uniform(4.0, 7.5), _strength(rng)
    for _ in range(int(rng.integers(5, 13))):
        place = (x + rng.normal(0, spread), y + rng.normal(0, spread))
        picture = _pit(scene, picture, place, rng.uniform(0.9, 1.7), min(1.0, depth * rng.uniform(0.9, 1.3)), 0.0)
    return picture


def _shrinkage(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A dark spongy patch: pores at two sizes within an irregular outline."""
    x, y = _at(scene, rng.uniform(0.72, 0.88), rng.uniform(0, tau))
    long, short, turn = rng.uniform(6, 12), rng.uniform(4, 7), rng.uniform(0, pi)
    along, across = (X - x) * cos(turn) + (Y - y) * sin(turn), (Y - y) * cos(turn) - (X - x) * sin(turn)
    noise = rng.standard_normal((SIZE, SIZE), dtype=np.float32)
    coarse, fine = ndimage.gaussian_filter(noise, 3.0) * 10, ndimage.gaussian_filter(noise, 0.8) * 2.8
    outline = np.clip((1.0 + 0.35 * coarse - np.hypot(along / long, across / short)) * 3, 0, 1)
    pores = np.clip(0.55 + 0.35 * fine, 0, 1)
    return floats(picture * (1 - outline * pores * _strength(rng) * 0.85))


def _crack(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A jagged dark line with one bright lip; about every third is straight instead, a scratch."""
    x, y = _spot(scene, rng)
    straight = rng.random() < 0.3
    steps, heading = int(rng.integers(7, 16)), rng.uniform(0, tau)
    bends = heading + np.cumsum(rng.normal(0, 0.06 if straight else 0.42, steps))
    points = np.cumsum(np.stack([np.cos(bends), np.sin(bends)], axis=1) * rng.uniform(1.8, 3.4, (steps, 1)), axis=0)
    line = _line(points - points.mean(axis=0) + (x, y), rng.uniform(1.0, 1.9))
    light = scene.look.light
    lip = ndimage.shift(line, (-1.3 * sin(light), -1.3 * cos(light)), order=1)
    depth = _strength(rng)
    return floats(picture * (1 - 0.85 * depth * line) + (picture > 60) * 24 * depth * lip * (1 - line))


def _line(points: NDArray[np.float64], width: float) -> Floats:
    """How much of each pixel, 0 to 1, a line through these points covers; it tapers to both ends."""
    sheet = Image.new("L", (SIZE * FINE, SIZE * FINE))
    pen = ImageDraw.Draw(sheet)
    for step, (start, end) in enumerate(pairwise(points)):
        taper = 0.45 + 0.55 * sin(pi * (step + 0.5) / (len(points) - 1))
        ends = [tuple((start + 0.5) * FINE), tuple((end + 0.5) * FINE)]
        pen.line(ends, fill=255, width=max(1, round(width * taper * FINE)))
    small = sheet.resize((SIZE, SIZE), Image.Resampling.BOX)
    return floats(np.asarray(small, dtype=np.float32) / 255)


def _outline(scene: Scene, rng: np.random.Generator, *, middle: float, half: float, smooth: float) -> Floats:
    """A ragged profile at each pixel's angle, about 1 in the middle and 0 beyond half its width (radians)."""
    at = np.linspace(0, tau, STEPS, endpoint=False)
    off = (at - middle + pi) % tau - pi
    rough = ndimage.gaussian_filter1d(rng.standard_normal(STEPS), smooth / 360 * STEPS, mode="wrap")
    hump = np.clip(1.6 * np.cos(np.clip(off / half, -1, 1) * pi / 2), 0, 1)
    return around(scene.angle, floats(hump * np.clip(0.8 + 0.4 * rough / rough.std(), 0.1, 1.3)))


def _flash(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A burr beyond the outer edge: dark torn metal with glints, and a shadow under it."""
    half, high = rng.uniform(0.08, 0.4), rng.uniform(4.0, 8.0)
    profile = _outline(scene, rng, middle=rng.uniform(0, tau), half=half, smooth=1.3) * np.float32(high)
    beyond = (scene.distance - 1) * scene.look.radius  # pixels outside the edge
    burr = np.clip(profile - beyond + 0.5, 0, 1) * np.clip(beyond + 1.5, 0, 1) * (profile > 0.4)
    shade = np.clip(1 - (beyond - profile) / 3, 0, 1) * np.clip(beyond, 0, 1) * (profile > 0.4)
    noise = ndimage.gaussian_filter(rng.standard_normal((SIZE, SIZE), dtype=np.float32), 1.1) * 3.6
    metal = np.clip(46 + 22 * noise + 110 * np.clip(noise - 0.9, 0, 1.2), 8, 235)
    shaded = picture * (1 - 0.35 * shade * (1 - burr))
    return floats(shaded + (metal - shaded) * burr)


def _misrun(scene: Scene, picture: Floats, rng: np.random.Generator) -> Floats:
    """A bite out of the outer edge: the desk is seen in its shadow, behind a dark rounded wall."""
    half, deep = rng.uniform(0.05, 0.16), rng.uniform(4.0, 11.0)
    profile = _outline(scene, rng, middle=rng.uniform(0, tau), half=half, smooth=3.0) * np.float32(deep)
    within = (1.012 - scene.distance) * scene.look.radius  # pixels inside the edge
    bite = np.clip(profile - within + 0.5, 0, 1) * (profile > 0.6) * np.clip(within + 2, 0, 1)
    wall = np.clip(1 - (profile - within) / 2.6, 0, 1)
    seen = scene.desk * (0.62 - 0.42 * wall)
    lip = np.exp(-(((within - profile - 1.0) / 0.9) ** 2)) * (profile > 0.6) * 22 * (picture < 225)
    return floats((picture + lip) * (1 - bite) + seen * bite)


DEFECTS: dict[DefectKind, Callable[[Scene, Floats, np.random.Generator], Floats]] = {
    DefectKind.BLOWHOLE: _blowhole,
    DefectKind.PINHOLES: _pinholes,
    DefectKind.SHRINKAGE: _shrinkage,
    DefectKind.CRACK: _crack,
    DefectKind.FLASH: _flash,
    DefectKind.MISRUN: _misrun,
}
