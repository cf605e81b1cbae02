"""A photo as a whole, in a few pixels, whatever its light: what gate, audit and the map of photos compare."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casting_core.data.imaging.images import Grey

THUMBNAIL = 24  # pixels, both sides; gates of model versions are kept at this size


def thumbnail(grey: Grey) -> NDArray[np.float64]:
    """The photo scaled down, (THUMBNAIL squared,), with mean 0 and length 1; all 0 for a blank photo."""
    small = Image.fromarray(grey).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    levels = np.array(small, dtype=np.float64).ravel()
    levels -= levels.mean()
    levels /= max(float(np.linalg.norm(levels)), 1e-9)
    return levels
