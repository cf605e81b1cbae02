"""What each photo looks like in a few numbers, taken from its pixels in one place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.measures import corners, mean_and_spread, sharpness
from casting_core.data.imaging.thumbnails import THUMBNAIL, thumbnail
from casting_core.domain import Progress

CHUNK = 256  # photos taken from the pixel cache at once
LEVELS = (0.1, 0.5, 0.9)  # quantiles of the background's grey levels


@dataclass(frozen=True, kw_only=True)
class Looks:
    """One row per photo, in the order in which they were asked for."""

    brightness: NDArray[np.float64]  # (photos,) mean grey level, 0..255
    contrast: NDArray[np.float64]  # (photos,) standard deviation of the grey levels
    sharpness: NDArray[np.float64]  # (photos,) strength of the finest detail against all contrast
    background: NDArray[np.float64]  # (photos, 5) of the four corners: mean, spread, and three quantiles
    thumbnail: NDArray[np.float32]  # (photos, THUMBNAIL squared) mean 0 and length 1; all 0 for a blank photo

    def of(self, chosen: NDArray[np.bool_]) -> "Looks":
        """The looks of some of the photos."""
        return Looks(**{name: values[chosen] for name, values in vars(self).items()})


def look_at(photos: Sequence[str], pixels: PixelCache, *, report: Progress) -> Looks:
    """The looks of these photos, at the size at which the cache keeps them; ``report`` may raise to end it early."""
    rows: list[tuple[float, float, float, list[float]]] = []
    thumbnails = np.zeros((len(photos), THUMBNAIL**2), dtype=np.float32)
    for start in range(0, len(photos), CHUNK):
        for at, grey in enumerate(pixels.take(photos[start : start + CHUNK]), start):
            rows.append(_measured(grey))
            thumbnails[at] = thumbnail(grey)
        report(min(start + CHUNK, len(photos)), len(photos))
    brightness, contrast, sharpness, background = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Looks(
        brightness=np.array(brightness, dtype=np.float64),
        contrast=np.array(contrast, dtype=np.float64),
        sharpness=np.array(sharpness, dtype=np.float64),
        background=np.array(background, dtype=np.float64).reshape(len(photos), 2 + len(LEVELS)),
        thumbnail=thumbnails,
    )


def _measured(grey: Grey) -> tuple[float, float, float, list[float]]:
    mean, contrast = mean_and_spread(grey)
    return mean, contrast, sharpness(grey), _background(grey)


def _background(grey: Grey) -> list[float]:
    seen = corners(grey)
    return [*mean_and_spread(seen), *map(float, np.quantile(seen, LEVELS))]
