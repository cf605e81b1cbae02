"""The network ``evidence``: it looks at small neighbourhoods only, and judges a photo by the strongest of them.

Light is taken out first, by subtracting a blurred copy; of a round part, what is alike all the way round is seen with
and without, and of each photo as strongly as of any other. Then each place, 49 pixels of the view across and 113 where
the part is not round, gets a number for each of ``KINDS``. A linear head weighs the mean of the strongest of each. The
mean of all places would tell one casting's skin from another's.

What a few castings teach depends on where learning begins. So a network has members that see the same, learn alone and
judge together, by the mean of their logits (deep ensembles, Lakshminarayanan et al. 2017). The first begins with what
random castings have taught (``pretrained``), the second with nothing, so that they err on different castings.
"""

from collections.abc import Callable

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.learning.networks.layers import Around, Evened, Strongest, Unusual, Whitened, as_rows
from casting_core.learning.networks.mixed_precision import twin

Answers = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor, tf.Tensor]]

NAME = "evidence"
CELL = 8  # pixels of a view from place to place
REACH = 24  # pixels of a view that a place and the blur look to each side; a multiple of CELL
EDGE = 8  # pixels that a view gains where it does not go on: what is beyond has nothing to show; a multiple of CELL
# Channels of the convolutions. More than 32 of the third would meet an error of oneDNN's on strips: see twin.
CHANNELS = {Kind.ROUND: (16, 32, 32, 48), Kind.REGISTERED: (32, 32, 48, 64), Kind.FREE: (32, 32, 48, 64)}
FURTHER = {Kind.ROUND: 0, Kind.REGISTERED: 4, Kind.FREE: 4}  # convolutions that look at a place's neighbours, too
MEMBERS = {Kind.ROUND: 2, Kind.REGISTERED: 1, Kind.FREE: 1}  # one has 29,000 weights, or 90,000 if not round
KINDS = {Kind.ROUND: 8, Kind.REGISTERED: 1, Kind.FREE: 1}  # maps of places of each member: kinds of evidence
FEATURES = "features"  # beginning of the names of the layers that give them
SAYS = "says"  # beginning of the names of the layers that end them
PHASES = {Kind.ROUND: 1, Kind.REGISTERED: 2, Kind.FREE: 2}  # grids of places, half a cell apart, whose mean counts
GRID = "grid"  # beginning of the names of the layers that give each grid of places
SEEN = "seen"  # beginning of the names of the layers that give the pictures members see; no weights come before them
LIGHTS = 6  # directions in which sound parts of one shape look different as light does
STRONGEST = 4  # places of each map whose mean counts; fewer learn slower, more dilute a small defect


def build(alignment: Alignment, *, members: int | None = None) -> keras.Model:
    """The network for views of this alignment, its weights drawn by lot; ``members``: other than usual."""
    view = keras.Input((*alignment.shape, 1))
    round_part, kinds = alignment.kind is Kind.ROUND, KINDS[alignment.kind]
    numbers = range(members or MEMBERS[alignment.kind])
    sides = REACH if round_part else EDGE
    phases = PHASES[alignment.kind]
    # Two grids lie a quarter of a cell to either side of where one would, so that their mean lies there.
    early = CELL // 4 * (phases - 1)
    whole = Around(sides, EDGE, wraps=round_part, early=early, name="around")(view)
    pictures = _seen(layers.Subtract()([whole, _blurred(whole)]), alignment.kind, sides)
    seen = [layers.Identity(name=f"{SEEN}_{number}")(one) for number, one in enumerate(pictures)]
    features = [_features(seen, alignment.kind, sides, number=number) for number in numbers]
    # How much of each kind of evidence there is in a place.
    says = [layers.Conv2D(kinds, 1, name=f"{SAYS}_{number}") for number in numbers]
    maps = [[say(grid) for grid in one] for say, one in zip(says, features, strict=True)]
    grids = [_grid(list(of_grid), phase) for phase, of_grid in enumerate(zip(*maps, strict=True))]
    places = layers.Average(name="places")(grids) if phases > 1 else layers.Identity(name="places")(*grids)
    strongest = Strongest(STRONGEST, where=_on_part(alignment), name="strongest")(places)
    # One map is evidence of a defect from the start; of several, the head finds out which speak for one.
    weights = "glorot_uniform" if kinds > 1 else "ones"
    score = layers.Activation("sigmoid")(layers.Dense(1, kernel_initializer=weights, name="head")(strongest))
    return keras.Model(view, score, name=NAME)


