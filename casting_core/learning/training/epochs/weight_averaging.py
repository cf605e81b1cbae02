"""The mean of the weights of the last epochs: steadier than any of them, and better on castings never seen.

Stochastic weight averaging (Izmailov et al. 2018). The learning rate stays up meanwhile, so that the weights circle the
minimum that their mean is near; batch normalization then takes its statistics anew from what the mean network sees.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

SHARE = 0.4  # of all epochs, the last ones, whose weights are averaged
BATCHES = 16  # from which batch normalization takes its statistics


@dataclass
class WeightAverage:
    """A running mean of a network's weights."""

    epochs: int  # of the whole training
    weights: list[NDArray[Any]] = field(default_factory=list)  # empty before the last epochs

    def add(self, weights: list[NDArray[Any]], *, epoch: int) -> None:
        """Takes in the weights of this epoch, from 1, if it is one of the last."""
        number = epoch - (self.epochs - max(1, round(SHARE * self.epochs)))
        if number == 1:
            self.weights = list(weights)
        elif number > 1:
            pairs = zip(self.weights, weights, strict=True)
            self.weights = [mean + (one - mean) / np.float32(number) for mean, one in pairs]


def update_batch_normalization(model: keras.Model, batches: Iterable[tuple[tf.Tensor, tf.Tensor]]) -> None:
    """Gives each batch normalization the mean and the variance of what it sees with the weights as they are now."""
    normalizations = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    if not normalizations:
        return
    momenta = [layer.momentum for layer in normalizations]
    for seen, (views, _) in enumerate(islice(batches, BATCHES)):
        for layer in normalizations:
            layer.momentum = seen / (seen + 1)  # each batch counts alike
        model(views, training=True)
    for layer, momentum in zip(normalizations, momenta, strict=True):
        layer.momentum = momentum
