"""How a network's weights are corrected, by the recipe: Adam, or Muon, which needs half as many steps here."""

from math import prod
from typing import TypeAlias

import keras
import tensorflow as tf

from casting_core.learning.recipes.recipe import Optimizer

FEW = 8  # columns; a matrix with fewer has no directions to speak of, and is left to Adam
Rate: TypeAlias = float | keras.optimizers.schedules.LearningRateSchedule


def make(kind: Optimizer, rate: Rate) -> keras.optimizers.Optimizer:
    """The optimizer of this kind, with this learning rate; no weights decay."""
    match kind:
        case Optimizer.ADAM:
            return keras.optimizers.Adam(rate)
        case Optimizer.MUON:
            return Muon(rate, weight_decay=None, adam_weight_decay=None)


@keras.saving.register_keras_serializable("casting_core")
class Muon(keras.optimizers.Muon):
    """Muon (Jordan et al. 2024) for convolutions, too: Keras' own corrects matrices only, and leaves them to Adam.

    A correction is made orthogonal, so that all directions of a kernel, (pixels and channels that go in, channels that
    come out), are learned equally fast, not only the loud ones. Steps are as long as Adam's (Liu et al. 2025).
    """

    def _should_use_adamw(self, variable: keras.Variable) -> bool:
        return len(variable.shape) < 2 or variable.shape[-1] < FEW

    def _muon_update_step(
        self, gradient: tf.Tensor, variable: keras.Variable, lr: tf.Tensor, m: keras.Variable
    ) -> None:
        self.assign_add(m, gradient + m * (self.momentum - 1))
        rows, columns = prod(variable.shape[:-1]), variable.shape[-1]
        kernel = tf.reshape(gradient + self.momentum * m, (rows, columns))  # looked at a step ahead (Nesterov)
        correction = self.zeropower_via_newtonschulz5(kernel, self.ns_steps)
        length = lr * self.rms_rate * max(rows, columns) ** 0.5
        self.assign_sub(variable, tf.reshape(length * correction, variable.shape))