def eye_and_mind(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """The network in two: what makes of views the pictures that are seen, and what makes of those a grid of places.

    The first has nothing to learn, so a pipeline can run it ahead. One grid is enough, for all have the same weights.
    """
    seen = [layer.output for layer in model.layers if layer.name.startswith(SEEN)]
    return keras.Model(model.input, seen), keras.Model(seen, model.get_layer(f"{GRID}_0").output)


def quick_twin(model: keras.Model) -> keras.Model:
    """One with the same weights that learns faster (``twin``); light is still taken out of views with all digits."""
    seen = [layer.output for layer in model.layers if layer.name.startswith(SEEN)]
    behind = keras.Model(seen, model.get_layer("places").output)
    return twin(model, quick={layer.name for layer in behind.layers} - {"places"})


def members(model: keras.Model) -> int:
    """How many networks judge together in this one."""
    return sum(layer.name.startswith(FEATURES) for layer in model.layers)


def of_member(model: keras.Model, number: int) -> list[layers.Layer]:
    """The layers of the member of this number, from 0, that have weights; the head is common to all."""
    seen = [layer.output for layer in model.layers if layer.name.startswith(SEEN)]
    alone = keras.Model(seen, model.get_layer(f"{FEATURES}_{number}").output)
    return [*(layer for layer in alone.layers if layer.weights), model.get_layer(f"{SAYS}_{number}")]


def logits(model: keras.Model, kinds: tf.Tensor) -> tf.Tensor:
    """What each member says, (..., members), of the kinds of evidence of all (..., n); their mean is the logit."""
    head, number = model.get_layer("head"), members(model)
    each = tf.shape(kinds)[:-1]
    apart = tf.reshape(kinds * head.kernel[:, 0], tf.concat([each, [number, kinds.shape[-1] // number]], axis=0))
    return number * tf.reduce_sum(apart, axis=-1) + head.bias


def _seen(contrast: tf.Tensor, kind: Kind, sides: int) -> list[tf.Tensor]:
    """What the members see: contrast, and of it what is not as it should be, where anybody knows how that is."""
    match kind:
        case Kind.ROUND:
            return Evened(sides)([contrast, _off_ring(contrast)])
        case Kind.REGISTERED:
            unusual = Unusual(LIGHTS, name="unusual")(contrast)
        case Kind.FREE:
            unusual = contrast
    # Each is evened alone: what a rough skin leaves over is to be as strong as what a fine one does.
    return [Evened(sides)([one])[0] for one in (contrast, Whitened()(unusual))]


def _on_part(alignment: Alignment) -> list[list[bool]]:
    """Which places (rows, columns) lie on the part or at its edge; of what lies beyond, nothing counts."""
    rows, columns = (side // CELL for side in alignment.shape)
    part = alignment.part()[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).any(axis=(1, 3))
    near = cv2.dilate(np.asarray(part, dtype=np.uint8), np.ones((3, 3), np.uint8))  # flash stands out beyond the part
    return [[bool(place) for place in row] for row in np.asarray(near)]


def learn_usual(model: keras.Model, sound: NDArray[np.uint8]) -> None:
    """Shows the network sound parts, views (n, rows, columns), where it wants to know what they look like."""
    for layer in model.layers:
        if isinstance(layer, Unusual):
            contrast = keras.Model(model.input, layer.input)
            seen = (contrast(view[np.newaxis, ..., np.newaxis] / np.float32(255), training=False) for view in sound)
            layer.learn(np.concatenate([np.asarray(one) for one in seen]))


def _features(seen: list[tf.Tensor], kind: Kind, sides: int, *, number: int) -> list[tf.Tensor]:
    """The features that the member of this number gives each place, on each grid of places."""
    channels = CHANNELS[kind]
    # One convolution over two pictures, taken apart: to put them into one first costs as much as the convolution.
    # It goes without normalization: what it sees is even already, and there that costs a fifth of a step.
    first = [layers.Conv2D(channels[0], 5, strides=2, padding="same", use_bias=one is seen[0])(one) for one in seen]
    fine = layers.ReLU()(layers.Add()(first))
    fine = _normalized(channels[1], strides=2)(fine)
    fine = _normalized(channels[2])(fine)
    last = _normalized(channels[3])
    again = _convolution(channels[3])  # one for all: what it says of a neighbour, it says of the neighbour's, too
    further = [_normalized(channels[3], again=again) for _ in range(FURTHER[kind])]
    grids = []
    for phase in range(PHASES[kind]):
        features = last(layers.AveragePooling2D(2)(_later(fine) if phase else fine))
        for layer in further:  # a crack goes on in the next place, a lump of skin does not
            features = layers.Add()([features, layer(features)])
        # One grid is enough to tell which photos look alike.
        name = f"between_{number}" if phase else f"{FEATURES}_{number}"
        grids.append(layers.Cropping2D((EDGE // CELL, sides // CELL), name=name)(features))
    return grids


def _grid(maps: list[tf.Tensor], phase: int) -> tf.Tensor:
    """What all members find on one grid, under a name of its own."""
    name = f"{GRID}_{phase}"
    return layers.Concatenate(name=name)(maps) if len(maps) > 1 else layers.Identity(name=name)(*maps)


def _later(features: tf.Tensor) -> tf.Tensor:
    """Features half a cell further down and to the right; what is not known there lies beyond the view."""
    return layers.ZeroPadding2D(((0, 1), (0, 1)))(layers.Cropping2D(((1, 0), (1, 0)))(features))


def _convolution(filters: int, *, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)


def _normalized(
    filters: int, *, strides: int = 1, again: layers.Conv2D | None = None
) -> Callable[[tf.Tensor], tf.Tensor]:
    """A convolution over 3 x 3 cells, or one there is, whose results are normalized over the batch, and rectified."""
    convolution = again or _convolution(filters, strides=strides)
    normalization = layers.BatchNormalization(momentum=0.9)
    return lambda features: layers.ReLU()(normalization(convolution(features)))


def _blurred(whole: tf.Tensor) -> tf.Tensor:
    """What light makes of the part: means over 4 x 4 pixels, smoothed, and drawn large again."""
    small = layers.AveragePooling2D(3, strides=1, padding="same")(layers.AveragePooling2D(4)(whole))
    return layers.UpSampling2D(4, interpolation="bilinear")(small)


def _off_ring(contrast: tf.Tensor) -> tf.Tensor:
    """How far each pixel of a strip is from the mean of its ring: machined edges cancel, and a nick in one stays."""
    once_round = contrast[:, :, REACH:-REACH]
    return contrast - keras.ops.mean(once_round, axis=2, keepdims=True)


def answers(model: keras.Model) -> Answers:
    """Each place's share of the score's logit, without remainder but for the head's bias.

    Nothing has to be explained afterwards: pooling and head are linear in the places that they take.
    """
    of_members = [layer.output for layer in model.layers if layer.name.startswith(FEATURES)]
    inner = keras.Model(model.inputs, [model.get_layer("places").output, *of_members])
    head, strongest = model.get_layer("head"), model.get_layer("strongest")

    def three(view: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        places, *features = inner(view, training=False)
        rows, columns = places.shape[1:3]
        maps, (rivals, strong) = as_rows(places), strongest.of(places)
        counts = tf.cast(rivals >= strong[..., -1:], tf.float32) / strongest.places
        shares = tf.reduce_sum(maps * counts * head.kernel, axis=1)  # the kernel is (kinds, 1)
        score = tf.sigmoid(tf.reduce_mean(strong, axis=-1) @ head.kernel + head.bias)[:, 0]  # added up as in training
        return score, tf.reshape(shares, (-1, rows, columns)), tf.reduce_max(tf.concat(features, axis=-1), axis=(1, 2))

    return three
