"""What was added to a photo to make it square, which shows nothing: rows or columns of one grey level.

``images.fit`` adds as much on one side as on the other. So what is uniform on both sides counts, and no more than on
the side that has less of it: the other may be a plain background.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.placement import Placement
from casting_core.data.imaging.images import Grey

LEAST = 8  # pixels that are left of a photo, whatever it shows
WORTH = 0.02  # of the size, on each side: less is not worth stretching a photo for


def added(grey: Grey) -> tuple[int, int]:
    """Rows above and below the photo in one of shape (size, size), and columns left and right of it: of each side."""
    rows, columns = (_uniform(grey.min(axis=axis) != grey.max(axis=axis)) for axis in (1, 0))
    return rows, columns


def most(photos: Sequence[Grey]) -> bool:
    """Whether most photos of shape (size, size) were made square by what was added.

    Nothing is added on all four sides, so what is uniform there is a plain background.
    """
    sides = np.array([added(grey) for grey in photos]) / len(photos[0])
    return bool(np.median((sides.max(axis=1) > WORTH) & (sides.min(axis=1) == 0)) > 0.5)


def without(grey: Grey) -> Placement:
    """The placement by which the photo in one of shape (size, size) fills a view; nothing is found, so it is sure."""
    size = len(grey)
    middle = (size - 1) / 2
    rows, columns = added(grey)
    rows, columns = (rows, 0) if rows > columns else (0, columns)  # only one of them was added
    matrix = np.array([[size / 2 - columns, 0.0, middle], [0.0, size / 2 - rows, middle]], dtype=np.float32)
    return Placement(matrix=matrix, confidence=1.0)


def _uniform(varied: NDArray[np.bool_]) -> int:
    """How many lines before the first that varies, and after the last, have one grey level: the lower number."""
    lines = np.flatnonzero(varied)
    if not len(lines):
        return 0
    return int(min(lines[0], len(varied) - 1 - lines[-1], (len(varied) - LEAST) // 2))
