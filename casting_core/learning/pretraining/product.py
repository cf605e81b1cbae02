"""What a network learns of a product before its first epoch: to see painted defects where they are, on sound parts.

It begins with what random castings have taught (``pretrained``), a second member at random. A network that knows
nothing yet, and is told only which photos are defective, and not where, may search for a long time, or for ever.
"""

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.data.imaging.alignment.outline import narrowed
from casting_core.domain import Label
from casting_core.errors import RunError
from casting_core.learning.inputs.augmentation import relit
from casting_core.learning.inputs.batches import without_autotune
from casting_core.learning.inputs.curriculum import trains_head_only
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks import pretrained
from casting_core.learning.networks.evidence import CELL, split_fixed_and_trained
from casting_core.learning.pretraining.cells import CellBatch, Cells, cell_labels, train_on_cells
from casting_core.learning.pretraining.painting import WINDOW, paint_defects
from casting_core.learning.recipes.events import Note, PaintedDone, Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe

BATCH = {Kind.ROUND: 6, Kind.REGISTERED: 3, Kind.FREE: 3}  # views in each step
RATE = {Kind.ROUND: 0.006, Kind.REGISTERED: 0.002, Kind.FREE: 0.002}  # highest
SHARE = {Kind.ROUND: 0.4, Kind.REGISTERED: 1.0, Kind.FREE: 1.0}  # of the views that the recipe names
POINTS = 50  # of the curve that is reported
OUTLINED = 48  # sound photos, about, that tell where the edge of a part is
HEAD = ("head",)  # layers that the epochs still train where a part is not round
STREAM = 1 << 20  # of random numbers; those of the epochs begin at 0


def freeze_pretrained(model: keras.Model, recipe: Recipe, kind: Kind) -> None:
    """Leaves trainable what the epochs are to train: all layers, or the head alone."""
    if trains_head_only(recipe, kind):
        for layer in model.layers:
            layer.trainable = layer.name in HEAD


def pretrain_on_product(
    model: keras.Model, photos: Photos, views: Views, recipe: Recipe, *, report: Report, should_stop: ShouldStop
) -> None:
    """Trains the network's places on painted defects; ends early where a person stops it.

    Raises ``RunError`` where views are too small to paint on.
    """
    if min(views.alignment.shape) < WINDOW:
        raise RunError(f"defects are painted on photos of {WINDOW} pixels or more; set painted views to 0")
    for layer in model.layers:
        layer.trainable = True
    kind = views.alignment.kind
    steps = max(1, round(SHARE[kind] * recipe.painted / BATCH[kind]))
    pretrained.load(model, kind)

    every = max(1, steps // POINTS)

    def proceed(done: int, loss: float) -> bool:
        if done == 0:
            report(Note(text="Learning to see painted defects on sound parts"))
        elif done % every == 0:
            report(PaintedDone(step=done, steps=steps, loss=loss))
        return done == 0 or not should_stop()

    fixed, _ = split_fixed_and_trained(model)
    batches = _batches(photos, views, fixed, recipe.seed, steps)
    train_on_cells(
        model, batches, optimizer=recipe.optimizer, rate=RATE[kind], steps=steps, proceed=proceed, told_every=every
    )
    freeze_pretrained(model, recipe, kind)


PaintedView = tuple[NDArray[np.uint8], Cells, Cells]  # a view, the labels and the weights of its cells


def _batches(photos: Photos, views: Views, fixed: keras.Model, seed: int, steps: int) -> tf.data.Dataset:
    """What the fixed part of the network makes of painted views; the labels and the weights of their cells.

    The fixed part runs here, ahead of the step that learns and beside it.
    """
    sound = photos.rows[photos.labels == Label.OK]
    rows, columns = views.alignment.shape
    part = views.alignment.part()
    if not part.all():
        part = narrowed(part, views.take(sound[:: max(1, len(sound) // OUTLINED)]))
    number = BATCH[views.alignment.kind]

    def batches() -> Iterator[PaintedView]:
        rng = np.random.default_rng((seed, STREAM))
        for _ in range(steps):
            made = [_painted_view(views, int(row), part, rng) for row in rng.choice(sound, number)]
            view, labels, weights = zip(*made, strict=True)
            yield np.stack(view), np.stack(labels), np.stack(weights)

    of_cells = tf.TensorSpec((number, rows // CELL, columns // CELL), tf.float32)
    signature = (tf.TensorSpec((number, rows, columns), tf.uint8), of_cells, of_cells)

    def pictures(view: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor) -> CellBatch:
        unit = tf.cast(view, tf.float32)[..., tf.newaxis] / 255.0
        return tuple(fixed(unit, training=False)), labels, weights

    painted_views = tf.data.Dataset.from_generator(batches, output_signature=signature)
    return painted_views.map(pictures).with_options(without_autotune()).prefetch(8)


def _painted_view(views: Views, row: int, part: NDArray[np.bool_], rng: np.random.Generator) -> PaintedView:
    view, mask = paint_defects(*views.take_moved(row, part, rng), rng)
    return relit(view, views.alignment.kind, rng), *cell_labels(mask)
