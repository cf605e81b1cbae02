"""One training step that goes through its batch a few photos at a time, and corrects the weights once.

The sum of the gradients is that of the whole batch, so nothing changes but speed: what the first layers make of 64
photos is larger than any processor cache, and moving it to memory and back takes longer than computing it.
"""

from itertools import pairwise
from typing import Any

import keras
import tensorflow as tf

from casting_core.learning.networks.keras_private import record_loss

MICROBATCH = 2  # photos; more do not fit the caches beside each other, fewer cost too many calls (measured, 1 to 64)


def in_microbatches(model: keras.Model) -> keras.Model:
    """A model with the same weights that is trained by micro-batches; the model itself where that is no gain.

    It is made for plain chains of layers with a dense one in them. Where a layer looks at its batch as a whole, as
    batch normalization does, micro-batches would change the result.
    """
    whole_batch = any(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers)
    if whole_batch or not isinstance(model, keras.Sequential):
        return model
    dense = [place for place, layer in enumerate(model.layers) if isinstance(layer, keras.layers.Dense)]
    if not dense:
        return model
    learner = _Microbatched(model.inputs, model.outputs, name=f"{model.name}_in_microbatches")
    first = dense[0]
    learner.before, learner.dense, learner.after = model.layers[:first], model.layers[first], model.layers[first + 1 :]
    return learner


class _Microbatched(keras.Model):
    """Sums the gradients over micro-batches. Dropout draws anew for each of them, as it would for each photo.

    The first dense layer holds nearly all the weights. Adding up as many gradients for each micro-batch would take
    longer than the rest of it, so its inputs and the gradients of its outputs are kept, and multiplied once for the
    whole batch.
    """

    before: list[keras.Layer]
    dense: keras.layers.Dense
    after: list[keras.Layer]

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        gradients, loss, scores = self._gradients(x, y, tf.ones_like(y[:, 0]) if weights is None else weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        record_loss(self, loss, photos=tf.shape(x)[0])
        return self.compute_metrics(x, y, scores, sample_weight=weights)

    @tf.function(reduce_retracing=True)
    def _gradients(
        self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor
    ) -> tuple[list[tf.Tensor], tf.Tensor, tf.Tensor]:
        """The gradients and the loss of the whole batch, and its scores, (n, 1)."""
        photos = tf.shape(x)[0]
        before = [variable for layer in self.before for variable in layer.trainable_variables]
        after = [variable for layer in self.after for variable in layer.trainable_variables]
        gradients = [tf.zeros_like(variable) for variable in [*before, *after]]
        number = (photos + MICROBATCH - 1) // MICROBATCH
        loss, (inputs, of_outputs, scores) = 0.0, [tf.TensorArray(tf.float32, number, infer_shape=False)] * 3
        for at in tf.range(number):
            here = slice(at * MICROBATCH, (at + 1) * MICROBATCH)
            some = x[here]
            with tf.GradientTape() as tape:
                features = _through(self.before, some)
                outputs = features @ self.dense.kernel + self.dense.bias
                score = _through(self.after, self.dense.activation(outputs))
                part = self.compute_loss(some, y[here], score, weights[here])
                part *= tf.cast(tf.shape(score)[0], tf.float32) / tf.cast(photos, tf.float32)
            *added, of_output = tape.gradient(part, [*before, *after, outputs])
            gradients = [whole + more for whole, more in zip(gradients, added, strict=True)]
            inputs, of_outputs = inputs.write(at, features), of_outputs.write(at, of_output)
            loss, scores = loss + part, scores.write(at, score)
        of_output = of_outputs.concat()
        of_dense = [tf.matmul(inputs.concat(), of_output, transpose_a=True), tf.reduce_sum(of_output, axis=0)]
        gradients = [*gradients[: len(before)], *of_dense, *gradients[len(before) :]]
        return gradients, loss, tf.ensure_shape(scores.concat(), (None, 1))


def _through(chain: list[keras.Layer], x: tf.Tensor) -> tf.Tensor:
    """What a chain of layers makes of photos in training.

    Between a convolution and the pooling after it, bias and ReLU wait until after the pooling: neither changes which
    of two numbers is larger, so the largest stays the largest, and there are four times fewer numbers to do it to.
    """
    waiting = None
    for layer, following in pairwise([*chain, None]):
        if _commutes(layer, following):
            x = tf.nn.conv2d(x, layer.kernel, layer.strides, layer.padding.upper())
            waiting = layer
        elif waiting is not None:
            x = tf.nn.relu(tf.nn.bias_add(layer(x), waiting.bias))
            waiting = None
        elif isinstance(layer, keras.layers.Dropout):
            x = layer(x, training=True)
        else:
            x = layer(x)
    return x


def _commutes(layer: keras.Layer, following: keras.Layer | None) -> bool:
    plain = isinstance(layer, keras.layers.Conv2D) and layer.use_bias and layer.activation is keras.activations.relu
    return plain and isinstance(following, keras.layers.MaxPooling2D)
