"""Parts of any shape, found by laying their edges over those of a reference.

The middle of all edges and their correlation around it (turned by any angle, mirrored or not) give a few starts, each
within some degrees. From there the enhanced correlation coefficient is climbed over all affine maps (Evangelidis and
Psarakis 2008). What that coefficient comes to says how sure the placement is.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

Floats = NDArray[np.float32]

SIDE = 96  # pixels; edges are compared in a photo of this size
QUIET = 1.5  # times the median edge: what is below is grain and desk
ANGLES, RADII, REACH = 180, 48, 67.0  # of the turning: steps, and pixels from the middle
FILLED = cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS  # beyond the photo there is no edge
SOFT, POLAR_SOFT = 1.2, 1.5  # pixels of blur, so that edges that lie near each other meet
PEAKS, APART = 2, 15  # starts for each hand, and steps of angle between them
UNTIL = cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT
CLIMBS = ((2, (UNTIL, 15, 1e-3)), (1, (UNTIL, 6, 1e-3)))  # how many times smaller, and when to stop; far, then fine
SMOOTH = 2.0  # pixels of blur of an outline that pixels drew
OUTLINE = 0.25  # of the strongest edge; from there on an edge belongs to the part
SURE = 0.85  # coefficient from which no other start is tried
SLANTED, SIZED = 1.35, (0.6, 1.7)  # no camera set up once sees a part more slanted, or so much larger or smaller

_PLACES = np.indices((SIDE, SIDE), dtype=np.float32)
_SIGNS = np.where(np.arange(ANGLES // 2 + 1) % 2, -1, 1).astype(np.float32)[:, np.newaxis]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Edges that others are laid over, and what of them is the same for every photo."""

    edges: Floats  # (SIDE, SIDE), blurred
    smaller: dict[int, Floats]  # the same for each of ``CLIMBS``
    middle: tuple[float, float]
    around: NDArray[np.complex64]  # conjugate of their spectrum over the angle; longer edges, far out, weigh more


def find_edges(grey: Grey) -> Floats:
    """How strong the edges of a photo are, 0..1, shape (SIDE, SIDE); of any size and any light."""
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    soft = np.asarray(cv2.GaussianBlur(small, (0, 0), 0.8), dtype=np.float32)
    strength = np.sqrt(cv2.magnitude(cv2.Scharr(soft, cv2.CV_32F, 1, 0), cv2.Scharr(soft, cv2.CV_32F, 0, 1)))
    middle = strength.size // 2  # as good as numpy's median, in an eighth of its time
    strength = np.maximum(strength - QUIET * np.partition(strength, middle, axis=None)[middle], 0)
    return np.asarray(strength / max(float(strength.max()), 1e-6), dtype=np.float32)


def reference(edges: Floats) -> Reference:
    """A reference of these edges."""
    middle = _middle(edges)
    soft = _softened(edges)
    weights = np.sqrt(np.arange(RADII, dtype=np.float32) + 0.5)
    around = np.conj(_around(edges, middle)) * weights
    return Reference(edges=soft, smaller=_sizes(soft), middle=middle, around=around)


def register(edges: Floats, on: Reference) -> tuple[NDArray[np.float64], float]:
    """The affine map (2, 3) from pixels of the reference to pixels of these edges, and how well they then agree.

    No agreement (0) where the two cannot be laid over each other.
    """
    soft = _softened(edges)
    starts = sorted(_starts(edges, on), key=lambda start: -_likeness(soft, start, on))
    sizes = _sizes(soft)
    best, agreement = np.eye(2, 3), 0.0
    for start in starts:
        try:
            climbed, coefficient = _climbed(sizes, start.astype(np.float64), on)
        except cv2.error:  # it did not converge
            continue
        if coefficient > agreement and _plausible(climbed):
            best, agreement = climbed, coefficient
        if agreement > SURE:
            break
    return best, agreement


def laid(edges: Floats, found: NDArray[np.float64]) -> Floats:
    """These edges as they lie over the reference."""
    return np.asarray(_warped(edges, found.astype(np.float32)), dtype=np.float32)


