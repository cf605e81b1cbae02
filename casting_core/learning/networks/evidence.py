"""The network ``evidence``: it looks at small neighbourhoods only, and judges a photo by the strongest of them.

Light is taken out first, by subtracting a blurred copy; of a round part, what is alike all the way round is seen with
and without, and of each photo as strongly as of any other. Then each place, 49 pixels of the view across and 113 where
the part is not round, gets a number on each of ``MAPS``. A linear head weighs the mean of the strongest of each. The
mean of all places would tell one casting's skin from another's.

What a few castings teach depends on where learning begins. So a network is an ensemble: its members see the same, are
trained separately and judge by the mean of their logits (deep ensembles, Lakshminarayanan et al. 2017). The first
begins with what random castings have taught (``pretrained``), the second at random, so that they err on different
castings.
"""

from collections.abc import Callable

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.learning.networks import mixed_precision
from casting_core.learning.networks.layers import (
    PcaResidual,
    RmsNormalize,
    SpectralWhiten,
    TopKMean,
    WrapPad,
    as_rows,
)

Answers = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor, tf.Tensor]]

NAME = "evidence"
CELL = 8  # pixels of a view from place to place
REACH = 24  # pixels of a view that a place and the blur look to each side; a multiple of CELL
EDGE = 8  # pixels that a view gains where it does not go on: what is beyond has nothing to show; a multiple of CELL
# Channels of the convolutions. More than 32 of the third would meet an error of oneDNN's on strips: see
# mixed_precision.apply_finite_gradients.
CHANNELS = {Kind.ROUND: (16, 32, 32, 48), Kind.REGISTERED: (32, 32, 48, 64), Kind.FREE: (32, 32, 48, 64)}
CONTEXT = {Kind.ROUND: 0, Kind.REGISTERED: 4, Kind.FREE: 4}  # residual convolutions over a place's neighbours
MEMBERS = {Kind.ROUND: 2, Kind.REGISTERED: 1, Kind.FREE: 1}  # one has 29,000 weights, or 90,000 if not round
MAPS = {Kind.ROUND: 8, Kind.REGISTERED: 1, Kind.FREE: 1}  # evidence maps of each member
GRIDS = {Kind.ROUND: 1, Kind.REGISTERED: 2, Kind.FREE: 2}  # grids of places, half a cell apart, that are averaged
LIGHTS = 6  # directions in which sound parts of one shape look different as light does
TOP_K = 4  # places of each map that are averaged; fewer learn slower, more dilute a small defect

# What the names of layers begin with. They stand in saved models, so they stay.
PICTURES = "seen"  # the pictures that all members see; no weights come before them
FEATURES = "features"  # the features of each member
EVIDENCE = "says"  # the last convolution of each member
GRID = "grid"  # the maps of all members on each grid


def build(alignment: Alignment, *, members: int | None = None) -> keras.Model:
    """The network for views of this alignment, its weights random; ``members``: other than usual."""
    view = keras.Input((*alignment.shape, 1))
    round_part, number_of_maps = alignment.kind is Kind.ROUND, MAPS[alignment.kind]
    numbers = range(members or MEMBERS[alignment.kind])
    sides = REACH if round_part else EDGE
    grids_averaged = GRIDS[alignment.kind]
    # Two grids lie a quarter of a cell to either side of where one would, so that their mean lies there.
    early = CELL // 4 * (grids_averaged - 1)
    padded = WrapPad(sides, EDGE, wraps=round_part, early=early, name="around")(view)
    contrast = layers.Subtract()([padded, _blurred(padded)])
    pictures = [
        layers.Identity(name=f"{PICTURES}_{number}")(picture)
        for number, picture in enumerate(_pictures(contrast, alignment.kind, sides))
    ]
    features = [_features(pictures, alignment.kind, sides, member=number) for number in numbers]
    # How much evidence of each kind there is in a place.
    last = [layers.Conv2D(number_of_maps, 1, name=f"{EVIDENCE}_{number}") for number in numbers]
    maps = [[evidence(grid) for grid in one] for evidence, one in zip(last, features, strict=True)]
    grids = [_grid(list(of_grid), number) for number, of_grid in enumerate(zip(*maps, strict=True))]
    places = layers.Average(name="places")(grids) if grids_averaged > 1 else layers.Identity(name="places")(*grids)
    pooled = TopKMean(TOP_K, where=_on_part(alignment), name="strongest")(places)
    # One map is evidence of a defect from the start; of several, the head finds out which speak for one.
    weights = "glorot_uniform" if number_of_maps > 1 else "ones"
    score = layers.Activation("sigmoid")(layers.Dense(1, kernel_initializer=weights, name="head")(pooled))
    return keras.Model(view, score, name=NAME)


