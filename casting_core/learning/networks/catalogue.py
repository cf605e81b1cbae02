"""The networks: how each is built, and how each explains its score by places of the photo.

A network is trained on views of photos (``data.alignment``), grey levels between 0 and 1, shape (photos, rows,
columns, 1), and gives the probability of defective. Its ``answers`` give more, in one pass: the score, the map of
evidence it was made of, and an embedding.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf
from keras import layers

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.learning.networks import evidence
from casting_core.learning.networks.evidence import Answers
from casting_core.learning.recipes.recipe import NetworkName


@dataclass(frozen=True, kw_only=True)
class Network:
    """A way to build a model for aligned photos, and to read its three answers.

    The evidence map lies over the view: ``first`` pixels from its edge to the middle of the first cell, ``step`` from
    one to the next.
    """

    build: Callable[[Alignment], keras.Model]
    answers: Callable[[keras.Model], Answers]
    head: str  # the layer whose output is the logit, or the score right behind it
    first: float  # pixels of the view
    step: float


def _classic(alignment: Alignment) -> keras.Model:
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


def _classic_answers(model: keras.Model) -> Answers:
    """Splits the classic network's score by place, without remainder.

    Behind the last pooling the network is piecewise linear: with ``m`` saying which hidden units are awake, the logit
    is ``x W1 (w2 * m)`` plus a constant. So each place's share is its features times that gradient, summed over
    channels ("gradient times input", Shrikumar et al. 2017, which is exact for one rectified layer).
    """
    places = keras.Model(model.inputs, model.get_layer("places").output)
    hidden, head = model.get_layer("embedding"), model.get_layer("score")

    def answers(view: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        features = places(view, training=False)
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


def adjust(network: Network, model: keras.Model, *, stretch: float, shift: float) -> None:
    """Makes the model's logit ``stretch`` times what it was, plus ``shift``; its evidence is stretched with it."""
    head = model.get_layer(network.head)
    head.kernel.assign(head.kernel * stretch)
    head.bias.assign(head.bias * stretch + shift)


# Middle of the first cell and distance to the next, by the arithmetic of strides and borders.
# Classic: stride 2, pool 2, stride 2, pool 2 gives pixel 16 r + 10, whose middle is half a pixel further.
# Evidence: "same" convolutions of stride 2 look at pixel 4 r + 3, and the pooling puts two of those together.
NETWORKS: dict[NetworkName, Network] = {
    NetworkName.CLASSIC: Network(build=_classic, answers=_classic_answers, head="score", first=10.5, step=16.0),
    NetworkName.EVIDENCE: Network(
        build=evidence.build, answers=evidence.answers, head="head", first=5.5, step=evidence.CELL
    ),
}
