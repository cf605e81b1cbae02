"""What the photos of a dataset look like taken together: grey levels, mean photos, and how unequal the classes are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.pixels import PixelCache
from casting_core.domain import Label

CHUNK = 256  # photos looked at together


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Summed over the photos of each label; a label without photos has no entry."""

    histogram: dict[Label, NDArray[np.float64]]  # (256,), share of pixels at each grey level
    mean: dict[Label, NDArray[np.float64]]  # (size, size), mean grey level at each place
    brightness: dict[Label, float]  # mean grey level over all photos, 0..255

    @property
    def difference(self) -> NDArray[np.float64] | None:
        """Mean defective photo minus mean ok photo, (size, size) grey levels; none where one class is missing."""
        if len(self.mean) < len(Label):
            return None
        return self.mean[Label.DEFECTIVE] - self.mean[Label.OK]


def describe(photos: pd.DataFrame, pixels: PixelCache) -> Statistics:
    """Looks once at every photo of a dataset's table (columns ``photo`` and ``label``)."""
    histogram, mean, brightness = {}, {}, {}
    for label in Label:
        identities = photos.loc[photos["label"] == label, "photo"].to_list()
        if not identities:
            continue
        levels, total = np.zeros(256), np.zeros((pixels.size, pixels.size))
        for start in range(0, len(identities), CHUNK):
            grey = pixels.take(identities[start : start + CHUNK])
            levels += np.bincount(grey.ravel(), minlength=256)
            total += grey.sum(axis=0, dtype=np.int64)
        histogram[label] = levels / levels.sum()
        mean[label] = total / len(identities)
        brightness[label] = float(mean[label].mean())
    return Statistics(histogram=histogram, mean=mean, brightness=brightness)


@dataclass(frozen=True, kw_only=True)
class Skew:
    """How unequal the classes are."""

    ok: int
    defective: int

    @property
    def ratio(self) -> float:
        """The larger class over the smaller one; infinite where one is empty."""
        return (
            max(self.ok, self.defective) / min(self.ok, self.defective)
            if min(self.ok, self.defective)
            else float("inf")
        )

    @property
    def notable(self) -> bool:
        """Whether a network would gain from weights: from three to two on."""
        return self.ratio >= 1.5

    @property
    def larger(self) -> Label:
        """The class with more photos."""
        return Label.OK if self.ok > self.defective else Label.DEFECTIVE


def skew(photos: pd.DataFrame) -> Skew:
    """The skew between the classes of a dataset's table."""
    defective = int((photos["label"] == Label.DEFECTIVE).sum())
    return Skew(ok=len(photos) - defective, defective=defective)
