"""The layers that only networks on the public one have; a saved model finds them here by their names."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

TINY = 1e-6  # added to a variance, so that its root can be divided by
NEAR = 0.01  # squared distance: what is nearer is the same place, and the rest is rounding
FAINT = 0.01  # times the mean spread of all numbers: what varies less is noise of the arithmetic


@keras.saving.register_keras_serializable("casting_core")
class MeanMaxSpread(layers.Layer):
    """Features of places, (n, rows, columns, channels), as numbers of the photo, (n, 3 * channels).

    The mean tells what the part looks like, the maximum what is somewhere on it, the standard deviation over places how
    much they differ.
    """

    def call(self, places: tf.Tensor) -> tf.Tensor:
        mean = tf.reduce_mean(places, [1, 2])
        return tf.concat([mean, tf.reduce_max(places, [1, 2]), _spread(places, mean)], axis=-1)

    def shares(self, places: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        """How much each place adds to the weighed sum of the photo's numbers: (n, rows, columns).

        ``weights``: one for each number, (3 * channels,). The shares add up to the sum: a mean is made by all places
        alike, a maximum by the place that has it, and a spread by the squares of which it is the root.
        """
        rows, columns = places.shape[1:3]
        of_mean, of_max, of_spread = tf.split(weights, 3)
        mean = tf.reduce_mean(places, [1, 2], keepdims=True)
        spread = _spread(places, mean[:, 0, 0])[:, tf.newaxis, tf.newaxis]
        highest = tf.cast(places >= tf.reduce_max(places, [1, 2], keepdims=True), places.dtype)
        highest /= tf.reduce_sum(highest, [1, 2], keepdims=True)  # where two places have it, each made half of it
        from_mean = tf.reduce_sum(places * of_mean, -1) / (rows * columns)
        from_max = tf.reduce_sum(places * highest * of_max, -1)
        squares = (tf.square(places - mean) + TINY) / (spread * (rows * columns))
        return from_mean + from_max + tf.reduce_sum(squares * of_spread, -1)


def _spread(places: tf.Tensor, mean: tf.Tensor) -> tf.Tensor:
    """The standard deviation over places, (n, channels), of which ``mean`` is the mean."""
    apart = tf.square(places - mean[:, tf.newaxis, tf.newaxis])
    return tf.sqrt(tf.reduce_mean(apart, [1, 2]) + TINY)


@keras.saving.register_keras_serializable("casting_core")
class Standardize(layers.Layer):
    """Numbers (n, d) measured from their mean over the photos that were learned from, in standard deviations of it."""

    def build(self, shape: tuple[int, ...]) -> None:
        """Before ``fit`` nothing is changed."""
        self.mean = self.add_weight(shape=shape[-1:], initializer="zeros", trainable=False, name="mean")
        self.scale = self.add_weight(shape=shape[-1:], initializer="ones", trainable=False, name="scale")

    def fit(self, numbers: NDArray[np.float32]) -> None:
        """Takes mean and spread from these numbers, (photos, d); one that hardly varies is not made much larger."""
        spread = numbers.std(axis=0)
        self.mean.assign(numbers.mean(axis=0))
        self.scale.assign(1.0 / np.maximum(spread, FAINT * spread.mean() + TINY))

    def call(self, numbers: tf.Tensor) -> tf.Tensor:
        return (numbers - self.mean) * self.scale

    def compute_output_shape(self, shape: tuple[int, ...]) -> Any:
        return shape


@keras.saving.register_keras_serializable("casting_core")
class NearestDistance(layers.Layer):
    """How far each of the places (n, rows, columns, channels) is from the nearest of those remembered, as one map.

    Distances are Euclidean, each channel measured in its standard deviation over sound parts.
    """

    def __init__(self, remembered: int, **named: object) -> None:
        super().__init__(**named)
        self.remembered = remembered

    def build(self, shape: tuple[int, ...]) -> None:
        """Before ``fit`` all that is remembered is zero."""
        channels = shape[-1]
        self.scale = self.add_weight(shape=(channels,), initializer="ones", trainable=False, name="scale")
        self.bank = self.add_weight(
            shape=(self.remembered, channels), initializer="zeros", trainable=False, name="bank"
        )

    def fit(self, places: NDArray[np.float32], bank: NDArray[np.float32]) -> None:
        """Takes the spread of channels from these places, (n, channels), and remembers those of the bank."""
        scale = 1.0 / np.maximum(places.std(axis=0), FAINT * places.std(axis=0).mean() + TINY)
        self.scale.assign(scale)
        self.bank.assign(bank * scale)

    def call(self, places: tf.Tensor) -> tf.Tensor:
        channels = places.shape[-1]
        flat = tf.reshape(places * self.scale, (-1, channels))
        squares = tf.reduce_sum(tf.square(flat), -1, keepdims=True) + tf.reduce_sum(tf.square(self.bank), -1)
        nearest = tf.reduce_min(squares - 2.0 * tf.matmul(flat, self.bank, transpose_b=True), axis=-1)
        return tf.reshape(tf.sqrt(tf.maximum(nearest, NEAR)), (-1, *places.shape[1:3], 1))

    def compute_output_shape(self, shape: tuple[int, ...]) -> Any:
        return (*shape[:-1], 1)

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"remembered": self.remembered}


def of_strongest(places: tf.Tensor, strength: tf.Tensor, number: int) -> tf.Tensor:
    """The mean features of the strongest places, (n, channels): what a defect there looks like.

    They tell a crack from a hole better than numbers of the whole photo, which tell one casting from another.
    ``strength``: of each place, (n, rows, columns); ``number``: of places that are averaged.
    """
    channels, cells = places.shape[-1], places.shape[1] * places.shape[2]
    strongest = tf.math.top_k(tf.reshape(strength, (-1, cells)), number).indices
    return tf.reduce_mean(tf.gather(tf.reshape(places, (-1, cells, channels)), strongest, batch_dims=1), axis=1)
