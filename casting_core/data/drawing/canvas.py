"""What everything is drawn with: the photo's pixels, shapes with soft edges, layers, and repeatable roughness."""

from dataclasses import dataclass
from math import cos, sin, tau

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Floats = NDArray[np.float32]

SIZE = 300  # pixels, both sides of a photo
STEPS = 2048  # steps of the full circle in tables over the angle
Y, X = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)  # pixels


@dataclass(frozen=True, kw_only=True)
class Shape:
    """An outline as the camera sees it. All arrays are (300, 300).

    For a round shape distance and angle are meant about its middle. For any other the distance is counted from the
    outline too, so that it is 1 there, and the angle says how far along the outline the nearest place on it lies.
    """

    size: float  # pixels in one unit of distance
    distance: Floats  # 1 on the outline, less within
    angle: Floats  # radians
    lit: Floats  # 1 where an edge at this place faces the light, -1 where it turns away

    def inside(self, distance: float) -> Floats:
        """How much of each pixel, 0 to 1, lies within this distance: an edge without stairs, without supersampling."""
        return floats(np.clip((np.float32(distance) - self.distance) * np.float32(self.size) + np.float32(0.5), 0, 1))

    def near(self, distance: float, width: float) -> Floats:
        """1 at this distance, fading to 0 within a few widths (pixels)."""
        return floats(np.exp(-(((self.distance - np.float32(distance)) * np.float32(self.size / width)) ** 2)))


def floats(values: NDArray[np.floating]) -> Floats:
    """The values in single precision, which is plenty for grey levels and half the work."""
    return values.astype(np.float32, copy=False)


def over(below: Floats, above: Floats, cover: Floats) -> Floats:
    """One layer laid over another where it covers it, 0 to 1."""
    return floats(below + (above - below) * cover)


def noise(rng: np.random.Generator, *shape: int, smooth: float = 0.0) -> Floats:
    """Random values with spread 1 before they are smoothed over so many cells."""
    values = rng.standard_normal(shape, dtype=np.float32)
    return floats(ndimage.gaussian_filter(values, smooth)) if smooth else values


def ragged(rng: np.random.Generator, degrees: float) -> Floats:
    """Random values over the full circle (2048 steps), spread 1, smooth over so many degrees."""
    values = ndimage.gaussian_filter1d(noise(rng, STEPS), degrees / 360 * STEPS, mode="wrap")
    return floats(values / values.std())


def around(angle: Floats, table: Floats) -> Floats:
    """A table over the full circle (2048 steps), looked up at each pixel's angle (radians)."""
    return table[(angle * np.float32(STEPS / tau)).astype(np.int32) % STEPS]


def desk(face: Shape, rng: np.random.Generator, *, level: float, light: float) -> Floats:
    """The background: a gentle slope of light, and the shape's soft shadow on the side turned away from it."""
    slope, towards = rng.uniform(6, 22), light + rng.uniform(-0.7, 0.7)
    along = ((X - SIZE / 2) * cos(towards) + (Y - SIZE / 2) * sin(towards)) / (SIZE / 2)
    clouds = Image.fromarray(noise(rng, 6, 6)).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    beyond = np.maximum((face.distance - 1) * np.float32(face.size), 0)  # pixels
    close, wide = rng.uniform(0.25, 0.45), rng.uniform(0.25, 0.5)
    shadow = close * np.exp(-beyond / 4) + wide * (0.5 - 0.5 * face.lit) * np.exp(-beyond / 16)
    return floats((level + slope * along + 2.5 * np.asarray(clouds)) * (1 - shadow))
