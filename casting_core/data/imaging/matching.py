"""Whether two photos show one casting: features under one affine map, then fine detail laid over each other.

Points alone do not tell a copy from a second casting of the same product: holes, corners and raised letters of the two
lie alike. What the points cannot say, the surface can: under the map the fine detail agrees nearly everywhere for one
casting, and only along the drawing's lines for two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.features import STEPS, Features
from casting_core.data.imaging.images import Grey

CLEARER = 0.8  # a feature's nearest is this much nearer than its second nearest (Lowe's ratio)
ASTRAY = pi / 6  # radians, how far a matching feature may turn from the others
OUT_OF_SCALE = 1.0  # octaves, the same for sizes
CLOSE = 2.0  # pixels between a point and where the map takes its partner
POINTS = 14  # fewer matching points prove no map
SHARE, SURE_SHARE = 0.08, 0.15  # of the features of the poorer photo, that match: enough, and beyond doubt
LOWEST = 0.42  # mean correlation of the fine detail that is enough where look-alikes have no map in common
LIKE, HIGHEST = 0.50, 0.78  # where they have: the least and the most that they may ask for
BEYOND_DOUBT = 0.08  # of correlation more than is enough
FAR_BEYOND = 0.25  # so much more than is enough that few matching points will do: noise hides points before surfaces
FEW = 20  # agreements say nothing of a product
HEAPS_APART = 0.15  # of correlation, between two heaps of pairs
OVERLAP = 0.35  # share of the photo that both show
STRETCH = 3.0  # no camera set up once makes one side of a part so much longer than in another photo

Map = NDArray[np.float64]  # (2, 3), from pixels (x, y, 1) of the first photo to pixels (x, y) of the second


@dataclass(frozen=True, kw_only=True)
class Match:
    """What two photos have in common."""

    points: int  # places that match under the map, each counted once
    share: float  # of the features of the photo that has fewer
    map: Map
    agreement: float  # -1 to 1, mean correlation of the fine detail where the photos overlap
    overlap: float  # share of the second photo that the first one covers

    def holds(self, enough: float = LOWEST) -> bool:
        """Whether this proves one casting where so much agreement is enough."""
        return self.overlap >= OVERLAP and self.agreement >= enough and self._shares(SHARE, enough)

    def beyond_doubt(self, enough: float = LOWEST) -> bool:
        """Whether it proves one casting for sure, so that no other pair of photos need confirm it."""
        return self.holds(enough + BEYOND_DOUBT) and self._shares(SURE_SHARE, enough)

    def _shares(self, least: float, enough: float) -> bool:
        return self.share >= least or self.agreement >= enough + FAR_BEYOND


def enough(lookalikes: Sequence[Match | None]) -> float:
    """The agreement that proves one casting of this product, given what pairs of photos drawn at random agree in.

    Two castings of a product full of edges agree in all of them. Most pairs at random show two castings; those that
    show one stand out, and are set aside where the agreements fall into two heaps.
    """
    found = np.sort([match.agreement for match in lookalikes if match])
    if len(found) < FEW or len(found) < len(lookalikes) / 5:  # look-alikes of this product have no map in common
        return LOWEST
    cut = max(range(1, len(found)), key=lambda at: _between(found[:at], found[at:]))
    apart = found[cut:].mean() - found[:cut].mean() > HEAPS_APART
    heap = found[:cut] if apart else found
    spread = 1.4826 * np.median(np.abs(heap - np.median(heap)))
    return float(np.clip(np.median(heap) + 4.5 * spread, LIKE, HIGHEST))


def _between(low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """How well two heaps lie apart (Otsu 1979)."""
    return float(len(low) * len(high) * (high.mean() - low.mean()) ** 2)


def compare(first: Features, second: Features, grey: tuple[Grey, Grey], *, mirrored: bool) -> Match | None:
    """What the photos have in common, the first mirrored or as is; ``None`` where no map fits ``POINTS`` of them."""
    pairs = _alike(first, second, mirrored=mirrored)
    if len(pairs) < POINTS:
        return None
    start, end = first.points[pairs[:, 0]], second.points[pairs[:, 1]]
    found, inside = cv2.estimateAffine2D(
        start, end, method=cv2.USAC_MAGSAC, ransacReprojThreshold=CLOSE, maxIters=300, confidence=0.99
    )
    affine = np.asarray(found, dtype=np.float64)  # not a number, and no shape, where nothing was found
    if affine.shape != (2, 3) or not _plausible(affine, mirrored=mirrored):
        return None
    points = min(_places(side[inside.ravel() > 0]) for side in (start, end))
    if points < POINTS:
        return None
    agreement, overlap = _detail_in_common(grey[0], grey[1], affine)
    return Match(
        points=points,
        share=points / min(len(first), len(second)),
        map=affine,
        agreement=agreement,
        overlap=overlap,
    )


def _alike(first: Features, second: Features, *, mirrored: bool) -> NDArray[np.int64]:
    """Pairs of features (rows of each) that are clearly each other's nearest and turn and grow as most pairs do."""
    if len(first) < 2 or len(second) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    likeness = first.vectors(mirrored=mirrored) @ second.vectors().T  # all have one length: the nearest is the likest
    rows = np.arange(len(first))
    best = likeness.argmax(axis=1)
    top = likeness[rows, best]
    likeness[rows, best] = -np.inf
    length = 2 * np.float32(STEPS**2)
    clear = length - 2 * top < CLEARER**2 * (length - 2 * likeness.max(axis=1))
    own, other = rows[clear], best[clear]
    turn = second.angles[other] + (first.angles[own] if mirrored else -first.angles[own])
    growth = np.log2(second.sizes[other] / first.sizes[own])
    if not len(own):
        return np.zeros((0, 2), dtype=np.int64)
    bins = np.bincount(np.floor(turn * (36 / (2 * pi))).astype(np.int64) % 36, minlength=36)
    spread = sum(np.roll(bins, shift) for shift in (-2, -1, 0, 1, 2))
    mode = (int(np.argmax(spread)) + 0.5) * (2 * pi / 36)
    near = np.abs((turn - mode + pi) % (2 * pi) - pi) < ASTRAY
    if near.any():
        near &= np.abs(growth - np.median(growth[near])) < OUT_OF_SCALE
    return np.stack([own[near], other[near]], axis=1)


