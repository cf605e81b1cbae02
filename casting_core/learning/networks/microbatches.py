"""One training step that goes through its batch a few photos at a time, and corrects the weights once.

The sum of the gradients is that of the whole batch, so nothing changes but speed: what the first layers make of 64
photos is larger than any processor cache, and moving it to memory and back takes longer than the sums.
"""

from itertools import pairwise
from typing import Any

import keras
import tensorflow as tf

AT_ONCE = 2  # photos; more do not fit the caches next to each other, fewer cost too many calls (measured from 1 to 64)


def frugal(model: keras.Model) -> keras.Model:
    """A model with the same weights that is trained a few photos at a time; the model itself where that is no gain.

    It is made for plain chains of layers with a dense one in them. Where one looks at its batch as a whole, as batch
    normalization does, slices would change the result.
    """
    whole_batch = any(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers)
    if whole_batch or not isinstance(model, keras.Sequential):
        return model
    dense = [place for place, layer in enumerate(model.layers) if isinstance(layer, keras.layers.Dense)]
    if not dense:
        return model
    sliced = _Frugal(model.inputs, model.outputs, name=f"{model.name}_in_slices")
    sliced.front, sliced.dense, sliced.rest = (
        model.layers[: dense[0]],
        model.layers[dense[0]],
        model.layers[dense[0] + 1 :],
    )
    return sliced


class _Frugal(keras.Model):
    """Sums the gradients over slices of a batch. Dropout draws anew for each slice, as it would for each photo.

    The first dense layer holds nearly all the weights. Adding up as many gradients for each slice would take longer
    than the slice itself, so what went in and what came back is kept, and multiplied once for the whole batch.
    """

    front: list[keras.Layer]
    dense: keras.layers.Dense
    rest: list[keras.Layer]

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        gradients, loss, predicted = self._sliced(x, y, tf.ones_like(y[:, 0]) if weights is None else weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        self._loss_tracker.update_state(loss, sample_weight=tf.shape(x)[0])
        return self.compute_metrics(x, y, predicted, sample_weight=weights)

    @tf.function(reduce_retracing=True)
    def _sliced(self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor) -> tuple[list[tf.Tensor], tf.Tensor, tf.Tensor]:
        """The gradients and the loss of the whole batch, and what the model said of it, (n, 1)."""
        photos = tf.shape(x)[0]
        before = [variable for layer in self.front for variable in layer.trainable_variables]
        after = [variable for layer in self.rest for variable in layer.trainable_variables]
        gradients = [tf.zeros_like(variable) for variable in [*before, *after]]
        slices = (photos + AT_ONCE - 1) // AT_ONCE
        loss, (went_in, came_back, predicted) = 0.0, [tf.TensorArray(tf.float32, slices, infer_shape=False)] * 3
        for number in tf.range(slices):
            here = slice(number * AT_ONCE, (number + 1) * AT_ONCE)
            some = x[here]
            with tf.GradientTape() as tape:
                features = _through(self.front, some)
                sums = features @ self.dense.kernel + self.dense.bias
                said = _through(self.rest, self.dense.activation(sums))
                part = self.compute_loss(some, y[here], said, weights[here])
                part *= tf.cast(tf.shape(said)[0], tf.float32) / tf.cast(photos, tf.float32)
            *added, back = tape.gradient(part, [*before, *after, sums])
            gradients = [whole + more for whole, more in zip(gradients, added, strict=True)]
            went_in, came_back = went_in.write(number, features), came_back.write(number, back)
            loss, predicted = loss + part, predicted.write(number, said)
        back = came_back.concat()
        of_dense = [tf.matmul(went_in.concat(), back, transpose_a=True), tf.reduce_sum(back, axis=0)]
        gradients = [*gradients[: len(before)], *of_dense, *gradients[len(before) :]]
        return gradients, loss, tf.ensure_shape(predicted.concat(), (None, 1))


def _through(chain: list[keras.Layer], x: tf.Tensor) -> tf.Tensor:
    """What a chain of layers makes of photos in training.

    Between a convolution and the pooling behind it, bias and ReLU wait until after the pooling: both never turn the
    order of two numbers round, so the largest stays the largest, and there are four times fewer numbers to do it to.
    """
    waiting = None
    for layer, behind in pairwise([*chain, None]):
        if _commutes(layer, behind):
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


def _commutes(layer: keras.Layer, behind: keras.Layer | None) -> bool:
    plain = isinstance(layer, keras.layers.Conv2D) and layer.use_bias and layer.activation is keras.activations.relu
    return plain and isinstance(behind, keras.layers.MaxPooling2D)
