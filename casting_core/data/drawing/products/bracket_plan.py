"""Where everything lies on a drawn bracket: an L-shaped plate with ribs, a boss with its bore, a pad and bolt holes.

Lengths are pixels of a photo taken straight from above, u to the right and v down from the middle of the plate.
"""

from dataclasses import dataclass
from functools import cache
from math import cos, hypot, pi, sin, tau

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from casting_core.data.drawing.canvas import Floats, Shape, X, Y, floats
from casting_core.data.drawing.scene import Camera, DefectKind

Spot = tuple[float, float]  # u and v

WHOLE, NOTCH = ((0.0, 0.0), (105.0, 88.0)), ((100.0, -126.0), (135.0, 150.0))  # middle, half of the sides
ROUND, FILLET, ENDING = 16.0, 18.0, 26.0  # outer corners, inner corner, corners where the notch begins
BOSS, BOSS_RADIUS, BORE = (-69.0, 54.0), 30.0, 14.5
PAD, PAD_HALF = (72.0, 56.0), (26.0, 25.0)
HOLES = ((72.0, 42.0, 6.5), (72.0, 70.0, 6.5), (-70.0, -62.0, 9.0))  # u, v, radius; the last has a spot face
SPOT_FACE = 17.0  # radius
RIBS = (((-42.0, 56.0), (38.0, 56.0)), ((-69.0, 26.0), (-70.0, -42.0)))  # from, to
RIB = 7.5  # half of a rib's width at its foot
ENDS = ((105.0, 56.0), (-70.0, -88.0), (105.0, 80.0), (-97.0, -88.0))  # where the melt arrives last
ROOM = {  # pixels that a kind needs about it
    DefectKind.BLOWHOLE: 7.0,
    DefectKind.PINHOLES: 12.0,
    DefectKind.SHRINKAGE: 13.0,
    DefectKind.CRACK: 12.0,
}
REACH = 140  # pixels from the middle, more than the plate's farthest corner
UNIT = 100.0  # pixels in one unit of the outline's distance


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is particular about one bracket and its photograph. Angles run clockwise from the right, in radians."""

    camera: Camera
    middle: tuple[float, float]  # pixels, x and y
    scale: float
    turn: float  # radians
    squeeze: float  # shorter by longer axis: the tilt against the camera
    axis: float  # radians, the direction that is squeezed
    lean: tuple[float, float]  # how far a part one pixel high is seen shifted, in pixels
    light: float  # radians, where the light comes from
    height: float  # radians, of the light above the plate
    desk: float  # grey level of the background
    skin: float  # grey level of the surface as cast
    rough: float  # pixels, spread of its height
    face: float  # grey level of machined faces
    boss: Spot  # how far the core was off its place
    holes: tuple[Spot, ...]  # how far each was drilled off its place


def any_look(rng: np.random.Generator) -> Look:
    """A bracket and a photograph of it, as they come."""
    lean, towards = rng.uniform(0.05, 0.30), rng.uniform(0, tau)
    return Look(
        camera=Camera(sharpness=rng.uniform(0.45, 0.75), grain=rng.uniform(1.2, 2.8), exposure=rng.uniform(0.86, 1.08)),
        middle=(149.5 + rng.uniform(-6, 6), 149.5 + rng.uniform(-6, 6)),
        scale=rng.uniform(0.95, 1.02),
        turn=rng.normal(0, 0.05),
        squeeze=1 - rng.uniform(0, 0.05),
        axis=rng.uniform(0, pi),
        lean=(lean * cos(towards), lean * sin(towards)),
        light=rng.uniform(0, tau),
        height=rng.uniform(0.65, 0.95),
        desk=rng.uniform(150, 190),
        skin=rng.uniform(98, 128),
        rough=rng.uniform(0.20, 0.32),
        face=rng.uniform(168, 196),
        boss=_off(rng, 1.2),
        holes=tuple(_off(rng, 0.6) for _ in HOLES),
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Each pixel's place on the plate, (300, 300) each, with the tilt taken out."""

    look: Look
    u: Floats
    v: Floats

    def at(self, height: float) -> tuple[Floats, Floats]:
        """The places so high (pixels) above the plate, seen shifted where the bracket leans."""
        lean = self.look.lean
        return floats(self.u - np.float32(height * lean[0])), floats(self.v - np.float32(height * lean[1]))

    def outline(self) -> Shape:
        """The plate's outline, its distance counted in hundreds of pixels."""
        away = floats(plate(self.u, self.v) * np.float32(self.look.scale))
        down, right = np.gradient(away)
        lit = right * np.float32(cos(self.look.light)) + down * np.float32(sin(self.look.light))
        return Shape(
            size=UNIT,
            distance=floats(1 + away / np.float32(UNIT)),
            angle=along(self.u, self.v),
            lit=floats(ndimage.gaussian_filter(lit, 4.0)),  # no seam where two sides meet
        )


