"""A network that has learned from sound parts only: each place is as bad as it is unlike any place of theirs.

The features of places are those of the public network. Those of sound parts are remembered, as many as ``REMEMBERED``,
and the distance of a place is that to the nearest of them (PatchCore, Roth et al. 2022, without its search for a few
that stand for all). The score is pooled from the most distant places, and its map of evidence are those.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.learning.networks.backbone.lite0 import features
from casting_core.learning.networks.backbone.pooling import NearestDistance, of_strongest
from casting_core.learning.networks.evidence import Answers
from casting_core.learning.networks.layers import TopKMean, as_rows

NAME = "distance"
APART, HEAD = "apart", "head"
REMEMBERED = 3000  # places; with more, a photo takes longer, and no product gained
FARTHEST = 4  # places whose distances are averaged


def build(alignment: Alignment) -> keras.Model:
    """The network for views of this alignment; before ``remember`` it knows no sound part."""
    view = keras.Input((*alignment.shape, 1))
    places = layers.Identity(name="places")(features(view)[0])
    apart = NearestDistance(REMEMBERED, name=APART)(places)
    everywhere = [[True] * places.shape[2]] * places.shape[1]
    pooled = TopKMean(FARTHEST, where=everywhere, name="strongest")(apart)
    logit = layers.Dense(1, kernel_initializer="ones", name=HEAD)(pooled)
    return keras.Model(view, layers.Activation("sigmoid")(logit), name=NAME)


def remember(model: keras.Model, places: NDArray[np.float32], *, seed: int) -> None:
    """Lets the network know the places of sound parts, (n, channels); of more than it remembers, some at random."""
    chosen = np.random.default_rng(seed).permutation(len(places))
    model.get_layer(APART).fit(places, places[np.resize(chosen, REMEMBERED)])


def answers(model: keras.Model) -> Answers:
    """Each place's share of the score's logit, without remainder but for the head's bias."""
    inner = keras.Model(model.inputs, [model.get_layer("places").output, model.get_layer(APART).output])
    head, pooling = model.get_layer(HEAD), model.get_layer("strongest")

    def three(view: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        places, apart = inner(view, training=False)
        candidates, top = pooling.top(apart)
        counts = tf.cast(candidates >= top[..., -1:], tf.float32) / pooling.places
        shares = tf.reduce_sum(as_rows(apart) * counts * head.kernel, axis=1)  # the kernel is (1, 1)
        score = tf.sigmoid(tf.reduce_mean(top, axis=-1) @ head.kernel + head.bias)[:, 0]
        return score, tf.reshape(shares, tf.shape(apart)[:3]), of_strongest(places, apart[..., 0], FARTHEST)

    return three
