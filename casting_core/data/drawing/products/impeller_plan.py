"""Where everything lies on a drawn impeller: each pixel's distance and angle about its parts, under a tilted camera."""

from dataclasses import dataclass
from math import cos, pi, sin, tau

import numpy as np

from casting_core.data.drawing.canvas import Floats, Shape, X, Y, floats

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
class Plan:
    """Each pixel's place on the face, in outer radii from its middle and with the tilt taken out; (300, 300) each."""

    look: Look
    u: Floats
    v: Floats

    def part(self, height: float, *, at: tuple[float, float] = (0.0, 0.0)) -> Shape:
        """The round part this high (outer radii) above the face, seen shifted where the casting leans.

        ``at``: its middle, in outer radii from that of the casting.
        """
        shifted = (height * lean + along for lean, along in zip(self.look.lean, at, strict=True))
        x, y = (axis - np.float32(shift) for axis, shift in zip((self.u, self.v), shifted, strict=True))
        distance = np.hypot(x, y)
        lit = (x * np.float32(cos(self.look.light)) + y * np.float32(sin(self.look.light))) / np.maximum(distance, 1e-6)
        return Shape(size=self.look.radius, distance=distance, angle=np.arctan2(y, x), lit=floats(lit))


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
