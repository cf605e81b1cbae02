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

from casting_core.data.alignment.alignment import Alignment, Kind
from casting_core.learning.recipe import NetworkName

Answers = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor, tf.Tensor]]


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


CELL = 8  # pixels of a view from place to place of the evidence network
REACH = 24  # pixels of a view that a place and the blur look to each side; a multiple of CELL
EDGE = 8  # pixels that a view gains where it does not go on: what is beyond has nothing to show; a multiple of CELL
FAINT = 0.005  # root mean square of contrast that is not made larger: there is nothing but noise
NARROW, WIDE = (8, 16, 24, 24), (16, 24, 32, 32)  # channels of the convolutions, for round parts and for others
KINDS = 8  # maps of places: as many kinds of evidence as may be told apart
STRONGEST = 4  # places of each map whose mean counts; fewer learn slower, more dilute a small defect


def _evidence(alignment: Alignment) -> keras.Model:
    """Looks at small neighbourhoods only, and judges a photo by the strongest of them: 10,000 or 20,000 weights.

    Light is taken out first, by subtracting a blurred copy; of a round part, what is alike all the way round is seen
    with and without, and of each photo as strongly as of any other. Then each place, 49 pixels of the view across, gets
    a number for each of ``KINDS``. A linear head weighs the mean of the strongest of each. The mean of all places would
    tell one casting's skin from another's.
    """
    view = keras.Input((*alignment.shape, 1))
    round_part = alignment.kind is Kind.ROUND
    sides = REACH if round_part else EDGE
    whole = _Around(sides, EDGE, wraps=round_part, name="around")(view)
    contrast = layers.Subtract()([whole, _blurred(whole)])
    seen = layers.Concatenate(name="seen")([contrast, _off_ring(contrast)]) if round_part else contrast
    features = _Evened(sides, name="evened")(seen)
    channels = NARROW if round_part else WIDE
    # The first layer goes without normalization: what it sees is even already, and there it costs a fifth of a step.
    features = layers.Conv2D(channels[0], 5, strides=2, padding="same", activation="relu")(features)
    features = _normalized(channels[1], strides=2)(features)
    features = _normalized(channels[2], strides=1)(features)
    features = layers.AveragePooling2D(2)(features)
    features = _normalized(channels[3], strides=1)(features)
    features = layers.Cropping2D((EDGE // CELL, sides // CELL), name="features")(features)
    places = layers.Conv2D(KINDS, 1, name="places")(features)
    logit = layers.Dense(1, name="head")(_Strongest(STRONGEST, name="strongest")(places))
    return keras.Model(view, layers.Activation("sigmoid")(logit), name="evidence")


@keras.saving.register_keras_serializable("casting_core")
class _Evened(layers.Layer):
    """Divides what is seen of each photo by its root mean square: half the light is half the contrast everywhere.

    The mean is over the view itself, without the ``sides`` that were put on left and right.
    """

    def __init__(self, sides: int, **named: object) -> None:
        super().__init__(**named)
        self.sides = sides

    def call(self, seen: tf.Tensor) -> tf.Tensor:
        squares = tf.square(seen[:, :, self.sides : -self.sides])
        return seen / (tf.sqrt(tf.reduce_mean(squares, axis=(1, 2, 3), keepdims=True)) + FAINT)

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"sides": self.sides}


def _normalized(filters: int, *, strides: int) -> Callable[[tf.Tensor], tf.Tensor]:
    """A convolution over 3 x 3 cells whose results are normalized over the batch, and rectified."""

    def layer(features: tf.Tensor) -> tf.Tensor:
        features = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(features)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(features))

    return layer


def _blurred(whole: tf.Tensor) -> tf.Tensor:
    """What light makes of the part: means over 4 x 4 pixels, smoothed, and drawn large again."""
    small = layers.AveragePooling2D(3, strides=1, padding="same")(layers.AveragePooling2D(4)(whole))
    return layers.UpSampling2D(4, interpolation="bilinear")(small)


def _off_ring(contrast: tf.Tensor) -> tf.Tensor:
    """How far each pixel of a strip is from the mean of its ring: machined edges cancel, and a nick in one stays."""
    once_round = contrast[:, :, REACH:-REACH]
    return contrast - keras.ops.mean(once_round, axis=2, keepdims=True)


@keras.saving.register_keras_serializable("casting_core")
class _Around(layers.Layer):
    """Pads a view on all sides: a strip goes on where it begins, all else is mirrored at its edge."""

    def __init__(self, sides: int, edge: int, *, wraps: bool, **named: object) -> None:
        super().__init__(**named)
        self.sides, self.edge, self.wraps = sides, edge, wraps  # pixels left and right, above and below

    def call(self, view: tf.Tensor) -> tf.Tensor:
        left_and_right = (self.sides, self.sides)
        if self.wraps:
            view = tf.concat([view[:, :, -self.sides :], view, view[:, :, : self.sides]], axis=2)
            left_and_right = (0, 0)
        return tf.pad(view, [(0, 0), (self.edge, self.edge), left_and_right, (0, 0)], "REFLECT")

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"sides": self.sides, "edge": self.edge, "wraps": self.wraps}


@keras.saving.register_keras_serializable("casting_core")
class _Strongest(layers.Layer):
    """From maps (n, rows, columns, kinds) to (n, kinds): the mean of each map's strongest places."""

    def __init__(self, places: int, **named: object) -> None:
        super().__init__(**named)
        self.places = places

    def call(self, maps: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.math.top_k(_as_rows(maps), self.places, sorted=False).values, axis=-1)

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"places": self.places}


def _as_rows(places: tf.Tensor) -> tf.Tensor:
    """Each map as one row: (n, kinds, places)."""
    rows, columns, kinds = places.shape[1:]
    return tf.transpose(tf.reshape(places, (-1, rows * columns, kinds)), (0, 2, 1))


def _evidence_answers(model: keras.Model) -> Answers:
    """Each place's share of the score's logit, without remainder but for the head's bias.

    Nothing has to be explained afterwards: pooling and head are linear in the places that they take.
    """
    inner = keras.Model(model.inputs, [model.get_layer("places").output, model.get_layer("features").output])
    head, strongest = model.get_layer("head"), model.get_layer("strongest").places

    def answers(view: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        places, features = inner(view, training=False)
        rows, columns = places.shape[1:3]
        maps = _as_rows(places)
        least = tf.math.top_k(maps, strongest).values[..., -1:]
        counts = tf.cast(maps >= least, tf.float32) / strongest
        shares = tf.reduce_sum(maps * counts * head.kernel, axis=1)  # the kernel is (kinds, 1)
        score = tf.sigmoid(tf.reduce_sum(shares, axis=1) + head.bias)
        return score, tf.reshape(shares, (-1, rows, columns)), tf.reduce_max(features, axis=(1, 2))

    return answers


# Middle of the first cell and distance to the next, by the arithmetic of strides and borders.
# Classic: stride 2, pool 2, stride 2, pool 2 gives pixel 16 r + 10, whose middle is half a pixel further.
# Evidence: "same" convolutions of stride 2 look at pixel 4 r + 3, and the pooling puts two of those together.
NETWORKS: dict[NetworkName, Network] = {
    NetworkName.CLASSIC: Network(build=_classic, answers=_classic_answers, head="score", first=10.5, step=16.0),
    NetworkName.EVIDENCE: Network(build=_evidence, answers=_evidence_answers, head="head", first=5.5, step=CELL),
}
