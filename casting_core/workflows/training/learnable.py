"""Photos of a dataset as a training wants them: their pixels from the cache, their labels, and their castings."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.learning.inputs.photos import Photos
from casting_core.workflows.stores import pixel_cache


def learnable(photos: pd.DataFrame, castings: NDArray[np.int64] | None = None) -> Photos:
    """These photos of a dataset (columns photo and label), in their order; ``castings`` has one of each."""
    cache = pixel_cache()
    rows = cache.rows()
    return Photos(
        pixels=cache.all(),
        rows=np.array([rows[photo] for photo in photos["photo"]], dtype=np.int64),
        labels=photos["label"].to_numpy(dtype=np.float32),
        castings=castings,
    )
