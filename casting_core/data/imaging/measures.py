"""What is measured of a photo as it is, whatever it shows: its light, background, sharpness and grain."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

EDGE = 12  # grey levels; where they bend more there is an edge
CORNER = 0.06  # of a side: what is taken for background at each corner

_BEND = np.array([1, -2, 1], dtype=np.float32)
_ALONE = np.ones(1, dtype=np.float32)


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
    return _sharpness(grey, cv2.Laplacian(grey, cv2.CV_16S))


@dataclass(frozen=True, kw_only=True)
class Detail:
    """What the finest detail of a photo says of how it was taken."""

    sharpness: float  # as ``sharpness`` has it
    grain: float  # the spread of the noise, in grey levels, as its finest checks show it: edges add little
    lopsided: float  # how much more of it runs down the photo than across it, as a logarithm; near 0 unless stretched


def detail(grey: Grey) -> Detail:
    """All of it at once: how grey levels bend across and down is what each of them is made of.

    Grain is that of Immerkaer 1996. Stretching takes fine detail away in one direction; there edges are cut to
    ``EDGE``, or straight ones would tell more of the part than of the photo.
    """
    across = cv2.filter2D(grey, cv2.CV_16S, _BEND[np.newaxis])
    down = cv2.sepFilter2D(grey, cv2.CV_16S, _ALONE, _BEND)
    checks = _within(cv2.sepFilter2D(grey, cv2.CV_16S, _BEND, _BEND))
    return Detail(
        sharpness=_sharpness(grey, cv2.add(across, down)),
        grain=float(np.sqrt(np.pi / 2) / 6 * cv2.norm(checks, cv2.NORM_L1) / checks.size),
        lopsided=float(np.log((_mean_bend(across) + 0.05) / (_mean_bend(down) + 0.05))),
    )


def _sharpness(grey: Grey, laplacian: NDArray[Any]) -> float:
    """Sums of whole numbers are exact, so this is the standard deviation, in a tenth of the time OpenCV's own takes."""
    inner = _within(laplacian)
    mean, square = cv2.sumElems(inner)[0] / inner.size, cv2.norm(inner, cv2.NORM_L2SQR) / inner.size
    return float(np.sqrt(max(square - mean * mean, 0.0)) / max(mean_and_spread(grey)[1], 1e-6))


def _mean_bend(bent: NDArray[Any]) -> float:
    """How much grey levels bend from pixel to pixel, in the mean, where none counts for more than ``EDGE``."""
    cut = cv2.threshold(cv2.convertScaleAbs(_within(bent)), EDGE, 0, cv2.THRESH_TRUNC)[1]
    return float(cv2.norm(cut, cv2.NORM_L1) / cut.size)


def _within(filtered: NDArray[Any]) -> NDArray[Any]:
    """Without the pixels at the edge: their neighbours would be invented."""
    return filtered[1:-1, 1:-1]


def mean_and_spread(levels: NDArray[Any]) -> tuple[float, float]:
    """Mean and standard deviation; ten times as fast as numpy, and this is the way of every photo."""
    mean, spread = cv2.meanStdDev(levels)
    return float(mean[0, 0]), float(spread[0, 0])


def _ends(length: int) -> tuple[slice, slice]:
    return slice(length), slice(-length, None)
