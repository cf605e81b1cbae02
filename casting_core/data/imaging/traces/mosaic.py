"""Raw data of a colour camera saved as grey: its pixels lie behind a mosaic of filters, so levels are chequered.

Behind a filter array (Bayer) each pixel of a square of 2 x 2 has a gain of its own. Grey levels then swing from pixel
to pixel by the same share of their brightness and in the same direction all over the photo. Grain, edges, grids of
tracks and the blocks of JPEG swing too, but not by one share and not in one direction everywhere.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

LOOKED_AT = 512  # pixels, both sides of the middle that is looked at; a mosaic is everywhere
BLOCK = 8  # squares of 2 x 2, both sides: one vote
DARK, CLIPPED = 6.0, 250.0  # mean grey levels of a block: beyond them its swing is rounding, or cut off
ENOUGH = 0.15  # share of the blocks that are lit; the votes of fewer prove nothing
AGREED = 0.85  # share of the votes that go one way


def chequered(grey: Grey) -> float:
    """By how much of their brightness grey levels swing from pixel to pixel, 0..1; 0 where they do so in no one way."""
    (a, b), (c, d) = _blocks(_middle(grey))
    brightness = a + b + c + d
    lit = (brightness > 4 * DARK) & (brightness < 4 * CLIPPED)
    if np.count_nonzero(lit) < ENOUGH * lit.size:
        return 0.0
    swings = (a - b - c + d, a - b + c - d, a + b - c - d)  # chequered, by columns, by rows
    return max(_common((swing / np.maximum(brightness, 1))[lit]) for swing in swings)


def _common(votes: NDArray[np.float64]) -> float:
    """The middle of the votes where nearly all go one way, else 0."""
    ordered = np.sort(votes)  # numpy's own median of so few takes eight times as long
    middle = float(ordered[(len(votes) - 1) // 2] + ordered[len(votes) // 2]) / 2
    agreed = np.count_nonzero(np.sign(votes) == np.sign(middle))
    return abs(middle) if agreed >= AGREED * len(votes) else 0.0


def _middle(grey: Grey) -> Grey:
    """The middle of the photo, in whole blocks, as far as there are any."""
    unit = 2 * BLOCK
    rows, columns = (max(unit, min(side, LOOKED_AT) // unit * unit) for side in grey.shape)
    top, left = ((side - length) // 2 // 2 * 2 for side, length in zip(grey.shape, (rows, columns), strict=True))
    return grey[max(top, 0) : top + rows, max(left, 0) : left + columns]


def _blocks(middle: Grey) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The mean of each block of one pixel of each square, (rows, columns): of its upper two, then of its lower two."""
    rows, columns = (side // 2 // BLOCK for side in middle.shape)
    levels = middle[: 2 * BLOCK * rows, : 2 * BLOCK * columns].astype(np.float32)
    pairs = levels.reshape(len(levels), -1, 2)
    halves = (cv2.resize(pairs[row::2], (columns, rows), interpolation=cv2.INTER_AREA) for row in (0, 1))
    means = (np.asarray(half, dtype=np.float64).reshape(rows, columns, 2) for half in halves)
    return [(half[..., 0], half[..., 1]) for half in means]
