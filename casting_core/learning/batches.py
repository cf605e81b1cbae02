"""The input pipeline: which photos are seen in which order, and their views in batches. No photo is decoded here."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.learning.recipe import Recipe, Sampling
from casting_core.learning.views import Views

WATCHED = 16  # validation photos looked at together; the result does not depend on it
DRAWN = 512  # photos in an epoch that draws by casting: enough for a point of a curve, and few enough for many


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Photos to learn from: rows of ``pixels`` (uint8, usually memory-mapped), the label and the casting of each."""

    pixels: NDArray[np.uint8]  # (all photos, size, size)
    rows: NDArray[np.int64]
    labels: NDArray[np.float32]  # 1 defective, 0 ok; one per row
    castings: NDArray[np.int64] | None = None  # one per row; without them each photo counts as a casting of its own

    def __len__(self) -> int:
        return len(self.rows)

    def some(self, chosen: NDArray[np.int64]) -> "Photos":
        """Only these of the photos, by position."""
        castings = None if self.castings is None else self.castings[chosen]
        return Photos(pixels=self.pixels, rows=self.rows[chosen], labels=self.labels[chosen], castings=castings)


def split_random(photos: Photos, *, share: float, seed: int) -> tuple[Photos, Photos]:
    """Photos to train on and photos to validate on, drawn photo by photo; each side gets at least one."""
    order = np.random.default_rng(seed).permutation(len(photos))
    held_out = min(max(1, round(share * len(photos))), len(photos) - 1)
    return photos.some(order[held_out:]), photos.some(order[:held_out])


def few_of_each(photos: Photos, *, most: int) -> Photos:
    """No more than ``most`` photos of each casting, in the order they had."""
    if photos.castings is None:
        return photos
    order = np.argsort(photos.castings, kind="stable")
    first = np.r_[True, np.diff(photos.castings[order]) > 0]
    place = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    return photos.some(np.sort(order[place < most]))


def training_batches(photos: Photos, recipe: Recipe, views: Views, *, epoch: int) -> tf.data.Dataset:
    """The batches of one epoch: views 0..1, shape (batch, rows, columns, 1), and labels (batch, 1).

    What an epoch shows depends on the recipe's seed and the epoch's number alone, so a run can go on where it ended.
    """

    def batches() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
        rng = np.random.default_rng((recipe.seed, epoch))
        order = drawn_by_casting(photos, rng) if recipe.sampling is Sampling.CASTING else rng.permutation(len(photos))
        for here in _slices(len(order), recipe.batch_size):
            rows, labels = photos.rows[order[here]], photos.labels[order[here], np.newaxis]
            yield views.take(rows, rng=rng if recipe.augmentation else None), labels

    return _dataset(batches, views, count(photos, recipe)).prefetch(4)


def drawn_by_casting(photos: Photos, rng: np.random.Generator) -> NDArray[np.int64]:
    """Positions of ``DRAWN`` photos, sound and defective in turns.

    Each class goes through its castings in an order drawn by lot, and takes any photo of each: three hundred copies of
    one casting count as one casting.
    """
    castings = np.arange(len(photos)) if photos.castings is None else photos.castings
    both = (_of_class(np.flatnonzero(photos.labels == label), castings, rng) for label in Label)
    return np.fromiter(islice(chain.from_iterable(zip(*both, strict=False)), DRAWN), dtype=np.int64)


def _of_class(chosen: NDArray[np.int64], castings: NDArray[np.int64], rng: np.random.Generator) -> Iterator[int]:
    """Photos of one class for ever, casting after casting."""
    groups = [chosen[castings[chosen] == casting] for casting in np.unique(castings[chosen])]
    while True:
        for group in rng.permutation(len(groups)):
            yield int(rng.choice(groups[group]))


def validation_batches(photos: Photos, views: Views) -> tf.data.Dataset:
    """The same for photos that only watch: in order, never augmented, in batches that are quick to look at."""

    def batches() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
        for here in _slices(len(photos), WATCHED):
            yield views.take(photos.rows[here]), photos.labels[here, np.newaxis]

    return _dataset(batches, views, -(-len(photos) // WATCHED)).prefetch(4)


def count(photos: Photos, recipe: Recipe) -> int:
    """The number of batches in one epoch."""
    return -(-(DRAWN if recipe.sampling is Sampling.CASTING else len(photos)) // recipe.batch_size)


def _dataset(batches: object, views: Views, number: int) -> tf.data.Dataset:
    signature = (tf.TensorSpec((None, *views.alignment.shape), tf.uint8), tf.TensorSpec((None, 1), tf.float32))
    stored = tf.data.Dataset.from_generator(batches, output_signature=signature)
    return stored.apply(tf.data.experimental.assert_cardinality(number)).map(_to_unit, num_parallel_calls=1)


def _slices(photos: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, photos, size))


def _to_unit(view: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.cast(view, tf.float32)[..., tf.newaxis] / 255.0, labels
