"""One training step of a network with members: each learns by its own loss, as if it were alone."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from casting_core.learning.networks import evidence
from casting_core.learning.networks.mixed_precision import correct


def apart(model: keras.Model) -> keras.Model:
    """A model with the same weights whose members learn apart; the model itself where it has no more than one.

    Were they trained on what they say together, one would leave to the other what that one has learned first.
    """
    if model.name != evidence.NAME or evidence.members(model) == 1:
        return model
    kinds = keras.Model(model.input, model.get_layer("strongest").output)
    learner = _Apart(model.inputs, model.outputs, name=f"{model.name}_apart")
    # A function, for Keras saves no layer twice.
    learner.each = lambda view: evidence.logits(model, kinds(view, training=True))
    return learner


class _Apart(keras.Model):
    """Its loss is the mean of its members' losses; what it is judged by is the mean of their logits."""

    each: Callable[[tf.Tensor], tf.Tensor]  # from views to what each member says, (n, members)

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            said = self.each(x)
            labels = tf.repeat(y, tf.shape(said)[1], axis=1)
            loss = self.compute_loss(x, labels, tf.sigmoid(said), weights)
        correct(self.optimizer, tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        self._loss_tracker.update_state(loss, sample_weight=tf.shape(x)[0])
        together = tf.sigmoid(tf.reduce_mean(said, axis=1, keepdims=True))
        return self.compute_metrics(x, y, together, sample_weight=weights)