def split_fixed_and_trained(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """The network in two: from views to pictures, which is fixed, and from pictures to a grid of places.

    The first has nothing to learn, so a pipeline can run it ahead. One grid is enough, for all have the same weights.
    """
    pictures = _picture_outputs(model)
    return keras.Model(model.input, pictures), keras.Model(pictures, model.get_layer(f"{GRID}_0").output)


def mixed_precision_copy(model: keras.Model) -> keras.Model:
    """A network with the same weights that learns faster; its fixed part still computes with full precision."""
    trained = keras.Model(_picture_outputs(model), model.get_layer("places").output)
    low_precision = {layer.name for layer in trained.layers} - {"places"}
    return mixed_precision.mixed_precision_copy(model, low_precision=low_precision)


def member_count(model: keras.Model) -> int:
    """How many members this network has."""
    return sum(layer.name.startswith(FEATURES) for layer in model.layers)


def member_layers(model: keras.Model, number: int) -> list[layers.Layer]:
    """The layers with weights of the member of this number, from 0; the head is common to all."""
    alone = keras.Model(_picture_outputs(model), model.get_layer(f"{FEATURES}_{number}").output)
    return [*(layer for layer in alone.layers if layer.weights), model.get_layer(f"{EVIDENCE}_{number}")]


def member_logits(model: keras.Model, pooled: tf.Tensor) -> tf.Tensor:
    """The logit of each member, (..., members), from the evidence of all, (..., n); their mean is the network's."""
    head, number = model.get_layer("head"), member_count(model)
    leading = tf.shape(pooled)[:-1]
    separate = tf.concat([leading, [number, pooled.shape[-1] // number]], axis=0)
    weighed = tf.reshape(pooled * head.kernel[:, 0], separate)
    return number * tf.reduce_sum(weighed, axis=-1) + head.bias


def fit_to_sound_parts(model: keras.Model, sound: NDArray[np.uint8]) -> None:
    """Shows the network sound parts, views (n, rows, columns), where it wants to know what they look like."""
    for layer in model.layers:
        if isinstance(layer, PcaResidual):
            contrast = keras.Model(model.input, layer.input)
            shown = (contrast(view[np.newaxis, ..., np.newaxis] / np.float32(255), training=False) for view in sound)
            layer.fit(np.concatenate([np.asarray(one) for one in shown]))


def _picture_outputs(model: keras.Model) -> list[keras.KerasTensor]:
    return [layer.output for layer in model.layers if layer.name.startswith(PICTURES)]


def _pictures(contrast: tf.Tensor, kind: Kind, sides: int) -> list[tf.Tensor]:
    """What the members see: contrast, and of it what is not as on sound parts, where that is known."""
    match kind:
        case Kind.ROUND:
            return RmsNormalize(sides)([contrast, _without_ring_mean(contrast)])
        case Kind.REGISTERED:
            unusual = PcaResidual(LIGHTS, name="unusual")(contrast)
        case Kind.FREE:
            unusual = contrast
    # Each is normalized alone: what a rough skin leaves over is to be as strong as what a fine one does.
    return [RmsNormalize(sides)([one])[0] for one in (contrast, SpectralWhiten()(unusual))]


def _on_part(alignment: Alignment) -> list[list[bool]]:
    """Which places (rows, columns) lie on the part or at its edge; of what lies beyond, nothing counts."""
    rows, columns = (side // CELL for side in alignment.shape)
    part = alignment.part()[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).any(axis=(1, 3))
    near = cv2.dilate(np.asarray(part, dtype=np.uint8), np.ones((3, 3), np.uint8))  # flash stands out beyond the part
    return [[bool(place) for place in row] for row in np.asarray(near)]


def _features(pictures: list[tf.Tensor], kind: Kind, sides: int, *, member: int) -> list[tf.Tensor]:
    """The features that the member of this number gives each place, on each grid of places."""
    channels = CHANNELS[kind]
    # One convolution over two pictures, taken apart: to put them into one first costs as much as the convolution.
    # It goes without normalization: its input is normalized already, and there that costs a fifth of a step.
    first = [
        layers.Conv2D(channels[0], 5, strides=2, padding="same", use_bias=one is pictures[0])(one) for one in pictures
    ]
    fine = layers.ReLU()(layers.Add()(first))
    fine = _normalized(channels[1], strides=2)(fine)
    fine = _normalized(channels[2])(fine)
    last = _normalized(channels[3])
    shared = _convolution(channels[3])  # one for all: what it finds of a neighbour, it finds of the neighbour's, too
    context = [_normalized(channels[3], convolution=shared) for _ in range(CONTEXT[kind])]
    grids = []
    for number in range(GRIDS[kind]):
        features = last(layers.AveragePooling2D(2)(_half_a_cell_later(fine) if number else fine))
        for block in context:  # a crack goes on in the next place, a lump of skin does not
            features = layers.Add()([features, block(features)])
        # One grid is enough to tell which photos look alike.
        name = f"between_{member}" if number else f"{FEATURES}_{member}"
        grids.append(layers.Cropping2D((EDGE // CELL, sides // CELL), name=name)(features))
    return grids


def _grid(maps: list[tf.Tensor], number: int) -> tf.Tensor:
    """The maps of all members on the grid of this number."""
    name = f"{GRID}_{number}"
    return layers.Concatenate(name=name)(maps) if len(maps) > 1 else layers.Identity(name=name)(*maps)


def _half_a_cell_later(features: tf.Tensor) -> tf.Tensor:
    """Features half a cell further down and to the right; what is not known there lies beyond the view."""
    return layers.ZeroPadding2D(((0, 1), (0, 1)))(layers.Cropping2D(((1, 0), (1, 0)))(features))


def _convolution(filters: int, *, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)


def _normalized(
    filters: int, *, strides: int = 1, convolution: layers.Conv2D | None = None
) -> Callable[[tf.Tensor], tf.Tensor]:
    """A convolution over 3 x 3 cells, or the one given, whose results are normalized over the batch, and rectified."""
    convolved = convolution or _convolution(filters, strides=strides)
    normalization = layers.BatchNormalization(momentum=0.9)
    return lambda features: layers.ReLU()(normalization(convolved(features)))


def _blurred(padded: tf.Tensor) -> tf.Tensor:
    """What light makes of the part: means over 4 x 4 pixels, smoothed, and drawn large again."""
    small = layers.AveragePooling2D(3, strides=1, padding="same")(layers.AveragePooling2D(4)(padded))
    return layers.UpSampling2D(4, interpolation="bilinear")(small)


def _without_ring_mean(contrast: tf.Tensor) -> tf.Tensor:
    """How far each pixel of a strip is from the mean of its ring: machined edges cancel, and a nick in one stays."""
    once_round = contrast[:, :, REACH:-REACH]
    return contrast - keras.ops.mean(once_round, axis=2, keepdims=True)


def answers(model: keras.Model) -> Answers:
    """Each place's share of the score's logit, without remainder but for the head's bias.

    Nothing has to be explained afterwards: pooling and head are linear in the places that they take.
    """
    of_members = [layer.output for layer in model.layers if layer.name.startswith(FEATURES)]
    inner = keras.Model(model.inputs, [model.get_layer("places").output, *of_members])
    head, pooling = model.get_layer("head"), model.get_layer("strongest")

    def three(view: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        places, *features = inner(view, training=False)
        rows, columns = places.shape[1:3]
        maps, (candidates, top) = as_rows(places), pooling.top(places)
        counts = tf.cast(candidates >= top[..., -1:], tf.float32) / pooling.places
        shares = tf.reduce_sum(maps * counts * head.kernel, axis=1)  # the kernel is (maps, 1)
        score = tf.sigmoid(tf.reduce_mean(top, axis=-1) @ head.kernel + head.bias)[:, 0]  # added up as in training
        return score, tf.reshape(shares, (-1, rows, columns)), tf.reduce_max(tf.concat(features, axis=-1), axis=(1, 2))

    return three
