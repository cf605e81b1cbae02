"""The one door to what Keras and TensorFlow do not promise to keep: a new release is checked here.

Written for Keras 3.15 and TensorFlow 2.21. No other module uses their names with an underscore, the
paths that Keras gives to variables, or ``tf.compat``.
"""

from abc import abstractmethod

import keras
import tensorflow as tf


def record_loss(model: keras.Model, loss: tf.Tensor, *, photos: tf.Tensor) -> None:
    """Adds a step's loss, a mean over so many photos, to the mean of the epoch that Keras logs.

    Keras does so in its own ``train_step``; a model with another has no public way to.
    """
    model._loss_tracker.update_state(loss, sample_weight=photos)


def dropout_states(model: keras.Model) -> list[keras.Variable]:
    """The states of the generators that dropout draws from, two numbers each: seed and count.

    Nothing but the path that Keras gives them tells them from other variables.
    """
    return [state for state in model.variables if state.path.endswith("seed_generator_state")]


def fused_batch_norm(
    features: tf.Tensor, gamma: keras.Variable, beta: keras.Variable, *, epsilon: float
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Features normalized over their batch, the mean, and the variance of n - 1 values.

    One operation, which only ``tf.compat`` has; Keras puts the same together of many.
    """
    return tf.compat.v1.nn.fused_batch_norm(features, gamma.value, beta.value, epsilon=epsilon, is_training=True)


class MuonHooks(keras.optimizers.Muon):
    """Keras' Muon, which asks two public methods of a subclass instead of its own private ones."""

    @abstractmethod
    def uses_adam(self, variable: keras.Variable) -> bool:
        """Whether this variable is left to Adam."""

    @abstractmethod
    def muon_step(
        self, gradient: tf.Tensor, variable: keras.Variable, rate: tf.Tensor, momentum: keras.Variable
    ) -> None:
        """Corrects the variable, and the momentum that is kept for it."""

    def _should_use_adamw(self, variable: keras.Variable) -> bool:
        return self.uses_adam(variable)

    def _muon_update_step(
        self, gradient: tf.Tensor, variable: keras.Variable, lr: tf.Tensor, m: keras.Variable
    ) -> None:
        self.muon_step(gradient, variable, lr, m)


def also_named(layer: type[keras.layers.Layer], old_name: str, *, package: str) -> None:
    """Lets files that know a layer by the name it had before still be read; written again, they keep it.

    A file names a layer's class by its registered name, but its weights by that of the Python class
    (``saving_lib``). So the old name gets a class of its own, with nothing else in it.
    """
    keras.saving.register_keras_serializable(package, old_name)(type(old_name, (layer,), {}))
