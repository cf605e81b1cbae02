"""What is measured of a photo as it is, whatever it shows: its light, its background, its sharpness."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

CORNER = 0.06  # of a side: what is taken for background at each corner


def brightness(grey: Grey) -> float:
    """The mean grey level, 0..255."""
    return mean_and_spread(grey)[0]


def background(grey: Grey) -> float:
    """The mean grey level of the four corners, 0..255: the light beside the part, which says nothing of the part."""
    return float(corners(grey).mean())


def corners(grey: Grey) -> Grey:
    """The pixels of the four corners, (pixels,), the same number of each: a part rarely reaches them."""
    high, wide = (max(1, round(CORNER * side)) for side in grey.shape)
    return np.concatenate([grey[rows, columns].ravel() for rows in _ends(high) for columns in _ends(wide)])


def sharpness(grey: Grey) -> float:
    """The strength of the finest detail against all contrast: spread of the Laplacian over that of the photo.

    Both are standard deviations. The ratio does not change with light; the Laplacian's variance alone (Pech-Pacheco
    et al. 2000) does.
    """
    laplacian = cv2.Laplacian(grey, cv2.CV_16S)[1:-1, 1:-1]  # the edge's neighbours would be invented
    return mean_and_spread(laplacian)[1] / max(mean_and_spread(grey)[1], 1e-6)


def mean_and_spread(levels: NDArray[Any]) -> tuple[float, float]:
    """Mean and standard deviation; ten times as fast as numpy, and this is the way of every photo."""
    mean, spread = cv2.meanStdDev(levels)
    return float(mean[0, 0]), float(spread[0, 0])


def _ends(length: int) -> tuple[slice, slice]:
    return slice(length), slice(-length, None)
