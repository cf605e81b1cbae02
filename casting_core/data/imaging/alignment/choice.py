"""Which alignment the photos of a dataset ask for, and what their usual part looks like."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment import borders, outline, rings
from casting_core.data.imaging.alignment.alignment import Alignment, Kind, free, packed
from casting_core.data.imaging.alignment.placement import Window
from casting_core.data.imaging.images import Grey

LOOKS = 60  # photos from which an alignment is learned
ROUND_FROM = 0.5  # median share of edges on rings from which a part is called round; other parts stay near 0.3
BEYOND = 1.15  # times the outermost ring: flash and burrs stand out there
FAINT = 0.03  # of the strongest ring of a profile; below it there is no ring
LAID_FROM = 0.75  # median agreement of edges from which parts are called one shape
TRIED = 8  # photos tried as the first reference
BY_HAND = "Chosen by hand"
MARGIN = 8.0  # pixels of a window beyond the part's outermost edge: burrs stand out there
STEPS = 8  # pixels; a window's sides are multiples of it
NARROW = 96  # pixels; no side of a window is shorter
UNSURE = 0.5  # of the usual confidence; below it the part was not found


def learn(photos: Sequence[Grey], *, wanted: Kind | None = None) -> Alignment:
    """The alignment for parts as in these photos, all (size, size); ``wanted`` overrules what they look like.

    No more than ``LOOKS`` of them are looked at.
    """
    size = photos[0].shape[0]
    if wanted is Kind.FREE:
        return free(size, reason=BY_HAND)
    some = [photos[place] for place in np.unique(np.linspace(0, len(photos) - 1, min(LOOKS, len(photos))).astype(int))]
    if wanted is not Kind.REGISTERED:
        found = _round(some, wanted=wanted)
        if found is not None:
            return found
    return _registered(some, wanted=wanted)


def unaligned(photos: Sequence[Grey], *, fills: bool) -> Alignment:
    """No alignment, for networks that want none.

    ``fills``: where most photos are not square, each is stretched until it fills the view.
    """
    size = photos[0].shape[0]
    if fills and borders.most(photos[:: max(1, len(photos) // LOOKS)]):
        return free(size, reason="Most photos are not square, so each is stretched until it fills the view", fills=True)
    return free(size, reason="This network is given photos as they are")


def _round(photos: Sequence[Grey], *, wanted: Kind | None) -> Alignment | None:
    """By rings; none where the parts have too few and nobody insists."""
    edges = [rings.find_edges(photo) for photo in photos]
    found = [rings.find_rings(one) for one in edges]
    shares = [one.share for one in found]
    if wanted is None and np.median(shares) < ROUND_FROM:
        return None
    profiles = np.array([rings.profile(*one) for one in zip(edges, found, strict=True)])
    usual = _usual_profile(profiles)
    agreement = np.array([rings.scale(one, usual)[1] for one in profiles])
    reason = f"Round: {np.median(shares):.0%} of a photo's edges lie on rings about one middle, in the median"
    return Alignment(
        kind=Kind.ROUND,
        reason=BY_HAND if wanted else reason,
        size=photos[0].shape[0],
        profile=[round(float(level), 5) for level in usual],
        radius=float(BEYOND * _outermost(usual)),
        least=float(UNSURE * np.median(shares * agreement)),
    )


def _usual_profile(profiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """The profile of the usual part: the middle one of all, once they are brought to one size."""
    usual: NDArray[np.float64] = profiles[np.argmax((profiles @ profiles.T).mean(axis=1))]
    for _ in range(3):
        usual = np.median([rings.scaled(one, rings.scale(one, usual)[0]) for one in profiles], axis=0)
        usual = usual / max(float(np.linalg.norm(usual)), 1e-9)
    return usual


def _outermost(usual: NDArray[np.float64]) -> float:
    """The radius of the outermost ring, in half sides."""
    strong = np.abs(usual) > FAINT * np.abs(usual).max()
    return float(rings.RADII[np.flatnonzero(strong)[-1]]) if strong.any() else 1.0


def _registered(photos: Sequence[Grey], *, wanted: Kind | None) -> Alignment:
    """By outline, or free where the parts have no outline in common and nobody insists."""
    size = photos[0].shape[0]
    edges = [outline.find_edges(photo) for photo in photos]
    usual = _usual_edges(edges)
    agreement = float(np.median([outline.register(one, outline.reference(usual))[1] for one in edges]))
    if wanted is None and agreement < LAID_FROM:
        return free(size, reason=f"Neither round nor of one outline: edges agree by {agreement:.2f} only")
    reason = f"Of one outline: laid over a reference, edges agree by {agreement:.2f} in the median (1 is the same)"
    return Alignment(
        kind=Kind.REGISTERED,
        reason=BY_HAND if wanted else reason,
        size=size,
        reference=packed(usual),
        window=list(_window(usual, size)),
        sharp=True,
        least=UNSURE * agreement,
    )


def _usual_edges(edges: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The edges of the usual part: those of the photo that others fit best, then the median of all, laid on them."""
    step = max(1, len(edges) // TRIED)
    some, tried = edges[:: max(1, step // 2)], [outline.reference(one) for one in edges[::step]]
    fits = [float(np.median([outline.register(one, first)[1] for one in some])) for first in tried]
    usual = edges[::step][int(np.argmax(fits))]
    for _ in range(2):
        first = outline.reference(usual)
        found = [outline.register(one, first) for one in edges]
        laid = [outline.laid(one, how) for one, (how, agreed) in zip(edges, found, strict=True) if agreed > UNSURE]
        if laid:
            usual = np.median(laid, axis=0).astype(np.float32)
    return usual / max(float(usual.max()), 1e-6)


def _window(usual: NDArray[np.float32], size: int) -> Window:
    """The smallest rectangle about the usual part, in pixels of a photo; no side longer than the photo's."""
    rows, columns = np.nonzero(usual >= outline.OUTLINE)
    times = size / outline.SIDE
    places = np.column_stack([columns, rows]).astype(np.float32) * times + (times - 1) / 2
    (x, y), sides, degrees = cv2.minAreaRect(places)
    wide, high = (float(np.clip(np.ceil((side + 2 * MARGIN) / STEPS) * STEPS, NARROW, size)) for side in sides)
    return Window(float(x), float(y), wide, high, float(np.deg2rad(degrees)))
