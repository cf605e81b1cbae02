"""Photos whose part is covered by what parts look like in the mean, so that only what lies beside it still differs."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.data.imaging.alignment.placement import Placement
from casting_core.data.imaging.images import Grey


@dataclass(frozen=True, kw_only=True, eq=False)
class Covered:
    """Photos of n parts with their part covered, and what is beside it."""

    photos: NDArray[np.uint8]  # (n, size, size)
    beside: NDArray[np.bool_]  # (n, size, size), pixels that were left as they are
    found: NDArray[np.bool_]  # (n,), whether the part was found; where it was not, nothing was covered


def cover(photos: Sequence[Grey], alignment: Alignment) -> Covered | None:
    """The photos, each (size, size), with all parts covered alike; none where nobody can know where the part lies.

    The cover is the mean view of all the parts that were found, laid over each as it lies there; of a round part the
    mean once around, too.
    """
    if not alignment.moves or not len(photos):
        return None
    placements = [alignment.place(photo) for photo in photos]
    found = np.array([alignment.found(one) for one in placements], dtype=bool)
    if not found.any():
        return None
    mean = np.mean([alignment.view(photos[at], placements[at]) for at in np.flatnonzero(found).tolist()], axis=0)
    if alignment.kind is Kind.ROUND:
        mean = np.repeat(mean.mean(axis=1, keepdims=True), mean.shape[1], axis=1)
    usual, on_part = mean.round().astype(np.uint8), alignment.part()
    covered, beside = np.array(photos, dtype=np.uint8), np.ones((len(photos), *photos[0].shape), dtype=bool)
    for at in np.flatnonzero(found).tolist():
        picture, there = _laid_back(usual, on_part, alignment, placements[at])
        covered[at][there] = picture[there]
        beside[at] = ~there
    return Covered(photos=covered, beside=beside, found=found)


def _laid_back(
    view: Grey, on_part: NDArray[np.bool_], alignment: Alignment, placement: Placement
) -> tuple[Grey, NDArray[np.bool_]]:
    """A view as it lies in its photo, and the pixels of the photo that show the part; both (size, size)."""
    size, (rows, columns) = alignment.size, view.shape
    places = np.stack([*np.meshgrid(np.arange(size), np.arange(size)), np.ones((size, size))]).reshape(3, -1)
    x, y = (np.linalg.inv(np.vstack([placement.matrix, (0, 0, 1)])) @ places)[:2].reshape(2, size, size)
    if alignment.kind is Kind.ROUND:
        radius, angle = np.hypot(x, y), np.arctan2(y, x) % (2 * np.pi)
        along, outwards, inside = angle / (2 * np.pi) * columns, radius * rows - 0.5, radius < 1
    else:
        along, outwards = (x + 1) / 2 * columns - 0.5, (y + 1) / 2 * rows - 0.5
        inside = (np.abs(x) < 1) & (np.abs(y) < 1)
    maps = along.astype(np.float32), outwards.astype(np.float32)
    picture = cv2.remap(view, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shown = cv2.remap(on_part.astype(np.uint8), *maps, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(picture, dtype=np.uint8), inside & (np.asarray(shown) > 0)
