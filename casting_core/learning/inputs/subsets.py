"""The photos of fewer castings, each choice within the next: a learning curve tells what more of them are worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets import splits
from casting_core.learning.inputs.photos import Photos

SHARES = (0.25, 0.5, 0.75)  # of the castings; the whole is the run's own network


@dataclass(frozen=True, kw_only=True, eq=False)
class Subset:
    """Some of the photos to learn from, castings whole."""

    share: float  # of the castings, about
    chosen: NDArray[np.int64]  # positions
    castings: int


def nested_subsets(photos: Photos, *, seed: int) -> list[Subset]:
    """The photos of about each of ``SHARES`` of the castings of each class; what is in one is in all larger ones.

    Raises ``DatasetError`` where a class has fewer castings than would make them differ.
    """
    castings = photos.casting_ids
    fold = splits.folds(castings, photos.labels.astype(int), number=len(SHARES) + 1, seed=seed)
    made = []
    for number, share in enumerate(SHARES, start=1):
        chosen = np.flatnonzero(fold <= number)
        made.append(Subset(share=share, chosen=chosen, castings=len(np.unique(castings[chosen]))))
    return made
