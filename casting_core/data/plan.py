"""Where everything lies on a drawn impeller: each pixel's distance and angle about its parts, under a tilted camera."""

from dataclasses import dataclass
from math import cos, pi, sin, tau

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]

SIZE = 300  # pixels, both sides of a photo
STEPS = 2048  # steps of the full circle in tables over the angle
Y, X = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)  # pixels

# Radii of the parts, in outer radii of the casting; measured roughly on photos of the real part.
GROOVE, RING, RECESS, HUB, BORE = 0.640, 0.618, 0.550, 0.290, 0.214


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
        sheen=rng.uniform(26, 62),
        brush=rng.uniform(1.5, 4.5),
        blades=int(rng.integers(6, 9)),
        hand=int(rng.choice((-1, 1))),
        turn=rng.uniform(0, tau),
        sharpness=rng.uniform(0.45, 0.75),
        grain=rng.uniform(1.2, 2.8),
        exposure=rng.uniform(0.86, 1.08),
    )


@dataclass(frozen=True, kw_only=True)
class Part:
    """A round part as the camera sees it. All arrays are (300, 300)."""

    size: float  # pixels in one outer radius
    distance: Floats  # from the part's middle, in outer radii
    angle: Floats  # about the part's middle, in radians
    lit: Floats  # 1 where an edge at this angle faces the light, -1 where it turns away

    def inside(self, radius: float) -> Floats:
        """How much of each pixel, 0 to 1, lies within this radius: an edge without stairs and without supersampling."""
        return floats(np.clip((np.float32(radius) - self.distance) * np.float32(self.size) + np.float32(0.5), 0, 1))

    def near(self, radius: float, width: float) -> Floats:
        """1 on the circle of this radius, fading to 0 within a few widths (pixels)."""
        return floats(np.exp(-(((self.distance - np.float32(radius)) * np.float32(self.size / width)) ** 2)))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Each pixel's place on the face, in outer radii from its middle and with the tilt taken out; (300, 300) each."""

    look: Look
    u: Floats
    v: Floats

    def part(self, height: float) -> Part:
        """The round part this high (outer radii) above the face, seen shifted where the casting leans."""
        x, y = (axis - np.float32(height * lean) for axis, lean in zip((self.u, self.v), self.look.lean, strict=True))
        distance = np.hypot(x, y)
        lit = (x * np.float32(cos(self.look.light)) + y * np.float32(sin(self.look.light))) / np.maximum(distance, 1e-6)
        return Part(size=self.look.radius, distance=distance, angle=np.arctan2(y, x), lit=floats(lit))


def plan_of(look: Look) -> Plan:
    """The plan of the casting that looks so."""
    x, y = (X - np.float32(look.centre[0])) / look.radius, (Y - np.float32(look.centre[1])) / look.radius
    c, s = cos(look.axis), sin(look.axis)
    stretch = (x * c + y * s) * (1 / look.squeeze - 1)
    return Plan(look=look, u=floats(x + stretch * c), v=floats(y + stretch * s))


def pixel_at(look: Look, distance: float, angle: float) -> tuple[float, float]:
    """The pixel (x, y) at this distance (outer radii) and angle (radians) about the middle of the face."""
    x, y = distance * look.radius * cos(angle), distance * look.radius * sin(angle)
    squeezed = (x * cos(look.axis) + y * sin(look.axis)) * (look.squeeze - 1)
    return look.centre[0] + x + squeezed * cos(look.axis), look.centre[1] + y + squeezed * sin(look.axis)


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
