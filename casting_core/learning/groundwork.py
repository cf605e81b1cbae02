"""What a network learns before its first epoch: to see painted defects where they are, on sound parts.

Only where a part is not round. Of a round one everything is seen that is not alike all the way round, and a few dozen
castings are enough to learn from; of any other, the castings' skins are learned by heart instead (docs/recipes.md).
"""

from collections.abc import Iterator

import cv2
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.data.alignment.alignment import Kind
from casting_core.domain import Label
from casting_core.errors import RunError
from casting_core.learning.augmentation import lit
from casting_core.learning.events import Note, Report, ShouldStop
from casting_core.learning.networks import CELL
from casting_core.learning.painting import WINDOW, painted
from casting_core.learning.photos import Photos
from casting_core.learning.recipe import NetworkName, Recipe
from casting_core.learning.views import Views

AT_ONCE = 6  # views in each step
SAID = 5  # times that it says how far it is
RATE = 0.004  # highest; it rises to it, and falls to nothing
RISING = 0.05  # of all steps
FILLED = 4  # pixels of a cell that must be painted for it to count; with fewer nobody could say
WEIGHT = 5.0  # of a cell with a defect in it: there are few of them
LEARN_ON = ("head",)  # layers that the epochs still change
STREAM = 1 << 20  # keeps its random numbers apart from those of the epochs, which begin at 0


def wanted(recipe: Recipe, views: Views) -> bool:
    """Whether the recipe asks for it, and for a network of places, and the part is not round."""
    places = recipe.network is NetworkName.EVIDENCE
    return recipe.painted > 0 and places and views.alignment.kind is not Kind.ROUND


def freeze(model: keras.Model) -> None:
    """Leaves to the epochs only what weighs the features: the features themselves would learn castings by heart."""
    for layer in model.layers:
        layer.trainable = layer.name in LEARN_ON


def lay(
    model: keras.Model, photos: Photos, views: Views, recipe: Recipe, *, report: Report, should_stop: ShouldStop
) -> None:
    """Trains the network's places on painted defects, then freezes them; ends early where a person stops it.

    Raises ``RunError`` where views are too small to paint on.
    """
    if min(views.alignment.shape) < WINDOW:
        raise RunError(f"defects are painted on photos of {WINDOW} pixels or more; set painted steps to 0")
    for layer in model.layers:
        layer.trainable = True
    places = keras.Model(model.inputs, model.get_layer("places").output)
    head = model.get_layer("head")
    rising = max(1, round(RISING * recipe.painted))
    rate = keras.optimizers.schedules.CosineDecay(
        RATE / 40, max(1, recipe.painted - rising), warmup_target=RATE, warmup_steps=rising
    )
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(view: tf.Tensor, there: tf.Tensor, counts: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            maps = places(tf.cast(view, tf.float32)[..., tf.newaxis] / 255.0, training=True)
            said = (maps @ head.kernel + head.bias)[..., 0]  # the score's logit, if this place alone counted
            wrong = tf.nn.sigmoid_cross_entropy_with_logits(there, said) * counts
            loss = tf.reduce_sum(wrong) / tf.reduce_sum(counts)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))

    head.bias.assign(head.bias - 3.0)  # nearly every place is sound, which need not be learned first
    for number, (view, there, counts) in enumerate(_batches(photos, views, recipe)):
        if number % max(1, recipe.painted // SAID) == 0:
            report(Note(text=f"Learning to see painted defects on sound parts: {number:,} of {recipe.painted:,} steps"))
        step(view, there, counts)
        if should_stop():
            break
    freeze(model)


Batch = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]


def _batches(photos: Photos, views: Views, recipe: Recipe) -> tf.data.Dataset:
    """Views (n, rows, columns), which of their cells are defective, and how much each cell counts."""
    sound = photos.rows[photos.labels == Label.OK]
    rows, columns = views.alignment.shape

    def batches() -> Iterator[Batch]:
        rng = np.random.default_rng((recipe.seed, STREAM))
        for _ in range(recipe.painted):
            seen = [_painted(views, int(row), rng) for row in rng.choice(sound, AT_ONCE)]
            view, there, counts = zip(*seen, strict=True)
            yield np.stack(view), np.stack(there), np.stack(counts)

    cells = tf.TensorSpec((AT_ONCE, rows // CELL, columns // CELL), tf.float32)
    signature = (tf.TensorSpec((AT_ONCE, rows, columns), tf.uint8), cells, cells)
    return tf.data.Dataset.from_generator(batches, output_signature=signature).prefetch(8)


def _painted(views: Views, row: int, rng: np.random.Generator) -> Batch:
    view, mask = painted(views.take_moved(row, rng), rng)
    rows, columns = (side // CELL for side in mask.shape)
    filled = mask[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).sum(axis=(1, 3))
    there = filled >= FILLED
    near = cv2.dilate((filled > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    counts = np.where(there, WEIGHT, np.where(near, 0.0, 1.0))  # beside a defect nobody could say either
    return lit(view, rng), there.astype(np.float32), counts.astype(np.float32)
