"""What a network learns before its first epoch: to see painted defects where they are, on sound parts.

Who is told only which photos are defective, and not where, may search for a long time, or for ever.
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
from casting_core.learning import optimizers
from casting_core.learning.augmentation import lit
from casting_core.learning.batches import untuned
from casting_core.learning.events import Note, Report, ShouldStop
from casting_core.learning.evidence import CELL, eye_and_mind, logits
from casting_core.learning.painting import WINDOW, painted
from casting_core.learning.photos import Photos
from casting_core.learning.recipe import Recipe
from casting_core.learning.stages import only_weighs
from casting_core.learning.views import Views

AT_ONCE = {Kind.ROUND: 6, Kind.REGISTERED: 3, Kind.FREE: 3}  # views in each step
SAID = 5  # times that it says how far it is
RATE = 0.006  # highest; it rises to it, and falls to nothing
RISING = 0.05  # of all steps
FILLED = 4  # pixels of a cell that must be painted for it to count; with fewer nobody could say
WEIGHT = 5.0  # of a cell with a defect in it: there are few of them
SHARE = {Kind.ROUND: 0.2, Kind.REGISTERED: 1.0, Kind.FREE: 1.0}  # of the views that the recipe names
LEARN_ON = ("head",)  # layers that the epochs still change where a part is not round
STREAM = 1 << 20  # keeps its random numbers apart from those of the epochs, which begin at 0


def freeze(model: keras.Model, recipe: Recipe, kind: Kind) -> None:
    """Leaves to the epochs what is still to be learned."""
    for layer in model.layers:
        layer.trainable = not only_weighs(recipe, kind) or layer.name in LEARN_ON


def lay(
    model: keras.Model, photos: Photos, views: Views, recipe: Recipe, *, report: Report, should_stop: ShouldStop
) -> None:
    """Trains the network's places on painted defects; ends early where a person stops it.

    Raises ``RunError`` where views are too small to paint on.
    """
    if min(views.alignment.shape) < WINDOW:
        raise RunError(f"defects are painted on photos of {WINDOW} pixels or more; set painted views to 0")
    for layer in model.layers:
        layer.trainable = True
    eye, mind = eye_and_mind(model)
    head = model.get_layer("head")
    kind = views.alignment.kind
    steps = max(1, round(SHARE[kind] * recipe.painted / AT_ONCE[kind]))
    rising = max(1, round(RISING * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        RATE / 40, max(1, steps - rising), warmup_target=RATE, warmup_steps=rising
    )
    corrections = optimizers.make(recipe.optimizer, rate)
    corrections.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(seen: tuple[tf.Tensor, ...], there: tf.Tensor, counts: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            maps = mind(list(seen), training=True)
            said = logits(model, maps)  # of each member, if this place alone counted
            truth = tf.broadcast_to(there[..., tf.newaxis], tf.shape(said))
            wrong = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(truth, said), axis=-1)
            loss = tf.reduce_sum(wrong * counts) / tf.reduce_sum(counts)
        gradients = tape.gradient(loss, model.trainable_variables)
        corrections.apply_gradients(zip(gradients, model.trainable_variables, strict=True))

    head.bias.assign(head.bias - 3.0)  # nearly every place is sound, which need not be learned first
    for number, batch in enumerate(_batches(photos, views, eye, recipe.seed, steps)):
        if number % max(1, steps // SAID) == 0:
            report(Note(text=f"Learning to see painted defects on sound parts: {number:,} of {steps:,} steps"))
        step(*batch)
        if should_stop():
            break
    freeze(model, recipe, kind)


Seen = tuple[tuple[tf.Tensor, ...], tf.Tensor, tf.Tensor]
Batch = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]


def _batches(photos: Photos, views: Views, eye: keras.Model, seed: int, steps: int) -> tf.data.Dataset:
    """What is seen of views, which of their cells are defective, and how much each cell counts.

    The eye runs here, ahead of the step that learns and beside it.
    """
    sound = photos.rows[photos.labels == Label.OK]
    rows, columns = views.alignment.shape
    where, at_once = np.flatnonzero(views.alignment.part()), AT_ONCE[views.alignment.kind]

    def batches() -> Iterator[Batch]:
        rng = np.random.default_rng((seed, STREAM))
        for _ in range(steps):
            seen = [_painted(views, int(row), where, rng) for row in rng.choice(sound, at_once)]
            view, there, counts = zip(*seen, strict=True)
            yield np.stack(view), np.stack(there), np.stack(counts)

    cells = tf.TensorSpec((at_once, rows // CELL, columns // CELL), tf.float32)
    signature = (tf.TensorSpec((at_once, rows, columns), tf.uint8), cells, cells)

    def seen(view: tf.Tensor, there: tf.Tensor, counts: tf.Tensor) -> Seen:
        return tuple(eye(tf.cast(view, tf.float32)[..., tf.newaxis] / 255.0, training=False)), there, counts

    painted_views = tf.data.Dataset.from_generator(batches, output_signature=signature)
    return painted_views.map(seen).with_options(untuned()).prefetch(8)


def _painted(views: Views, row: int, where: NDArray[np.intp], rng: np.random.Generator) -> Batch:
    view, mask = painted(views.take_moved(row, rng), where, rng)
    rows, columns = (side // CELL for side in mask.shape)
    filled = mask[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).sum(axis=(1, 3))
    there = filled >= FILLED
    near = cv2.dilate((filled > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    counts = np.where(there, WEIGHT, np.where(near, 0.0, 1.0))  # beside a defect nobody could say either
    return lit(view, views.alignment.kind, rng), there.astype(np.float32), counts.astype(np.float32)
