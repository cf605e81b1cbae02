"""What each photo counts where castings are counted: copies of a part must not make it weigh more."""

import numpy as np
from numpy.typing import NDArray


def each_casting_once(castings: NDArray[np.integer]) -> NDArray[np.float64]:
    """A weight for each of n photos, given their castings, (n,): those of one casting come to 1 together."""
    _, place, photos = np.unique(castings, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / photos[place], dtype=np.float64)
