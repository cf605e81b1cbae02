"""How fast a network's weights are corrected, and how: by Adam, or by Muon, which needs half as many steps here."""

from math import prod
from typing import TypeAlias

import keras
import tensorflow as tf

from casting_core.learning.networks.keras_private import MuonHooks
from casting_core.learning.recipes.choices import Optimizer, Schedule

FEWEST = 8  # columns; a matrix with fewer has no directions to speak of, and is left to Adam
LEVEL_FROM, LEVEL = 0.5, 0.4  # of all steps, from which a level rate stays; and that level, of its peak
WARMUP = 0.05  # of all steps: an untrained network takes large steps in any direction
Rate: TypeAlias = float | keras.optimizers.schedules.LearningRateSchedule


def make(kind: Optimizer, rate: Rate) -> keras.optimizers.Optimizer:
    """The optimizer of this kind, with this learning rate; no weights decay."""
    match kind:
        case Optimizer.ADAM:
            return keras.optimizers.Adam(rate)
        case Optimizer.MUON:
            return Muon(rate, weight_decay=None, adam_weight_decay=None)


def learning_rate(schedule: Schedule, *, peak: float, steps: int) -> Rate:
    """The rate for so many steps: constant, or a short warm-up and then a cosine to nothing or to a level."""
    if schedule is Schedule.CONSTANT:
        return peak
    end, level = (LEVEL_FROM, LEVEL) if schedule is Schedule.LEVEL else (1.0, 0.0)
    return warmup_cosine(start=peak / 10, peak=peak, steps=steps, end=end, level=level)


def warmup_cosine(*, start: float, peak: float, steps: int, end: float = 1.0, level: float = 0.0) -> Rate:
    """A rate that rises from ``start`` to ``peak`` in the first ``WARMUP`` of all steps, then falls by a cosine.

    It has come to ``level`` times the peak when the share ``end`` of all steps is done, and stays there.
    """
    rising = max(1, round(WARMUP * steps))
    return keras.optimizers.schedules.CosineDecay(
        start, max(1, round(end * steps) - rising), alpha=level, warmup_target=peak, warmup_steps=rising
    )


@keras.saving.register_keras_serializable("casting_core")
class Muon(MuonHooks):
    """Muon (Jordan et al. 2024) for convolutions, too: Keras' own corrects matrices only, and leaves them to Adam.

    A correction is made orthogonal, so that all directions of a kernel, (pixels and channels that go in, channels that
    come out), are learned equally fast, not only the strongest. Steps are as long as Adam's (Liu et al. 2025).
    """

    def uses_adam(self, variable: keras.Variable) -> bool:
        """Whether this variable is no matrix to speak of: a bias, or a kernel of few columns."""
        return len(variable.shape) < 2 or variable.shape[-1] < FEWEST

    def muon_step(
        self, gradient: tf.Tensor, variable: keras.Variable, rate: tf.Tensor, momentum: keras.Variable
    ) -> None:
        """Corrects a kernel by the orthogonal matrix nearest to its momentum."""
        self.assign_add(momentum, gradient + momentum * (self.momentum - 1))
        rows, columns = prod(variable.shape[:-1]), variable.shape[-1]
        kernel = tf.reshape(gradient + self.momentum * momentum, (rows, columns))  # a step ahead (Nesterov)
        correction = self.zeropower_via_newtonschulz5(kernel, self.ns_steps)
        length = rate * self.rms_rate * max(rows, columns) ** 0.5
        self.assign_sub(variable, tf.reshape(length * correction, variable.shape))
