"""What a training makes small: cross-entropy, with labels that may be less sure of themselves than they sound."""

import math
from collections.abc import Callable

import keras
import tensorflow as tf

Loss = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def smoothed(share: float) -> Loss:
    """Binary cross-entropy with labels that lose this share of their certainty (Szegedy et al. 2016).

    One photo that is labelled wrongly then pulls less. What even those lose who say exactly that is taken off, so that
    the lowest loss is 0 whatever the share, and the curves of two recipes can be laid over each other.
    """
    doubt = share / 2
    least = -sum(part * math.log(part) for part in (doubt, 1 - doubt) if part)

    def loss(labels: tf.Tensor, said: tf.Tensor) -> tf.Tensor:
        return keras.losses.binary_crossentropy(labels, said, label_smoothing=share) - least

    return loss