def _plausible(found: Map, *, mirrored: bool) -> bool:
    """Whether a camera could have done this to a flat part."""
    long, short = np.linalg.svd(found[:, :2], compute_uv=False)
    turned_over = bool(np.linalg.det(found[:, :2]) < 0)
    return turned_over == mirrored and bool(short > 1 / STRETCH and long < STRETCH * min(1, short))


def _places(points: NDArray[np.float32]) -> int:
    """How many places there are; one place may carry several features."""
    return len(np.unique(np.round(points).astype(np.int64) @ np.array([1, 1 << 20])))


def _detail_in_common(first: Grey, second: Grey, found: Map) -> tuple[float, float]:
    """How well the fine detail agrees, and on what share of the second photo it could be compared."""
    size = (second.shape[1], second.shape[0])
    moved = cv2.warpAffine(_fine(first), found, size, flags=cv2.INTER_LINEAR)
    whole = cv2.warpAffine(np.ones(first.shape, dtype=np.float32), found, size)
    covered = np.asarray(cv2.erode(whole, np.ones((13, 13), dtype=np.uint8)) > 0.99)
    share = float(covered.mean())
    if share < OVERLAP:
        return 0.0, share
    detail = _fine(second)
    both, here, there = (_around(a * b) for a, b in ((moved, detail), (moved, moved), (detail, detail)))
    return float((both / np.sqrt(here * there + 1e-3))[covered].mean()), share


def moved_onto(first: Grey, found: Map, shape: tuple[int, int]) -> Grey:
    """The first photo moved onto the second, which has this shape (height, width); black where it does not reach."""
    return np.asarray(cv2.warpAffine(first, found, (shape[1], shape[0])), dtype=np.uint8)


def _fine(grey: Grey) -> NDArray[np.float32]:
    """Detail of one to three pixels; light, shade and what is smooth are gone."""
    levels = grey.astype(np.float32)
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), 1.0) - cv2.GaussianBlur(levels, (0, 0), 3.0), dtype=np.float32)


def _around(product: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.blur(product, (9, 9)), dtype=np.float32)
