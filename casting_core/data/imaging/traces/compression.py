"""A photo that was stretched after it was compressed: its blocks are longer in one direction than in the other.

JPEG codes squares of 8 x 8 pixels, and from square to square grey levels bend. Enlarging or shrinking all of a photo
leaves the distance of these bends the same across and down, a stretch does not, and neither the part nor how it lay
before the camera changes anything about that. Where the bends have one distance across and another one down, both are
plain, and neither is seen in the other direction, the photo was stretched.

That interpolation leaves periods in the second derivative of the levels is from Gallagher 2005, "Detection of linear
and cubic interpolation in JPEG compressed images". Saving the photo as JPEG once more lays new blocks over the old
ones and may hide them; then this measure says nothing.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

LOOKED_AT = 1024  # pixels, both sides of the middle that is looked at; blocks are everywhere
LEAST = 64  # pixels of the shorter side: fewer hold too few blocks
EDGE = 12  # grey levels; where they bend more there is an edge of what is shown
STRIPS = 4  # a period that not every strip of the photo shows belongs to what is shown
SMOOTH = 15  # pixels: slower changes belong to what is shown
FINEST, COARSEST, STEPS = 4.4, 13.0, 217  # pixels from block to block: 8, stretched or shrunk to about a half
APART = 0.03  # logarithm of one distance over another, from which on they are two
SLOWEST = 0.06  # periods in a pixel; what is slower belongs to what is shown
POINTS = 2048  # of the spectrum, so that each distance falls near one of its points
FAINT = 1e-3  # what a strip of one shade is divided by

_BEND = np.array([[1, -2, 1]], dtype=np.float32)
_DISTANCES = np.geomspace(FINEST, COARSEST, STEPS)
_TWO = np.abs(np.subtract.outer(np.log(_DISTANCES), np.log(_DISTANCES))) > APART
_FAST = slice(int(SLOWEST * POINTS) + 1, None)


def stretched_blocks(grey: Grey) -> float:
    """How plainly blocks lie at one distance across and another one down, in a photo (height, width) as taken.

    In medians of the spectrum: at most 3.1 in photos of four products as taken, 3.5 and more in stretched castings, as
    long as these were not saved again with less than the best quality. 0 where the photo is too small to say.
    """
    middle = _middle(grey)
    if min(middle.shape) < LEAST:
        return 0.0
    down, across = _plain(np.ascontiguousarray(middle.T)), _plain(middle)
    plain = np.minimum.outer(down, across)  # [i, j]: distance i down and j across
    swapped = np.maximum.outer(across, down)  # the same distances, in the other direction
    return max(0.0, float((plain - swapped)[_TWO].max()))


def _plain(levels: Grey) -> NDArray[np.float64]:
    """How plainly bends return along the rows at each distance, in medians of the spectrum."""
    periods = _periods(levels)
    squares = np.append(periods**2, 0.0)[_HARMONICS]
    return np.asarray(np.sqrt(squares.sum(axis=1) / _COUNTS))


def _periods(levels: Grey) -> NDArray[np.float64]:
    """The spectrum of how much levels bend along the rows, as far as all strips have it in common."""
    bends = cv2.convertScaleAbs(cv2.filter2D(levels, cv2.CV_16S, _BEND))[:, 1:-1]
    capped = cv2.threshold(bends, EDGE, 0, cv2.THRESH_TRUNC)[1]
    strips = [cv2.reduce(strip, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[0] for strip in np.array_split(capped, STRIPS)]
    profile = np.log(np.stack(strips) + 0.05)
    profile -= cv2.blur(profile, (SMOOTH, 1), borderType=cv2.BORDER_REFLECT)
    spectra = np.abs(np.fft.rfft(profile * np.hanning(profile.shape[1]), POINTS))
    spectra /= np.median(spectra[:, _FAST], axis=1, keepdims=True) + FAINT
    common = np.exp(np.log(spectra + 1e-6).mean(axis=0))
    return np.asarray(common / (np.median(common[_FAST]) + FAINT))


def _middle(grey: Grey) -> Grey:
    top, left = (max(0, side - LOOKED_AT) // 2 for side in grey.shape)
    return grey[top : top + LOOKED_AT, left : left + LOOKED_AT]


def _harmonics() -> NDArray[np.int64]:
    """Where the spectrum shows each distance, (distances, harmonics); one past its end where there are no more."""
    times = np.arange(1, int(COARSEST / 2) + 1)
    cycles = times / _DISTANCES[:, np.newaxis]
    shown = (cycles > SLOWEST) & (times <= np.floor(0.49 * _DISTANCES[:, np.newaxis]))
    return np.where(shown, np.round(cycles * POINTS), POINTS // 2 + 1).astype(np.int64)


_HARMONICS = _harmonics()
_COUNTS = np.count_nonzero(_HARMONICS <= POINTS // 2, axis=1)
