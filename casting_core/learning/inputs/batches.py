"""The input pipeline: which photos are seen in which order, and their views in batches. No photo is decoded here."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.learning.inputs import curriculum
from casting_core.learning.inputs.photos import Photos, sample_by_casting
from casting_core.learning.inputs.views import Views
from casting_core.learning.recipes.choices import Sampling
from casting_core.learning.recipes.recipe import Recipe

VALIDATION_BATCH = 16  # photos; the result does not depend on it


def training_batches(photos: Photos, recipe: Recipe, views: Views, *, epoch: int) -> tf.data.Dataset:
    """The batches of one epoch: views 0..1, shape (batch, rows, columns, 1), and labels (batch, 1).

    Of views that are numbers already, those, shape (batch, d).

    What an epoch shows depends on the recipe's seed and the epoch's number alone, so a run can go on where it ended.
    """

    def batches() -> Iterator[tuple[NDArray[Any], NDArray[np.float32]]]:
        rng = np.random.default_rng((recipe.seed, epoch))
        number = curriculum.photos_per_epoch(photos, recipe, views.alignment.kind)
        by_casting = recipe.sampling is Sampling.CASTING
        order = sample_by_casting(photos, number, rng) if by_casting else rng.permutation(photos.once_through)
        for here in _slices(len(order), recipe.batch_size):
            rows, labels = photos.rows[order[here]], photos.labels[order[here], np.newaxis]
            yield views.take(rows, rng=rng if recipe.augmentation else None), labels

    return _dataset(batches, views, curriculum.batches_per_epoch(photos, recipe, views.alignment.kind)).prefetch(4)


def validation_batches(photos: Photos, views: Views) -> tf.data.Dataset:
    """The same for photos used for validation: in order, never augmented, in batches that are quick to score."""

    def batches() -> Iterator[tuple[NDArray[Any], NDArray[np.float32]]]:
        for here in _slices(len(photos), VALIDATION_BATCH):
            yield views.take(photos.rows[here]), photos.labels[here, np.newaxis]

    return _dataset(batches, views, -(-len(photos) // VALIDATION_BATCH)).prefetch(4)


def _dataset(batches: object, views: Views, number: int) -> tf.data.Dataset:
    pictures = len(views.shape) > 1
    shown = tf.TensorSpec((None, *views.shape), tf.uint8 if pictures else tf.float32)
    signature = (shown, tf.TensorSpec((None, 1), tf.float32))
    stored = tf.data.Dataset.from_generator(batches, output_signature=signature).with_options(without_autotune())
    counted = stored.apply(tf.data.experimental.assert_cardinality(number))
    return counted.map(_to_unit, num_parallel_calls=1) if pictures else counted


def without_autotune() -> tf.data.Options:
    """Options that leave nothing to TensorFlow's tuner, for which most epochs would wait a second at their end."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


def _slices(photos: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, photos, size))


def _to_unit(view: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.cast(view, tf.float32)[..., tf.newaxis] / 255.0, labels
