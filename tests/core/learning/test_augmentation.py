"""Augmented copies: other photos of the same casting, the same for the same seed."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.learning.augmentation import augment
from casting_core.learning.batches import Photos


def copies(photos: Photos, seed: int) -> NDArray[np.float32]:
    grey = tf.constant(photos.pixels[:8, ..., np.newaxis] / 255, dtype=tf.float32)
    return np.asarray(augment(grey, tf.constant([seed, 7], dtype=tf.int64)))


def test_copies_keep_shape_and_range(photos: Photos) -> None:
    made = copies(photos, 1)
    assert made.shape == (8, 300, 300, 1)
    assert made.dtype == np.float32
    assert made.min() >= 0
    assert made.max() <= 1


def test_the_same_seed_gives_the_same_copies_and_another_others(photos: Photos) -> None:
    assert np.array_equal(copies(photos, 1), copies(photos, 1))
    assert not np.array_equal(copies(photos, 1), copies(photos, 2))


def test_every_photo_of_a_batch_is_moved_and_lit_in_its_own_way(photos: Photos) -> None:
    same = Photos(pixels=np.repeat(photos.pixels[:1], 8, axis=0), rows=photos.rows, labels=photos.labels)
    made = copies(same, 3)
    assert len({float(copy.mean()) for copy in made}) == 8
    assert min(np.abs(one - made[0]).mean() for one in made[1:]) > 0.02


def test_the_part_stays_in_the_middle(photos: Photos) -> None:
    """A bright disc in the middle is still there; a bright corner has been turned away in some copy."""
    pixels: NDArray[np.uint8] = np.full((8, 300, 300), 60, dtype=np.uint8)
    y, x = np.mgrid[:300, :300]
    pixels[:, (y - 150) ** 2 + (x - 150) ** 2 < 30**2] = 220
    pixels[:, 60:90, 60:90] = 255
    made = copies(Photos(pixels=pixels, rows=photos.rows, labels=photos.labels), 5)[..., 0]
    assert all(copy[140:160, 140:160].mean() > copy[40:60, 140:160].mean() + 0.2 for copy in made)
    assert len({round(float(copy[60:90, 60:90].mean()), 2) for copy in made}) > 4