def enlarged(found: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """The same map between photos of ``size`` pixels; middles of pixels lie at whole numbers."""
    return _resized(found, size / SIDE)


def _climbed(sizes: dict[int, Floats], start: NDArray[np.float64], on: Reference) -> tuple[NDArray[np.float64], float]:
    """The map that a start leads to, and how well the edges then agree; ``cv2.error`` where it leads nowhere."""
    found, agreement = start, 0.0
    for times, until in CLIMBS:
        first = _resized(found, 1 / times).astype(np.float32)
        everywhere = np.full(sizes[times].shape, 255, dtype=np.uint8)
        agreement, climbed = cv2.findTransformECC(
            on.smaller[times], sizes[times], first, cv2.MOTION_AFFINE, until, everywhere, 1
        )
        found = _resized(np.asarray(climbed, dtype=np.float64), times)
    return found, float(agreement)


def _sizes(soft: Floats) -> dict[int, Floats]:
    sides = {times: SIDE // times for times, _ in CLIMBS}
    return {times: np.asarray(cv2.resize(soft, (to, to), interpolation=cv2.INTER_AREA)) for times, to in sides.items()}


def _resized(found: NDArray[np.float64], times: float) -> NDArray[np.float64]:
    """The same map between pictures so many times as large."""
    turn = found[:, :2]
    shift = (times - 1) / 2  # so far the middle of the first pixel lies from that of a smaller one
    return np.column_stack([turn, times * found[:, 2] + shift - shift * turn.sum(axis=1)])


def _middle(edges: Floats) -> tuple[float, float]:
    """The middle of all edges, x and y, the strong ones first."""
    weights = np.square(edges)
    whole = max(float(weights.sum()), 1e-6)
    y, x = (float((weights * place).sum()) / whole for place in _PLACES)
    return x, y


def _around(edges: Floats, middle: tuple[float, float]) -> NDArray[np.complex64]:
    """The spectrum of the edges over the angle about this point, shape (ANGLES / 2 + 1, RADII)."""
    polar = cv2.GaussianBlur(cv2.warpPolar(edges, (RADII, ANGLES), middle, REACH, FILLED), (0, 0), POLAR_SOFT)
    return np.asarray(np.fft.rfft(polar - polar.mean(), axis=0), dtype=np.complex64)


def _starts(edges: Floats, on: Reference) -> list[Floats]:
    """Turnings about the middle, of the edges as they are and mirrored, at which they agree best with the reference."""
    x, y = _middle(edges)
    around = _around(edges, (x, y))
    # Mirrored, what was seen at an angle is seen at 180 degrees less that angle: each second frequency changes sign.
    other_hand = np.conj(around) * _SIGNS
    starts = []
    for mirrored in (False, True):
        middle = (SIDE - 1 - x, y) if mirrored else (x, y)
        spectrum = np.einsum("fr,fr->f", other_hand if mirrored else around, on.around)
        agreement = np.fft.irfft(spectrum, ANGLES)
        for _ in range(PEAKS):
            best = int(agreement.argmax())
            starts.append(_turned(2 * np.pi * best / ANGLES, middle, on.middle, mirrored=mirrored))
            agreement[np.arange(best - APART, best + APART + 1) % ANGLES] = -np.inf
    return starts


def _turned(angle: float, middle: tuple[float, float], about: tuple[float, float], *, mirrored: bool) -> Floats:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = np.column_stack([turn, np.array(middle) - turn @ np.array(about)])
    if mirrored:
        found = np.array([[-1, 0, SIDE - 1], [0, 1, 0]]) @ np.vstack([found, (0, 0, 1)])
    return found.astype(np.float32)


def _likeness(soft: Floats, start: Floats, on: Reference) -> float:
    seen = _warped(soft, start)
    return float((seen * on.edges).sum() / max(float(np.linalg.norm(seen) * np.linalg.norm(on.edges)), 1e-9))


def _plausible(found: NDArray[np.floating]) -> bool:
    large, small = np.linalg.svd(found[:, :2], compute_uv=False)
    return bool(large < SLANTED * max(small, 1e-9) and SIZED[0] < np.sqrt(large * small) < SIZED[1])


def _softened(edges: Floats) -> Floats:
    return np.asarray(cv2.GaussianBlur(edges, (0, 0), SOFT), dtype=np.float32)


def _warped(edges: Floats, found: Floats) -> Floats:
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(edges, found, (SIDE, SIDE), flags=how), dtype=np.float32)


def within(edges: Floats) -> NDArray[np.bool_]:
    """Which pixels of a reference, (SIDE, SIDE), are its part: no way from the desk leads there but over an edge."""
    wall = cv2.morphologyEx((edges >= OUTLINE).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    wall = cv2.copyMakeBorder(wall, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(wall, None, (0, 0), 2)
    return np.asarray(wall[1:-1, 1:-1] != 2)


def narrowed(part: NDArray[np.bool_], views: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The part, (rows, columns), within its edge as its views show it, (n, rows, columns); ``within`` is too wide.

    Edges found in small photos are blurred, so all of the outline is moved inwards by as many pixels as lie before
    the first of the rings of pixels that follow it inwards where grey levels change most.
    """
    change = np.mean([_change(view) for view in views], axis=0)
    deep = np.asarray(cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5))
    rings = np.rint(deep).astype(np.int64)
    strength = np.bincount(rings.ravel(), change.ravel()) / np.maximum(np.bincount(rings.ravel()), 1)
    falls = np.flatnonzero(np.diff(strength[1:]) <= 0)
    first = 1 + int(falls[0]) if falls.size else 0
    return np.asarray(cv2.GaussianBlur(deep, (0, 0), SMOOTH) >= first - 0.5)


def _change(view: Grey) -> Floats:
    """How much grey levels change at each pixel, in units of the view's mean."""
    soft = np.asarray(cv2.GaussianBlur(view, (0, 0), 1.0), dtype=np.float32)
    change = cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    return np.asarray(change / max(float(change.mean()), 1e-6), dtype=np.float32)
