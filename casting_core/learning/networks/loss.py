"""What a training minimizes: cross-entropy, with labels that may be made less certain."""

import math
from collections.abc import Callable

import keras
import tensorflow as tf

Loss = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def smoothed_cross_entropy(share: float) -> Loss:
    """Binary cross-entropy with labels that lose this share of their certainty (Szegedy et al. 2016).

    One photo that is labelled wrongly then pulls less. The loss that even perfect scores would have is
    subtracted, so that the lowest is 0 whatever the share, and curves of two recipes can be compared.
    """
    doubt = share / 2
    least = -sum(part * math.log(part) for part in (doubt, 1 - doubt) if part)

    def loss(labels: tf.Tensor, scores: tf.Tensor) -> tf.Tensor:
        return keras.losses.binary_crossentropy(labels, scores, label_smoothing=share) - least

    return loss
