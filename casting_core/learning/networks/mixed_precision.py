"""A network's twin for the time it is trained: the same weights, computed the way this processor does it fastest."""

from collections.abc import Container
from pathlib import Path

import keras
import tensorflow as tf
from keras import layers

PROCESSOR = Path("/proc/cpuinfo")  # where Linux says what it can do; nothing is assumed of other systems
SHORT_NUMBERS = "amx_bf16"  # multiplies matrices of 16 bit numbers, many times as fast as of 32 bits


def twin(network: keras.Model, *, quick: Container[str] | None = None) -> keras.Model:
    """A network with the same weights, which learns faster; ``hand_over`` gives what it has learned to the first.

    Convolutions compute with 16 bits where the processor is made for it, and are added up in 32; weights keep 32.
    ``quick``: the names of the layers that may, where others need all their digits.
    """
    short = has_short_numbers()

    def made_anew(layer: keras.Operation) -> keras.Operation:
        if not isinstance(layer, layers.Layer):
            return layer  # plain sums, which know neither weights nor numbers
        made = _Fused if isinstance(layer, layers.BatchNormalization) else type(layer)
        numbers = "mixed_bfloat16" if short and (quick is None or layer.name in quick) else "float32"
        return made.from_config(layer.get_config() | {"dtype": numbers})

    same = keras.models.clone_model(network, clone_function=made_anew)
    same.set_weights(network.get_weights())
    return same


def hand_over(one: keras.Model, other: keras.Model) -> None:
    """Gives the other of two twins what the one has learned; nothing changes where they have the same layers."""
    other.set_weights(one.get_weights())


def correct(optimizer: keras.optimizers.Optimizer, slopes: list[tf.Tensor], learned: list[keras.Variable]) -> None:
    """Corrects what is learned by one step's slopes; by none of them where one is no number.

    With short numbers oneDNN, as TensorFlow 2.21 has it, reads beyond what some slopes are made of (rows of 124 places,
    more than 32 channels). That counts nothing, unless what it meets there happens to be no number.
    """

    def corrected() -> tf.Tensor:
        optimizer.apply_gradients(zip(slopes, learned, strict=True))
        return tf.constant(True)

    numbers = tf.reduce_all([tf.reduce_all(tf.math.is_finite(slope)) for slope in slopes])
    tf.cond(numbers, corrected, lambda: tf.constant(False))


def has_short_numbers() -> bool:
    """Whether this processor is made for numbers of 16 bits."""
    return PROCESSOR.exists() and SHORT_NUMBERS in PROCESSOR.read_text(encoding="utf-8", errors="replace")


class _Fused(layers.BatchNormalization):
    """Batch normalization in one piece: Keras' own, of many, takes a fifth of a step."""

    def call(self, inputs: tf.Tensor, training: bool | None = None, mask: tf.Tensor | None = None) -> tf.Tensor:
        if not training or not self.trainable:
            return super().call(inputs, training=training, mask=mask)
        even, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma.value, self.beta.value, epsilon=self.epsilon, is_training=True
        )
        for kept, seen in ((self.moving_mean, mean), (self.moving_variance, variance)):
            kept.assign(kept * self.momentum + seen * (1 - self.momentum))
        return even
