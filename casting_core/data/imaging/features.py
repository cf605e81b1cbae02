"""The local features of a photo: places that are found again when the part is turned, mirrored, scaled or lit anew.

SIFT (Lowe 2004) with square-rooted descriptors (Arandjelovic and Zisserman 2012). A mirrored part needs no second
look: turning the descriptor's own grid over gives what the mirrored photo would have shown.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

MOST = 400  # features of a photo, the strongest ones
FAINTEST = 0.004  # contrast of a feature; a tenth of the usual, for smooth castings
STEPS = 512  # a descriptor's levels in one unit; no entry of a unit vector in practice comes near one half

_GRID = np.arange(128).reshape(4, 4, 8)  # rows, columns, directions of a descriptor, in the library's order
MIRROR = _GRID[::-1][:, :, -np.arange(8) % 8].ravel()  # rows in reverse, directions the other way round


@dataclass(frozen=True, kw_only=True)
class Features:
    """What was found in one photo, the same order in every array."""

    points: NDArray[np.float32]  # (features, 2) pixels, x then y
    angles: NDArray[np.float32]  # radians, the way each feature faces
    sizes: NDArray[np.float32]  # pixels
    descriptors: NDArray[np.uint8]  # (features, 128) unit vectors times ``STEPS``

    def __len__(self) -> int:
        return len(self.points)

    def vectors(self, *, mirrored: bool = False) -> NDArray[np.float32]:
        """The descriptors as floats, as seen or as the mirrored photo would show them; all of length ``STEPS``."""
        chosen = self.descriptors[:, MIRROR] if mirrored else self.descriptors
        return chosen.astype(np.float32)


def describe(grey: Grey) -> Features:
    """The features of a photo, at most ``MOST``, the strongest first; a blank photo has none."""
    finder = cv2.SIFT.create(nfeatures=MOST, contrastThreshold=FAINTEST)
    found, descriptors = finder.detectAndCompute(np.ascontiguousarray(grey), None)
    order = sorted(range(len(found)), key=lambda at: -found[at].response)[:MOST]
    if not order:
        empty = np.zeros(0, dtype=np.float32)
        return Features(
            points=empty.reshape(0, 2), angles=empty, sizes=empty, descriptors=np.zeros((0, 128), dtype=np.uint8)
        )
    chosen = [found[at] for at in order]
    return Features(
        points=np.array([point.pt for point in chosen], dtype=np.float32),
        angles=np.deg2rad([point.angle for point in chosen], dtype=np.float32),
        sizes=np.array([point.size for point in chosen], dtype=np.float32),
        descriptors=_rooted(np.asarray(descriptors[order], dtype=np.float32)),
    )


def _rooted(descriptors: NDArray[np.float32]) -> NDArray[np.uint8]:
    share = descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(np.rint(np.sqrt(share) * STEPS).clip(0, 255), dtype=np.uint8)
