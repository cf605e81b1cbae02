"""The layers that only the network ``evidence`` has; a saved model finds them here by their names."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray
from scipy import fft

from casting_core.learning.networks.keras_private import also_named

COARSE, WIDE = 4, 5  # waves that spectra are counted in; of these, how many are averaged each way
FLOOR = 0.02  # share of the mean power below which a wave is not made stronger
FAINT = 0.005  # root mean square of contrast that is not made larger: there is nothing but noise


@keras.saving.register_keras_serializable("casting_core")
class WrapPad(layers.Layer):
    """Pads a view on all sides: a strip goes on where it begins, all else is mirrored at its edge.

    ``early`` of the pixels that would lie to the right and below lie to the left and above instead.
    """

    def __init__(self, sides: int, edge: int, *, wraps: bool, early: int = 0, **named: object) -> None:
        super().__init__(**named)
        self.sides, self.edge = sides, edge  # pixels left and right, above and below
        self.wraps, self.early = wraps, early

    def call(self, view: tf.Tensor) -> tf.Tensor:
        left_and_right, above_and_below = ((side + self.early, side - self.early) for side in (self.sides, self.edge))
        if self.wraps:
            view = tf.concat([view[:, :, -self.sides :], view, view[:, :, : self.sides]], axis=2)
            left_and_right = (0, 0)
        return tf.pad(view, [(0, 0), above_and_below, left_and_right, (0, 0)], "REFLECT")

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"sides": self.sides, "edge": self.edge, "wraps": self.wraps, "early": self.early}


@keras.saving.register_keras_serializable("casting_core")
class RmsNormalize(layers.Layer):
    """Divides pictures of a photo, (n, rows, columns, 1) each, by their common root mean square.

    Half the light is half the contrast everywhere. The mean is over the view itself, without the ``sides`` that were
    padded on left and right.
    """

    def __init__(self, sides: int, **named: object) -> None:
        super().__init__(**named)
        self.sides = sides

    def call(self, pictures: list[tf.Tensor]) -> list[tf.Tensor]:
        squares = [_mean_square(one[:, :, self.sides : -self.sides]) for one in pictures]
        spread = tf.sqrt(tf.add_n(squares) / len(squares)) + FAINT
        return [one / spread for one in pictures]

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"sides": self.sides}


@keras.saving.register_keras_serializable("casting_core")
class PcaResidual(layers.Layer):
    """What of a part's contrast sound parts do not have in common, in whatever light (n, rows, columns, 1).

    Under other light a relief changes along a few directions. These principal components and the mean, which ``fit``
    finds, are subtracted (eigenimages, Turk and Pentland 1991). Before ``fit`` contrast stays as it is.
    """

    def __init__(self, directions: int, **named: object) -> None:
        super().__init__(**named)
        self.directions = directions

    def build(self, shape: tuple[int, ...]) -> None:
        pixels = shape[1] * shape[2]
        self.mean = self.add_weight(shape=(1, pixels), initializer="zeros", trainable=False, name="mean")
        self.components = self.add_weight(
            shape=(self.directions, pixels), initializer="zeros", trainable=False, name="components"
        )

    def fit(self, contrast: NDArray[np.float32]) -> None:
        """Finds mean and components of sound parts, (n, rows, columns, 1); few parts leave some components zero."""
        flat = contrast.reshape(len(contrast), -1)
        flat = flat / (np.sqrt(np.square(flat).mean(axis=1, keepdims=True)) + FAINT)
        mean = flat.mean(axis=0, keepdims=True)
        components = np.zeros(self.components.shape, dtype=np.float32)
        most = min(self.directions, len(flat) - 1)  # the mean has taken one
        components[:most] = np.linalg.svd(flat - mean, full_matrices=False)[2][:most]
        self.mean.assign(mean)
        self.components.assign(components)

    def call(self, contrast: tf.Tensor) -> tf.Tensor:
        flat = tf.reshape(contrast, (-1, self.mean.shape[1]))
        residual = flat / (tf.reshape(tf.sqrt(_mean_square(contrast)), (-1, 1)) + FAINT) - self.mean
        residual -= tf.matmul(tf.matmul(residual, self.components, transpose_b=True), self.components)
        return tf.reshape(residual, tf.shape(contrast))

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"directions": self.directions}


@keras.saving.register_keras_serializable("casting_core")
class SpectralWhiten(layers.Layer):
    """A picture, (n, rows, columns, 1), in which details of each size and direction are equally strong.

    What a skin repeats becomes plain noise, and against plain noise a faint crack is found best (the whitening of a
    matched filter, Turin 1960). Spectra are cosine transforms by matrix products, which every runtime has. Both sides
    are multiples of ``COARSE``.
    """

    def build(self, shape: tuple[int, ...]) -> None:
        self.down, self.across = (fft.dct(np.eye(side, dtype=np.float32), axis=0, norm="ortho") for side in shape[1:3])

    def call(self, picture: tf.Tensor) -> tf.Tensor:
        waves = tf.matmul(self.down, tf.matmul(picture[..., 0], self.across, transpose_b=True))
        spread = _smooth(tf.square(waves)[..., tf.newaxis])[..., 0]
        spread += FLOOR * tf.reduce_mean(tf.reduce_mean(spread, axis=2, keepdims=True), axis=1, keepdims=True)
        white = waves / tf.sqrt(spread + FAINT**2)
        return tf.matmul(self.down, tf.matmul(white, self.across), transpose_a=True)[..., tf.newaxis]


def _smooth(power: tf.Tensor) -> tf.Tensor:
    """Means of a spectrum, (n, rows, columns, 1), over neighbouring waves: that of a skin, not of this very skin."""
    small = tf.nn.avg_pool2d(tf.nn.avg_pool2d(power, COARSE, COARSE, "VALID"), WIDE, 1, "SAME")
    return keras.ops.image.resize(small, power.shape[1:3], interpolation="bilinear")


@keras.saving.register_keras_serializable("casting_core")
class TopKMean(layers.Layer):
    """The mean of the strongest places of each map (n, rows, columns, maps), as (n, maps).

    ``places``: how many are averaged; ``where``: which ones, (rows, columns), may be among them.
    """

    def __init__(self, places: int, *, where: list[list[bool]], **named: object) -> None:
        super().__init__(**named)
        self.places, self.where = places, where

    def top(self, maps: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Each map as a row, very low where nothing counts (n, maps, places), and the strongest of each, falling."""
        counts = np.asarray(self.where, dtype=bool).ravel()
        rows = as_rows(maps)
        candidates = rows if counts.all() else tf.where(counts, rows, tf.float32.min)
        return candidates, tf.math.top_k(candidates, self.places).values

    def call(self, maps: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(self.top(maps)[1], axis=-1)

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"places": self.places, "where": self.where}


def _mean_square(picture: tf.Tensor) -> tf.Tensor:
    """That of each of (n, rows, columns, 1), as (n, 1, 1, 1).

    A hundred thousand squares added up one after the other are wrong by 7e-6 of their sum, and elsewhere by as much
    the other way; row by row they are not.
    """
    return tf.reduce_mean(tf.reduce_mean(tf.square(picture), axis=2, keepdims=True), axis=1, keepdims=True)


def as_rows(maps: tf.Tensor) -> tf.Tensor:
    """Each map as one row: (n, maps, places)."""
    rows, columns, number = maps.shape[1:]
    return tf.transpose(tf.reshape(maps, (-1, rows * columns, number)), (0, 2, 1))


# The names that models of version 0.1 were saved with.
OLD_NAMES: dict[str, type[layers.Layer]] = {
    "Around": WrapPad,
    "Evened": RmsNormalize,
    "Unusual": PcaResidual,
    "Whitened": SpectralWhiten,
    "Strongest": TopKMean,
}
for _old, _layer in OLD_NAMES.items():
    also_named(_layer, _old, package="casting_core")
