"""What a smaller picture loses: spots and lines that are hardly wider than a pixel of the photo as it is given.

The public network sees a photo at ``USUAL`` pixels, where a pore of a pixel or two is gone. So beside it each place is
told how strong the sharpest spot and line in it are, dark and bright, by the curvatures of the grey levels (eigenvalues
of the Hessian; Lindeberg 1998). An edge, however strong, is curved in one direction only, and so is no spot.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

USUAL = 300  # pixels: the side at which the public network sees photos; finer ones have a multiple of it
CELL, REACH = 16, 24  # pixels of those: from place to place, and the side of what a place looks at
# How often the head is given these numbers. One among nine hundred is hardly heard by a head that is held back.
REPEATED = 16
TINY = 1e-12  # added to a square, so that its root has a slope


def times(shape: tuple[int, ...]) -> int:
    """How much finer a view of this shape is than the usual one; 1 where it is not, or is no square."""
    rows, columns = shape[:2]
    return rows // USUAL if rows == columns and rows > USUAL and rows % USUAL == 0 else 1


@keras.saving.register_keras_serializable("casting_core")
class SpotsAndLines(layers.Layer):
    """The strongest dark spot, bright spot, dark line and bright line of each place, at two scales.

    From views, grey levels 0..1, (n, 300 t, 300 t, 1), to (n, 19, 19, 8); places lie as those of the public network.
    """

    def call(self, view: tf.Tensor) -> tf.Tensor:
        side = int(view.shape[1])
        finer = side // USUAL
        curved = tf.nn.conv2d(view, tf.constant(_curvatures()), 1, "VALID")
        whole = (-(-USUAL // CELL) - 1) * CELL + REACH
        # The two outermost pixels have no neighbours on one side; beyond the photo there is nothing.
        strengths = tf.pad(_strengths(curved), [[0, 0], [2, 2], [2, 2], [0, 0]])
        of_pixels = tf.nn.max_pool2d(strengths, finer, finer, "VALID")  # of the usual size
        beyond = [0, whole - side // finer]
        return tf.nn.max_pool2d(tf.pad(of_pixels, [[0, 0], beyond, beyond, [0, 0]]), REACH, CELL, "VALID")

    def compute_output_shape(self, shape: tuple[int, ...]) -> Any:
        places = -(-USUAL // CELL)
        return (shape[0], places, places, 8)


def _strengths(curved: tf.Tensor) -> tf.Tensor:
    """From second derivatives, (..., 6), to how strong spots and lines are, (..., 8); never below nothing."""
    found = []
    for across, down, both in (tf.unstack(curved[..., :3], axis=-1), tf.unstack(curved[..., 3:], axis=-1)):
        mean = (across + down) / 2
        apart = tf.sqrt(tf.square((across - down) / 2) + tf.square(both) + TINY)
        weaker, stronger = mean - apart, mean + apart  # the curvatures along both axes; dark things curve upwards
        found += [weaker, -stronger, stronger, -weaker]
    return tf.nn.relu(tf.stack(found, axis=-1))


def _curvatures() -> NDArray[np.float32]:
    """Kernels of the second derivatives xx, yy and xy, of the view and of the same slightly blurred: (5, 5, 1, 6)."""
    second, first, blur, point = (np.array(row) for row in ((1, -2, 1), (-0.5, 0, 0.5), (0.25, 0.5, 0.25), (0, 1, 0)))
    made = []
    for smooth in (point, blur):
        twice, once, not_at_all = (np.convolve(smooth, one) for one in (second, first, point))
        made += [np.outer(not_at_all, twice), np.outer(twice, not_at_all), np.outer(once, once)]
    return np.stack(made, axis=-1)[:, :, np.newaxis].astype(np.float32)