def plan_of(look: Look) -> Plan:
    """The plan of the bracket that looks so."""
    x, y = X - np.float32(look.middle[0]), Y - np.float32(look.middle[1])
    (a, b), (c, d) = np.linalg.inv(_matrix(look)).astype(np.float32)
    return Plan(look=look, u=floats(a * x + b * y), v=floats(c * x + d * y))


def spot(look: Look, kind: DefectKind, rng: np.random.Generator) -> tuple[float, float]:
    """A place (x, y in pixels) on the plate with room about it for a defect of this kind, away from holes."""
    while True:
        u, v = rng.uniform(-105, 105), rng.uniform(-88, 88)
        holes = [(place, radius) for *place, radius in HOLES]
        clear = min(hypot(u - at[0], v - at[1]) - radius for at, radius in [*holes, (BOSS, BORE)])
        if min(clear, -float(plate(*_one(u, v))[0])) > ROOM[kind]:
            x, y = _matrix(look) @ (u, v)
            return look.middle[0] + x, look.middle[1] + y


def edge(kind: DefectKind, rng: np.random.Generator) -> float:
    """A place along the outline (radians): near the end of an arm for a misrun, anywhere for others."""
    if kind is not DefectKind.MISRUN:
        return float(rng.uniform(0, tau))
    u, v = ENDS[rng.integers(len(ENDS))]
    return float(along(*_one(u, v))[0] + rng.normal(0, 0.04))


def plate(u: Floats, v: Floats) -> Floats:
    """Pixels from the plate's outline, negative within."""
    whole, notch = box(u, v, *WHOLE, ROUND), -box(u, v, *NOTCH, FILLET)
    both = np.maximum(ENDING - np.abs(whole - notch), 0) / np.float32(ENDING)  # where either one is near
    return floats(np.maximum(whole, notch) + both * both * np.float32(ENDING / 4))


def box(u: Floats, v: Floats, middle: Spot, half: Spot, corner: float) -> Floats:
    """Pixels from the outline of a box with round corners, negative within."""
    across = np.abs(u - np.float32(middle[0])) - np.float32(half[0] - corner)
    down = np.abs(v - np.float32(middle[1])) - np.float32(half[1] - corner)
    beyond = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    return floats(beyond + np.minimum(np.maximum(across, down), 0) - np.float32(corner))


def disc(u: Floats, v: Floats, middle: Spot, radius: float) -> Floats:
    """Pixels from a circle, negative within."""
    return floats(np.hypot(u - np.float32(middle[0]), v - np.float32(middle[1])) - np.float32(radius))


def bar(u: Floats, v: Floats, start: Spot, end: Spot, half: float) -> Floats:
    """Pixels from a bar with round ends, negative within."""
    du, dv = end[0] - start[0], end[1] - start[1]
    u, v = u - np.float32(start[0]), v - np.float32(start[1])
    share = np.clip((u * np.float32(du) + v * np.float32(dv)) / np.float32(du * du + dv * dv), 0, 1)
    return floats(np.hypot(u - share * np.float32(du), v - share * np.float32(dv)) - np.float32(half))


def along(u: Floats, v: Floats) -> Floats:
    """How far along the outline the place on it lies that is nearest, in radians: once round is a full circle."""
    rows, columns = (np.clip(np.rint(axis).astype(np.int32) + REACH, 0, 2 * REACH) for axis in (v, u))
    return floats(_along()[rows, columns])


@cache
def _along() -> Floats:
    """The same as a table over whole pixels, v then u, each from ``-REACH``."""
    v, u = np.mgrid[-REACH : REACH + 1, -REACH : REACH + 1].astype(np.float32)
    contours, _ = cv2.findContours((plate(u, v) < 0).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    line = contours[0][:, 0, ::-1]  # rows and columns, one after the other along the outline
    steps = np.hypot(*np.diff(line, axis=0, append=line[:1]).T)
    table = np.full(u.shape, np.nan, dtype=np.float32)
    table[tuple(line.T)] = (np.cumsum(steps) - steps) * (tau / steps.sum())
    nearest: NDArray[np.int32] = ndimage.distance_transform_edt(
        np.isnan(table), return_distances=False, return_indices=True
    )
    return floats(table[tuple(nearest)])


def _matrix(look: Look) -> NDArray[np.float64]:
    """From a place on the plate to pixels about the middle of the photo of it, (2, 2)."""
    turn = np.array([[cos(look.turn), -sin(look.turn)], [sin(look.turn), cos(look.turn)]])
    axis = np.array([cos(look.axis), sin(look.axis)])
    squeeze = np.eye(2) + (look.squeeze - 1) * np.outer(axis, axis)
    return np.asarray(look.scale * squeeze @ turn, dtype=np.float64)


def _one(u: float, v: float) -> tuple[Floats, Floats]:
    return np.array([u], dtype=np.float32), np.array([v], dtype=np.float32)


def _off(rng: np.random.Generator, spread: float) -> Spot:
    return rng.normal(0, spread), rng.normal(0, spread)
