"""Photos to learn from, and which of them are sampled or held out. No network is known here."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Label


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Photos to learn from: rows of ``pixels`` (uint8, usually memory-mapped), the label and the casting of each."""

    pixels: NDArray[np.uint8]  # (all photos, size, size)
    rows: NDArray[np.int64]
    labels: NDArray[np.float32]  # 1 defective, 0 ok; one per row
    castings: NDArray[np.int64] | None = None  # one per row; without them each photo counts as a casting of its own
    times: NDArray[np.int64] | None = None  # how often each is learned from where others are once; none: all once

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def casting_ids(self) -> NDArray[np.int64]:
        """The casting of each photo; where castings are not known, each photo is one of its own."""
        return np.arange(len(self)) if self.castings is None else self.castings

    @property
    def once_through(self) -> NDArray[np.int64]:
        """Positions of what an epoch shows that goes through all photos, in their order; some come more than once."""
        everyone = np.arange(len(self))
        return everyone if self.times is None else np.repeat(everyone, self.times)

    def subset(self, chosen: NDArray[np.int64]) -> "Photos":
        """Only these of the photos, by position."""
        castings, times = (None if of is None else of[chosen] for of in (self.castings, self.times))
        rows, labels = self.rows[chosen], self.labels[chosen]
        return Photos(pixels=self.pixels, rows=rows, labels=labels, castings=castings, times=times)


def castings_of_rarer_class(photos: Photos) -> int:
    """How many castings the class has that has fewer; one with photos of both labels counts as defective."""
    defective = np.unique(photos.casting_ids[photos.labels == Label.DEFECTIVE])
    return min(len(defective), len(np.unique(photos.casting_ids)) - len(defective))


def split_random(photos: Photos, *, share: float, seed: int) -> tuple[Photos, Photos]:
    """Photos to train on and photos to validate on, drawn photo by photo; each side gets at least one."""
    order = np.random.default_rng(seed).permutation(len(photos))
    held_out = min(max(1, round(share * len(photos))), len(photos) - 1)
    return photos.subset(order[held_out:]), photos.subset(order[:held_out])


def limit_per_casting(photos: Photos, *, most: int) -> Photos:
    """The first photos of each casting, ``most`` at most, in the order they had."""
    if photos.castings is None:
        return photos
    order = np.argsort(photos.castings, kind="stable")
    first = np.r_[True, np.diff(photos.castings[order]) > 0]
    place = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    return photos.subset(np.sort(order[place < most]))


def sample_by_casting(photos: Photos, number: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Positions of so many photos, ok and defective in turns.

    Each class goes through its castings in random order, and takes any photo of each: three hundred copies of one
    casting count as one casting. One that is to be learned from more often comes so often each time.
    """
    both = (_endless(np.flatnonzero(photos.labels == label), photos, rng) for label in Label)
    return np.fromiter(islice(chain.from_iterable(zip(*both, strict=False)), number), dtype=np.int64)


def _endless(chosen: NDArray[np.int64], photos: Photos, rng: np.random.Generator) -> Iterator[int]:
    """Positions out of these, casting after casting, without end."""
    castings = photos.casting_ids[chosen]
    groups = [chosen[castings == casting] for casting in np.unique(castings)]
    times = [1 if photos.times is None else int(photos.times[group].max()) for group in groups]
    round_ = np.repeat(np.arange(len(groups)), times)
    while True:
        for group in rng.permutation(round_):
            yield int(rng.choice(groups[group]))
