"""What is to be known of a training beside its curves: what it learns from, its network, whether it leans on light."""

from collections.abc import Sequence
from dataclasses import replace

import keras
import numpy as np

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.learning.inputs.batches import validation_batches
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views
from casting_core.learning.recipes.events import Layer, LightTested, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training import light

SHORTCUT = 0.6  # AUC of brightness against labels from which a network might have learned the light
TESTED = 500  # photos looked at to see whether it did


def prepared(recipe: Recipe, learn: Photos, watch: Photos, *, batches: int, layers: Sequence[Layer]) -> Prepared:
    """What a training is about to do."""
    return Prepared(
        epochs=recipe.epochs,
        batches=batches,
        train_photos=len(learn),
        validation_photos=len(watch),
        parameters=sum(layer.parameters for layer in layers),
        train_castings=_castings(learn),
        validation_castings=_castings(watch),
        told_by_light=light.told_by(light.brightness(watch.pixels, watch.rows), watch.labels),
    )


def layers(model: keras.Model) -> list[Layer]:
    """The network as a table, without what only takes the photo in; parameters are those that learning changes."""
    shown = (layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer))
    return [
        Layer(
            name=f"{layer.name} ({type(layer).__name__})",
            shape=" and ".join(_size(one) for one in keras.tree.flatten(layer.output)),
            parameters=sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights),
        )
        for layer in shown
    ]


def _size(result: keras.KerasTensor) -> str:
    return " x ".join(str(size) for size in result.shape[1:]) or "1"


def light_tested(model: keras.Model, watch: Photos, alignment: Alignment) -> LightTested:
    """Looks at some validation photos as they are, and once more all equally bright; the model is compiled."""
    some = watch.some(np.unique(np.linspace(0, len(watch) - 1, min(TESTED, len(watch))).astype(np.int64)))
    even = replace(some, pixels=light.evened(some.pixels[some.rows]), rows=np.arange(len(some)))
    before, after = (
        float(model.evaluate(batches, verbose=0, return_dict=True)["accuracy"])
        for batches in (validation_batches(photos, Views(photos.pixels, alignment)) for photos in (some, even))
    )
    return LightTested(photos=len(some), accuracy=before, accuracy_even=after)


def _castings(photos: Photos) -> int:
    return 0 if photos.castings is None else len(np.unique(photos.castings))
