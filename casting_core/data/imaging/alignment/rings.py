"""Round parts, found without knowing the part: their edges are rings about one middle, seen as ellipses of one shape.

On an ellipse about ``c`` with shape ``M``, the grey levels change along ``M (p - c)``. So every edge point ``p`` with
direction ``n`` says ``n x M (p - c) = 0``, which is linear in ``M`` and ``M c``: all rings of a part vote together, no
threshold has to find one of them, and what is no ring (blades, burrs, shadows) is outvoted (iteratively reweighted
least squares, Geman-McClure weights). How large the part is, its ``profile`` says: the rings' strengths over radius.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

Floats = NDArray[np.float32]

SIDE = 150  # pixels; rings are found in a photo of this size
BLUR = 1.0  # of these pixels: what a burr or grain may not be larger than to be overlooked
EDGES = 2000  # strongest pixels that vote
ROUNDS = (0.6, 0.42, 0.3, 0.2, 0.14, 0.12)  # sine of the angle an edge may be off, while the middle is sought
SHAPE_ROUNDS = 6  # then for the shape, with the last of these bounds
FLAT = 1e-3  # strength of an edge that is none
NEAR = 0.05  # half sides; closer to the middle an edge's direction says little
ON_RING = 0.15  # sine of the angle by which an edge that lies on a ring may be off

BINS = 96  # of a profile
SMALLEST, LARGEST = 0.06, 1.5  # half sides: the radii of its first and last bin
RADII = np.geomspace(SMALLEST, LARGEST, BINS)
STEP = float(np.log(LARGEST / SMALLEST)) / (BINS - 1)  # of the logarithm of the radius, from bin to bin
FAR = 24  # bins: parts up to twice as large or as small as usual are found


@dataclass(frozen=True, kw_only=True)
class Edges:
    """The strongest edges of a photo: places from -1 to 1 across the photo, directions of length 1, and weights."""

    x: Floats
    y: Floats
    across: Floats  # the direction in which it gets brighter
    down: Floats
    weight: Floats


@dataclass(frozen=True, kw_only=True)
class Rings:
    """Rings of one shape about one middle, in half sides of the photo."""

    centre: NDArray[np.float64]  # (2,)
    shape: NDArray[np.float64]  # (2, 2), symmetric, determinant 1: (p - c)' shape (p - c) = r^2 is a ring
    share: float  # of all edges' weight, what lies on rings, 0..1; of edges in any direction it is about 0.1


def find_edges(grey: Grey) -> Edges:
    """The strongest edges of a photo of any size."""
    small = cv2.GaussianBlur(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), (0, 0), BLUR)
    across, down = (_slope(small, *way) for way in ((1, 0), (0, 1)))
    strength = cv2.magnitude(across, down).ravel()
    strongest = np.argpartition(strength, strength.size - EDGES)[-EDGES:]
    strength = np.maximum(strength[strongest], 1e-6)
    row, column = np.divmod(strongest, SIDE)
    half = np.float32(SIDE / 2)
    return Edges(
        x=(column.astype(np.float32) + 0.5) / half - 1,
        y=(row.astype(np.float32) + 0.5) / half - 1,
        across=across[strongest] / strength,
        down=down[strongest] / strength,
        weight=np.where(strength > FLAT, np.sqrt(strength / strength.mean()), np.float32(0)),
    )


def _slope(small: NDArray[Any], across: int, down: int) -> Floats:
    return np.asarray(cv2.Scharr(small, cv2.CV_32F, across, down), dtype=np.float32).ravel()


def find_rings(edges: Edges) -> Rings:
    """The middle and the shape that most edges agree on; ``share`` says how many that are."""
    middle, trust = _middle(edges)
    e, b, m1, m2, off = _shape(edges, middle, trust)
    shape = np.array([[1 + e, b], [b, 1 - e]])
    area = float(np.linalg.det(shape))
    if area < 0.1:  # no ellipse, or one that no camera would make of a circle
        return Rings(centre=np.asarray(middle, dtype=float), shape=np.eye(2), share=0.0)
    share = float(edges.weight @ (np.abs(off) < ON_RING) / max(float(edges.weight.sum()), 1e-6))
    return Rings(centre=np.linalg.solve(shape, [m1, m2]), shape=shape / np.sqrt(area), share=share)


def _middle(edges: Edges) -> tuple[NDArray[np.float64], Floats]:
    """The point that most edges look at or away from, and how far each edge is to be trusted."""
    x, y, across, down = edges.x, edges.y, edges.across, edges.down
    design = np.stack([-down, across, across * y - down * x])  # (3, n): n x (p - c) = n x p - (-down, across) . c
    places, trust = np.stack([x, y]), np.ones_like(x)
    for bound in ROUNDS:
        agreed = (design[:2] * (edges.weight * trust)) @ design.T
        centre = _solved(agreed[:, :2], agreed[:, 2])
        distance = _length(places - np.array(centre, dtype=np.float32)[:, np.newaxis])
        off = np.array([-centre[0], -centre[1], 1], dtype=np.float32) @ design
        off /= distance
        trust = _trust(off, distance, bound)
    return np.array(centre), trust


def _shape(edges: Edges, middle: NDArray[np.float64], trust: Floats) -> tuple[float, float, float, float, Floats]:
    """Shape [[1 + e, b], [b, 1 - e]], its product with the middle, and the sine by which each edge is off."""
    x, y, across, down = edges.x, edges.y, edges.across, edges.down
    moment = across * y - down * x
    design = np.stack([-down * x - across * y, across * x - down * y, down, -across, moment])  # of e, b, m1, m2
    places = np.stack([x, y, np.ones_like(x)])
    e, b, m1, m2, off = 0.0, 0.0, *middle, trust
    for _ in range(SHAPE_ROUNDS):
        agreed = (design[:4] * (edges.weight * trust)) @ design.T
        e, b, m1, m2 = _solved(agreed[:, :4], -agreed[:, 4])
        distance = _length(np.array([[1 + e, b, -m1], [b, 1 - e, -m2]], dtype=np.float32) @ places)
        off = np.array([e, b, m1, m2, 1], dtype=np.float32) @ design
        off /= distance
        trust = _trust(off, distance, ROUNDS[-1])
    return float(e), float(b), float(m1), float(m2), off


def _solved(matrix: NDArray[np.float32], of: NDArray[np.float32]) -> list[float]:
    """What these equations say, with a little on the matrix' diagonal: without edges they would say nothing."""
    definite = matrix + 1e-6 * np.eye(len(matrix))
    return cv2.solve(definite, of.astype(np.float64)[:, np.newaxis], flags=cv2.DECOMP_LU)[1].ravel().tolist()


