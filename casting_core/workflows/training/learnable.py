"""Photos of a dataset as a training wants them: their pixels from the cache, their labels, and their castings."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.errors import DatasetError
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.recipe import IMAGE_SIZE
from casting_core.workflows.stores import pixel_cache


def learnable(
    photos: pd.DataFrame,
    castings: NDArray[np.int64] | None = None,
    *,
    size: int = IMAGE_SIZE,
    times: NDArray[np.int64] | None = None,
) -> Photos:
    """These photos of a dataset (columns photo and label), in their order; ``castings`` has one of each.

    ``times``: how often each is learned from where others are once. ``size``: pixels, both sides. Raises
    ``DatasetError`` where the file of one has gone that was not read at this size.
    """
    cache = pixel_cache(size)
    cache.read_missing(photos["photo"])
    rows = cache.rows()
    if gone := next((photo for photo in photos["photo"] if photo not in rows), None):
        raise DatasetError(f"the file of photo {gone[:12]} has gone, or is another by now: scan the dataset again")
    return Photos(
        pixels=cache.all(),
        rows=np.array([rows[photo] for photo in photos["photo"]], dtype=np.int64),
        labels=photos["label"].to_numpy(dtype=np.float32),
        castings=castings,
        times=times,
    )
