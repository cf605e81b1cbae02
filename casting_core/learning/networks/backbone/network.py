"""The network ``backbone``: frozen features of a public network, and a linear head that learns this product.

The head weighs numbers of the whole photo (``pooling``), and each of them comes from places. So the map of evidence is
the score's logit shared out among places, without remainder.
"""

from functools import cache

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.learning.networks.backbone import detail
from casting_core.learning.networks.backbone.lite0 import features
from casting_core.learning.networks.backbone.pooling import MeanMaxSpread, Standardize, of_strongest
from casting_core.learning.networks.evidence import Answers

NAME = "backbone"
FIXED = "numbers"  # the layer up to which nothing is learned
STANDARD, HEAD = "standard", "head"
CELL = 16.0  # pixels of a view from place to place, where places are finest
# "Same" convolutions of even and odd sides in turn look at pixel 16 r + 11, whose middle is half a pixel on.
FIRST = 11.5
# How little the head is held back, as scikit-learn's C says it: it has nine hundred weights, and there may be forty
# photos. From 0.03 to 0.3 all products were within 0.01 of their best area under the ROC curve.
FREEDOM = 0.08
DECIDING = 4  # places that speak most for a defect, whose features are the embedding


def build(alignment: Alignment, *, details: bool = True) -> keras.Model:
    """The network for views of this alignment; its head is zero, and says 0.5 of everything.

    Of finer views than usual it knows spots and lines, too, unless it is to go without ``details``.
    """
    view, numbers = _fixed_part(alignment.shape, details=details)
    standard = Standardize(name=STANDARD)(numbers)
    logit = layers.Dense(1, kernel_initializer="zeros", name=HEAD)(standard)
    return keras.Model(view, layers.Activation("sigmoid", name="score")(logit), name=NAME)


@cache
def _fixed_part(shape: tuple[int, ...], *, details: bool) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Views of this shape, and the numbers of the photo; all networks of a process share the layers between."""
    view = keras.Input((*shape, 1))
    finer = detail.times(shape)
    fine, coarse = features(layers.AveragePooling2D(finer, name="usual_size")(view) if finer > 1 else view)
    places = layers.Identity(name="places")(fine)  # where the map of evidence has its cells
    pooled = [MeanMaxSpread(name=f"pooled_{at}")(seen) for at, seen in enumerate((places, coarse))]
    if finer > 1 and details:
        spots = detail.SpotsAndLines(name="spots_and_lines")(view)
        pooled += [MeanMaxSpread(name=f"pooled_{len(pooled)}")(spots)] * detail.REPEATED
    return view, layers.Concatenate(name=FIXED)(pooled)


def answers(model: keras.Model) -> Answers:
    """Each place's share of the score's logit, without remainder but for the head's bias."""
    pools = [layer for layer in model.layers if isinstance(layer, MeanMaxSpread)]
    places = keras.Model(model.inputs, [pool.input for pool in pools])
    standard, head = model.get_layer(STANDARD), model.get_layer(HEAD)
    often = [1, 1, *[detail.REPEATED] * (len(pools) - 2)]  # how often the head is given the numbers of each

    def three(view: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        seen = places(view, training=False)
        fine, coarse, *_ = seen
        pooled = [pool(one) for pool, one in zip(pools, seen, strict=True)]
        given = [one for one, number in zip(pooled, often, strict=True) for _ in range(number)]
        numbers = standard(tf.concat(given, axis=-1))
        logit = (numbers @ head.kernel + head.bias)[:, 0]
        weights = head.kernel[:, 0] * standard.scale
        usual = tf.reduce_sum(standard.mean * weights)  # what the logit of a usual photo is measured from
        sizes = [number * one.shape[-1] for number, one in zip(often, pooled, strict=True)]
        of_fine, of_coarse, *of_spots = tf.split(weights, sizes)
        rows, columns = fine.shape[1:3]
        shares = pools[0].shares(fine, of_fine) - usual / (rows * columns)
        down, across = (_finer(to, of) for to, of in zip(fine.shape[1:3], coarse.shape[1:3], strict=True))
        shares += tf.matmul(down, tf.matmul(pools[1].shares(coarse, of_coarse), across, transpose_b=True))
        for pool, spots, all_of_them in zip(pools[2:], seen[2:], of_spots, strict=True):  # they lie as fine places do
            shares += pool.shares(spots, tf.reduce_sum(tf.reshape(all_of_them, (detail.REPEATED, -1)), axis=0))
        return tf.sigmoid(logit), shares, of_strongest(fine, shares, DECIDING)

    return three


def hold_back(model: keras.Model, *, photos: int) -> None:
    """Lets large weights of the head cost as much as is right for so many photos to learn from."""
    model.get_layer(HEAD).kernel.regularizer = keras.regularizers.L2(1 / (2 * FREEDOM * max(1, photos)))


def measure_from(model: keras.Model, numbers: NDArray[np.float32]) -> None:
    """Lets the network measure its numbers from what is usual among these, (photos, d)."""
    model.get_layer(STANDARD).fit(numbers)


def _finer(fine: int, coarse: int) -> NDArray[np.float32]:
    """How the share of a coarse place is shared out among fine ones along one side, (fine, coarse).

    Coarse place c lies where fine place 2 c does. It gives half to that, and the rest to its neighbours.
    """
    apart = np.abs(np.arange(fine)[:, np.newaxis] - 2 * np.arange(coarse))
    shared = np.maximum(0.0, 2.0 - apart)
    return np.asarray(shared / shared.sum(axis=0), dtype=np.float32)