def _length(ways: Floats) -> Floats:
    """How long ways (2, n) are, and a little more, (n,)."""
    long = np.asarray(cv2.magnitude(ways[0], ways[1]), dtype=np.float32).ravel()
    long += np.float32(NEAR)
    return long


def _trust(off: Floats, distance: Floats, bound: float) -> Floats:
    """Weights after Geman and McClure; divided by the squared distance, for the sine is what was observed."""
    trusted = off * np.float32(1 / bound)
    trusted *= trusted
    trusted += np.float32(1)
    trusted *= distance
    trusted *= trusted
    return np.asarray(np.reciprocal(trusted), dtype=np.float32)


def profile(edges: Edges, rings: Rings) -> NDArray[np.float64]:
    """How strongly a photo gets brighter outwards at each of ``RADII``: shape (BINS,), length 1 (0 without rings)."""
    (a, b), (_, d) = rings.shape
    right, below = edges.x - rings.centre[0], edges.y - rings.centre[1]
    normal_x, normal_y = a * right + b * below, b * right + d * below
    radius = np.sqrt(np.maximum(right * normal_x + below * normal_y, 1e-12))
    outwards = (edges.across * normal_x + edges.down * normal_y) / np.maximum(np.hypot(normal_x, normal_y), 1e-9)
    place = np.log(radius / SMALLEST) / STEP
    kept = (np.abs(outwards) > np.sqrt(1 - ON_RING**2)) & (place >= 0) & (place < BINS - 1)
    place, strength = place[kept], (np.square(edges.weight) * np.sign(outwards) / (radius + NEAR))[kept]
    lower = place.astype(np.int64)
    beyond = place - lower
    raw = np.bincount(lower, strength * (1 - beyond), BINS) + np.bincount(lower + 1, strength * beyond, BINS)
    smooth = np.convolve(raw, (0.25, 0.5, 0.25), "same")
    return np.asarray(smooth / max(float(np.linalg.norm(smooth)), 1e-9))


def scale(found: NDArray[np.float64], usual: NDArray[np.float64]) -> tuple[float, float]:
    """How many times as large as usual a part with this profile is, and how well the two then agree (-1..1)."""
    agreement = np.correlate(np.pad(found, FAR), usual, "valid")  # at -FAR..FAR bins
    best = int(agreement.argmax())
    exact = float(best)
    if 0 < best < len(agreement) - 1:  # the top of the parabola through the best and its neighbours
        before, here, after = agreement[best - 1 : best + 2]
        exact += 0.5 * (before - after) / (before - 2 * here + after)
    return float(np.exp((exact - FAR) * STEP)), float(agreement[best])


def scaled(found: NDArray[np.float64], times: float) -> NDArray[np.float64]:
    """The profile that a part would have at its usual size."""
    return np.asarray(np.interp(np.log(RADII * times), np.log(RADII), found, left=0.0, right=0.0))
