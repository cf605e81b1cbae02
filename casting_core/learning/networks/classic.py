"""The guide's network, and how it explains its score by places of the photo."""

import keras
import tensorflow as tf
from keras import layers

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.learning.networks.evidence import Answers


def build(alignment: Alignment) -> keras.Model:
    """The guide's network: two convolutions and two dense layers, 668,753 weights for photos of 300 pixels."""
    return keras.Sequential(
        [
            keras.Input((*alignment.shape, 1)),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.MaxPooling2D(2, name="places"),
            layers.Flatten(),
            layers.Dense(128, activation="relu", name="embedding"),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid", name="score"),
        ],
        name="classic",
    )


def answers(model: keras.Model) -> Answers:
    """Splits the classic network's score by place, without remainder.

    After the last pooling the network is piecewise linear: where ``m`` is 1 for the hidden units that are active, the
    logit is ``x W1 (w2 * m)`` plus a constant. So each place's share is its features times that gradient, summed over
    channels ("gradient times input", Shrikumar et al. 2017, which is exact for one rectified layer).
    """
    places = keras.Model(model.inputs, model.get_layer("places").output)
    hidden, head = model.get_layer("embedding"), model.get_layer("score")

    def three(view: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        features = places(view, training=False)
        rows, columns, channels = features.shape[1:]
        flat = tf.reshape(features, (-1, rows * columns * channels))
        embedding = tf.nn.relu(flat @ hidden.kernel + hidden.bias)
        logit = embedding @ head.kernel + head.bias
        active = tf.cast(embedding > 0, tf.float32) * tf.transpose(head.kernel)
        # The kernel stays as it lies: transposing it instead would store it in the graph a second time.
        shares = flat * tf.transpose(tf.matmul(hidden.kernel, active, transpose_b=True))
        evidence = tf.reduce_sum(tf.reshape(shares, (-1, rows, columns, channels)), axis=-1)
        return tf.sigmoid(logit)[:, 0], evidence, embedding

    return three
