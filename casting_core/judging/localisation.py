"""Does the heat map peak where the defect is? Only castings whose defects are known to the pixel can say."""

import numpy as np
from numpy.typing import NDArray

NEAR = 15.0  # pixels from the defect within which a peak counts as on it


def distance_to_defect(place: tuple[float, float], mask: NDArray[np.bool_]) -> float:
    """Pixels from a place (x, y) to the nearest pixel of the mask (height, width); 0 inside, infinite if empty."""
    if not mask.any():
        return float("inf")
    height, width = mask.shape
    column = min(max(int(place[0]), 0), width - 1)
    row = min(max(int(place[1]), 0), height - 1)
    from scipy.ndimage import distance_transform_edt  # SciPy is slow to come, and the first page needs it not

    return float(distance_transform_edt(~mask)[row, column])
