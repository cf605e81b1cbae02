"""The networks: how each is built, and how each explains its score by places of the photo.

A network is trained on grey levels between 0 and 1, shape (photos, 300, 300, 1), and gives the probability of
defective. Its ``answers`` give more, in one pass: the score, the map of evidence it was made of, and an embedding.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf
from keras import layers

from casting_core.learning.recipe import IMAGE_SIZE, NetworkName

Answers = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor, tf.Tensor]]


@dataclass(frozen=True, kw_only=True)
class Network:
    """A way to build a model, and to read its three answers."""

    build: Callable[[], keras.Model]
    answers: Callable[[keras.Model], Answers]
    first: float  # pixels from the photo's edge to the middle of the evidence map's first cell
    step: float  # pixels from one cell's middle to the next


def _classic() -> keras.Model:
    """The guide's network: two convolutions and two dense layers, 668,753 weights."""
    return keras.Sequential(
        [
            keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1)),
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


def _classic_answers(model: keras.Model) -> Answers:
    """Splits the classic network's score by place, without remainder.

    Behind the last pooling the network is piecewise linear: with ``m`` saying which hidden units are awake, the logit
    is ``x W1 (w2 * m)`` plus a constant. So each place's share is its features times that gradient, summed over
    channels ("gradient times input", Shrikumar et al. 2017, which is exact for one rectified layer).
    """
    places = keras.Model(model.inputs, model.get_layer("places").output)
    hidden, head = model.get_layer("embedding"), model.get_layer("score")

    def answers(grey: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        features = places(grey, training=False)
        rows, columns, channels = features.shape[1:]
        flat = tf.reshape(features, (-1, rows * columns * channels))
        embedding = tf.nn.relu(flat @ hidden.kernel + hidden.bias)
        logit = embedding @ head.kernel + head.bias
        awake = tf.cast(embedding > 0, tf.float32) * tf.transpose(head.kernel)
        # The kernel stays as it lies: transposing it instead would store it in the graph a second time.
        shares = flat * tf.transpose(tf.matmul(hidden.kernel, awake, transpose_b=True))
        evidence = tf.reduce_sum(tf.reshape(shares, (-1, rows, columns, channels)), axis=-1)
        return tf.sigmoid(logit)[:, 0], evidence, embedding

    return answers


STRONGEST = 8  # places of which the mean is the score's logit; fewer learn slower, more dilute a small defect


def _evidence() -> keras.Model:
    """Looks at small neighbourhoods only, and judges a photo by the strongest of them: 20,433 weights.

    Light is taken out first, by subtracting a blurred copy. Each cell of the map sees 39 pixels of the photo across.
    """
    grey = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1))
    blurred = layers.AveragePooling2D(5, strides=1, padding="same")(layers.AveragePooling2D(6)(grey))
    contrast = layers.Subtract()([grey, layers.UpSampling2D(6, interpolation="bilinear")(blurred)])
    features = layers.Rescaling(8.0)(contrast)
    for filters, kernel, strides in ((16, 5, 2), (24, 3, 2), (32, 3, 1), (32, 3, 1)):
        features = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(features)
        features = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(features))
    features = layers.AveragePooling2D(3, strides=2, padding="same", name="features")(features)
    places = layers.Flatten()(layers.Conv2D(1, 1, name="places")(features))
    logit = keras.ops.mean(keras.ops.top_k(places, STRONGEST)[0], axis=-1, keepdims=True)
    return keras.Model(grey, layers.Activation("sigmoid")(logit), name="evidence")


def _evidence_answers(model: keras.Model) -> Answers:
    """Reads the map that the score was pooled from; nothing has to be explained afterwards."""
    inner = [model.get_layer("places").output, model.get_layer("features").output]
    whole = keras.Model(model.inputs, [model.output, *inner])

    def answers(grey: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        score, places, features = whole(grey, training=False)
        return score[:, 0], places[..., 0], tf.reduce_max(features, axis=(1, 2))

    return answers


# Middle of the first cell and distance to the next, by the arithmetic of strides and valid borders:
# classic: stride 2, pool 2, stride 2, pool 2 gives pixel 16 r + 10, whose middle is half a pixel further.
NETWORKS: dict[NetworkName, Network] = {
    NetworkName.CLASSIC: Network(build=_classic, answers=_classic_answers, first=10.5, step=16.0),
    NetworkName.EVIDENCE: Network(build=_evidence, answers=_evidence_answers, first=3.5, step=8.0),
}
