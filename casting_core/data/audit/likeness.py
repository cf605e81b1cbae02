"""How much a photo looks like photos of other castings, however the part lies, turned or mirrored."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.thumbnails import THUMBNAIL

ASKED = 400  # photos each one is compared with, drawn at random
NEIGHBOURS = 0.02  # the share of those that a photo must look like
TURNS = 24  # of the full circle
CHUNK = 1024  # photos compared at once

_MIDDLE = (THUMBNAIL - 1) / 2
_DISC = np.hypot(*np.ogrid[-_MIDDLE : _MIDDLE + 1, -_MIDDLE : _MIDDLE + 1]) <= THUMBNAIL / 2  # what stays when turned


def likest(thumbnails: NDArray[np.float32], castings: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much (correlation, -1 to 1) each photo looks like the likest few among photos of other castings.

    Thumbnails are those of ``looks``, (photos, THUMBNAIL squared).
    """
    asked = np.sort(np.random.default_rng(0).permutation(len(thumbnails))[:ASKED])
    others = list(_turned(thumbnails[asked]))
    rank = max(2, round(NEIGHBOURS * len(asked)))
    seen, found = _on_disc(thumbnails), np.empty(len(thumbnails))
    for start in range(0, len(thumbnails), CHUNK):
        here = slice(start, start + CHUNK)
        alike = np.full((len(seen[here]), len(asked)), -1, dtype=np.float32)
        for other in others:
            np.maximum(alike, seen[here] @ other.T, out=alike)
        alike[castings[here, None] == castings[asked][None]] = -1
        found[here] = np.partition(alike, -rank, axis=1)[:, -rank]
    return found


def _turned(thumbnails: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """The photos in every turn, as they are and mirrored."""
    square = thumbnails.reshape(-1, THUMBNAIL, THUMBNAIL)
    for step in range(TURNS):
        turn = cv2.getRotationMatrix2D((_MIDDLE, _MIDDLE), step * 360 / TURNS, 1.0)
        for pictures in (square, square[:, :, ::-1]):
            turned = [cv2.warpAffine(np.ascontiguousarray(one), turn, one.shape) for one in pictures]
            yield _on_disc(np.stack(turned).reshape(thumbnails.shape).astype(np.float32))


def _on_disc(thumbnails: NDArray[np.float32]) -> NDArray[np.float32]:
    """What lies in the disc that every turn keeps, with mean 0 and length 1 again."""
    inside = thumbnails[:, _DISC.ravel()]
    inside = inside - inside.mean(axis=1, keepdims=True)
    length = np.linalg.norm(inside, axis=1, keepdims=True)
    return np.asarray(inside / np.maximum(length, 1e-6), dtype=np.float32)
