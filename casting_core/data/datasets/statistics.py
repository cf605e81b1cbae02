"""What the photos of a dataset look like taken together: grey levels, mean photos, and how unequal the classes are."""

from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.domain import Label

CHUNK = 256  # photos looked at together
ENOUGH = 2000  # photos looked at: more would make the curves no smoother, and the wait long


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Summed over photos of each label; a label without photos has no entry."""

    looked_at: int  # photos
    of: int  # photos that there are
    histogram: dict[Label, NDArray[np.float64]]  # (256,), share of pixels at each grey level
    mean: dict[Label, NDArray[np.float64]]  # (size, size), mean grey level at each place
    brightness: dict[Label, float]  # mean grey level over the photos looked at, 0..255

    @property
    def difference(self) -> NDArray[np.float64] | None:
        """Mean defective photo minus mean ok photo, (size, size) grey levels; none where one class is missing."""
        if len(self.mean) < len(Label):
            return None
        return self.mean[Label.DEFECTIVE] - self.mean[Label.OK]


def describe(photos: pd.DataFrame, pixels: PixelCache, *, most: int = ENOUGH, seed: int = 0) -> Statistics:
    """Looks once at the photos of a dataset's table (columns ``photo`` and ``label``), drawn where there are too many.

    Both labels keep their share among those drawn, and each is looked at where it has a photo at all. The same table
    and seed give the same answer.
    """
    histogram, mean, brightness, looked_at = {}, {}, {}, 0
    drawn = min(1.0, most / max(len(photos), 1))
    for label in Label:
        chosen = photos.loc[photos["label"] == label, "photo"]
        if chosen.empty:
            continue
        wanted = chosen.sample(max(1, round(drawn * len(chosen))), random_state=seed) if drawn < 1 else chosen
        levels, total = _summed(pixels, wanted.to_list())
        histogram[label] = levels / levels.sum()
        mean[label] = total / len(wanted)
        brightness[label] = float(mean[label].mean())
        looked_at += len(wanted)
    return Statistics(histogram=histogram, mean=mean, brightness=brightness, looked_at=looked_at, of=len(photos))


def _summed(pixels: PixelCache, identities: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The pixels at each grey level, (256,), and the sum of the photos, (size, size)."""
    levels, total = np.zeros(256), np.zeros((pixels.size, pixels.size))
    for start in range(0, len(identities), CHUNK):
        grey = pixels.take(identities[start : start + CHUNK])
        levels += cv2.calcHist([grey.reshape(len(grey), -1)], [0], None, [256], [0, 256]).ravel()  # nine times numpy's
        total += grey.sum(axis=0, dtype=np.uint32)
    return levels, total


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
