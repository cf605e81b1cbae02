"""One training step of a network with members: each learns by its own loss, as if it were alone."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from casting_core.learning.networks import evidence
from casting_core.learning.networks.keras_private import record_loss
from casting_core.learning.networks.mixed_precision import apply_finite_gradients


def train_members_separately(model: keras.Model) -> keras.Model:
    """A model with the same weights whose members learn each by itself; the model itself where it has one only.

    Were they trained on their common score, one would leave to the other what that one has learned first.
    """
    if model.name != evidence.NAME or evidence.member_count(model) == 1:
        return model
    pooled = keras.Model(model.input, model.get_layer("strongest").output)
    learner = _SeparateMembers(model.inputs, model.outputs, name=f"{model.name}_separate_members")
    # A function, for Keras saves no layer twice.
    learner.member_logits = lambda view: evidence.member_logits(model, pooled(view, training=True))
    return learner


class _SeparateMembers(keras.Model):
    """Its loss is the mean of its members' losses; its figures are those of the mean of their logits."""

    member_logits: Callable[[tf.Tensor], tf.Tensor]  # from views to the logit of each member, (n, members)

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            logits = self.member_logits(x)
            labels = tf.repeat(y, tf.shape(logits)[1], axis=1)
            loss = self.compute_loss(x, labels, tf.sigmoid(logits), weights)
        gradients = tape.gradient(loss, self.trainable_variables)
        apply_finite_gradients(self.optimizer, gradients, self.trainable_variables)
        record_loss(self, loss, photos=tf.shape(x)[0])
        together = tf.sigmoid(tf.reduce_mean(logits, axis=1, keepdims=True))
        return self.compute_metrics(x, y, together, sample_weight=weights)
