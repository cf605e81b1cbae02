"""The input pipeline: from rows of the pixel cache to batches, with no Python per photo and no photo decoded twice."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.learning.augmentation import augment
from casting_core.learning.recipe import Recipe

WATCHED = 16  # validation photos looked at together; the result does not depend on it


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Photos to learn from: rows of ``pixels`` (uint8, usually memory-mapped) and the label of each."""

    pixels: NDArray[np.uint8]  # (all photos, size, size)
    rows: NDArray[np.int64]
    labels: NDArray[np.float32]  # 1 defective, 0 ok; one per row

    def __len__(self) -> int:
        return len(self.rows)

    def some(self, chosen: NDArray[np.int64]) -> "Photos":
        """Only these of the photos, by position."""
        return Photos(pixels=self.pixels, rows=self.rows[chosen], labels=self.labels[chosen])


def split_random(photos: Photos, *, share: float, seed: int) -> tuple[Photos, Photos]:
    """Photos to train on and photos to validate on, drawn photo by photo; each side gets at least one."""
    order = np.random.default_rng(seed).permutation(len(photos))
    held_out = min(max(1, round(share * len(photos))), len(photos) - 1)
    return photos.some(order[held_out:]), photos.some(order[:held_out])


def training_batches(photos: Photos, recipe: Recipe, *, epoch: int = 0) -> tf.data.Dataset:
    """Batches in an order of this epoch's own: grey levels 0..1, shape (batch, size, size, 1), and labels (batch, 1).

    Order and copies depend on the recipe's seed and the epoch alone, so a run that is resumed sees the same.
    """
    drawn = np.random.default_rng((recipe.seed, epoch))
    order = drawn.permutation(len(photos))

    def all_photos() -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
        yield from _batches(photos.some(order), recipe.batch_size)

    batches = _dataset(all_photos, photos, count(photos, recipe.batch_size))
    if recipe.augmentation:
        seeds = tf.data.Dataset.random(seed=int(drawn.integers(2**31))).batch(2, drop_remainder=True)
        batches = tf.data.Dataset.zip(batches, seeds).map(
            lambda batch, seed: (augment(batch[0], seed), batch[1]), num_parallel_calls=2, deterministic=True
        )
    return batches.prefetch(4)


def validation_batches(photos: Photos) -> tf.data.Dataset:
    """The same for photos that only watch: in order, never augmented, in batches that are quick to look at."""
    return _dataset(lambda: _batches(photos, WATCHED), photos, count(photos, WATCHED)).prefetch(4)


def count(photos: Photos, batch_size: int) -> int:
    """The number of batches in one epoch."""
    return -(-len(photos) // batch_size)


def _dataset(batches: object, photos: Photos, number: int) -> tf.data.Dataset:
    size = photos.pixels.shape[1]
    signature = (tf.TensorSpec((None, size, size), tf.uint8), tf.TensorSpec((None, 1), tf.float32))
    stored = tf.data.Dataset.from_generator(batches, output_signature=signature)
    return stored.apply(tf.data.experimental.assert_cardinality(number)).map(_to_unit, num_parallel_calls=1)


def _batches(photos: Photos, batch_size: int) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    for start in range(0, len(photos), batch_size):
        here = slice(start, start + batch_size)
        yield photos.pixels[photos.rows[here]], photos.labels[here, np.newaxis]


def _to_unit(grey: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.cast(grey, tf.float32)[..., tf.newaxis] / 255.0, labels
