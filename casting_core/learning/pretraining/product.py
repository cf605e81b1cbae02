"""What a network learns of a product before its first epoch: to see painted defects where they are, on sound parts.

It begins with what random castings have taught (``pretrained``), a second member with nothing. Who knows nothing yet,
and is told only which photos are defective, and not where, may search for a long time, or for ever.
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
from casting_core.learning.inputs.augmentation import lit
from casting_core.learning.inputs.batches import untuned
from casting_core.learning.inputs.curriculum import only_weighs
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks import pretrained
from casting_core.learning.networks.evidence import CELL, eye_and_mind
from casting_core.learning.pretraining.cells import Taught, cells, teach
from casting_core.learning.pretraining.painting import WINDOW, painted
from casting_core.learning.recipes.events import Note, Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe

AT_ONCE = {Kind.ROUND: 6, Kind.REGISTERED: 3, Kind.FREE: 3}  # views in each step
SAID = 5  # times that it says how far it is
RATE = {Kind.ROUND: 0.006, Kind.REGISTERED: 0.002, Kind.FREE: 0.002}  # highest
SHARE = {Kind.ROUND: 0.4, Kind.REGISTERED: 1.0, Kind.FREE: 1.0}  # of the views that the recipe names
LOOKED_AT = 48  # sound photos, about, that tell where the edge of a part is
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
    kind = views.alignment.kind
    steps = max(1, round(SHARE[kind] * recipe.painted / AT_ONCE[kind]))
    pretrained.begin(model, kind)

    def goes_on(done: int) -> bool:
        if done % max(1, steps // SAID) == 0:
            report(Note(text=f"Learning to see painted defects on sound parts: {done:,} of {steps:,} steps"))
        return done == 0 or not should_stop()

    batches = _batches(photos, views, eye_and_mind(model)[0], recipe.seed, steps)
    teach(model, batches, optimizer=recipe.optimizer, rate=RATE[kind], steps=steps, goes_on=goes_on)
    freeze(model, recipe, kind)


Batch = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]


def _batches(photos: Photos, views: Views, eye: keras.Model, seed: int, steps: int) -> tf.data.Dataset:
    """What the network's eye makes of views; which of their cells are defective, and how much each cell counts.

    The eye runs here, ahead of the step that learns and beside it.
    """
    sound = photos.rows[photos.labels == Label.OK]
    rows, columns = views.alignment.shape
    part = views.alignment.part()
    if not part.all():
        part = narrowed(part, views.take(sound[:: max(1, len(sound) // LOOKED_AT)]))
    at_once = AT_ONCE[views.alignment.kind]

    def batches() -> Iterator[Batch]:
        rng = np.random.default_rng((seed, STREAM))
        for _ in range(steps):
            seen = [_painted(views, int(row), part, rng) for row in rng.choice(sound, at_once)]
            view, there, counts = zip(*seen, strict=True)
            yield np.stack(view), np.stack(there), np.stack(counts)

    of_cells = tf.TensorSpec((at_once, rows // CELL, columns // CELL), tf.float32)
    signature = (tf.TensorSpec((at_once, rows, columns), tf.uint8), of_cells, of_cells)

    def seen(view: tf.Tensor, there: tf.Tensor, counts: tf.Tensor) -> Taught:
        shown = tf.cast(view, tf.float32)[..., tf.newaxis] / 255.0
        return tuple(eye(shown, training=False)), there, counts

    painted_views = tf.data.Dataset.from_generator(batches, output_signature=signature)
    return painted_views.map(seen).with_options(untuned()).prefetch(8)


def _painted(views: Views, row: int, part: NDArray[np.bool_], rng: np.random.Generator) -> Batch:
    view, mask = painted(*views.take_moved(row, part, rng), rng)
    return lit(view, views.alignment.kind, rng), *cells(mask)
