"""A network's copy to train on: the same weights, computed the way this processor does it fastest."""

from collections.abc import Container
from pathlib import Path

import keras
import tensorflow as tf
from keras import layers

from casting_core.learning.networks.keras_private import fused_batch_norm

CPU_INFO = Path("/proc/cpuinfo")  # where Linux names what it can do; nothing is assumed of other systems
BFLOAT16 = "amx_bf16"  # multiplies matrices of 16 bit numbers, many times as fast as of 32 bits


def mixed_precision_copy(network: keras.Model, *, low_precision: Container[str] | None = None) -> keras.Model:
    """A network with the same weights that learns faster; ``copy_weights`` brings back what it has learned.

    Convolutions compute with 16 bits where the processor is made for it, and add up in 32; weights keep 32.
    ``low_precision``: the names of the layers that may, where others need full precision; all by default.
    """
    bfloat16 = supports_bfloat16()

    def rebuilt(layer: keras.Operation) -> keras.Operation:
        if not isinstance(layer, layers.Layer):
            return layer  # plain operations, which have neither weights nor a precision
        made = FusedBatchNormalization if isinstance(layer, layers.BatchNormalization) else type(layer)
        low = bfloat16 and (low_precision is None or layer.name in low_precision)
        return made.from_config(layer.get_config() | {"dtype": "mixed_bfloat16" if low else "float32"})

    copy = keras.models.clone_model(network, clone_function=rebuilt)
    copy_weights(network, copy)
    return copy


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Gives one network the weights of another that has the same layers; it may be the same network."""
    target.set_weights(source.get_weights())


def apply_finite_gradients(
    optimizer: keras.optimizers.Optimizer, gradients: list[tf.Tensor], variables: list[keras.Variable]
) -> None:
    """Corrects the variables by one step's gradients; by none of them where one is not finite.

    With 16 bits oneDNN, as TensorFlow 2.21 has it, reads beyond the memory that some gradients are made of (rows of
    124 places, more than 32 channels). What it meets there counts nothing, unless it happens to be no number.
    """

    def corrected() -> tf.Tensor:
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return tf.constant(True)

    finite = tf.reduce_all([tf.reduce_all(tf.math.is_finite(gradient)) for gradient in gradients])
    tf.cond(finite, corrected, lambda: tf.constant(False))


def supports_bfloat16() -> bool:
    """Whether this processor is made for numbers of 16 bits."""
    return CPU_INFO.exists() and BFLOAT16 in CPU_INFO.read_text(encoding="utf-8", errors="replace")


class FusedBatchNormalization(layers.BatchNormalization):
    """Batch normalization as one operation: Keras' own, of many, takes a fifth of a step."""

    def call(self, inputs: tf.Tensor, training: bool | None = None, mask: tf.Tensor | None = None) -> tf.Tensor:
        """The features normalized; in training by their batch, whose statistics are taken in."""
        if not training or not self.trainable:
            return super().call(inputs, training=training, mask=mask)
        normalized, mean, variance = fused_batch_norm(inputs, self.gamma, self.beta, epsilon=self.epsilon)
        for moving, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + now * (1 - self.momentum))
        return normalized
