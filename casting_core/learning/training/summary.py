"""What is reported of a training beside its curves: its photos, its network, whether it depends on the light."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.events import Layer, LightTested, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training import light

SHORTCUT = 0.6  # AUC of brightness against labels from which a network might have learned the light
HALF = 0.5  # the score from which a photo counts as defective here
TESTED = 500  # validation photos that tell whether it did


def prepared(recipe: Recipe, train: Photos, validation: Photos, *, batches: int, layers: Sequence[Layer]) -> Prepared:
    """What a training is about to do."""
    return Prepared(
        epochs=recipe.epochs,
        batches=batches,
        train_photos=len(train),
        validation_photos=len(validation),
        parameters=sum(layer.parameters for layer in layers),
        train_castings=_castings(train),
        validation_castings=_castings(validation),
        castings_in_both=_in_both(train, validation),
        told_by_light=light.brightness_auc(light.brightness(validation.pixels, validation.rows), validation.labels),
    )


def layer_table(model: keras.Model) -> list[Layer]:
    """The network's layers without its input; parameters are those that learning changes."""
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


def light_tested(predict: Callable[[Photos], NDArray[np.float32]], validation: Photos) -> LightTested:
    """The accuracy on some validation photos as they are, and all equally bright.

    ``predict``: what the network says of photos, scores (n,).
    """
    spread = np.linspace(0, len(validation) - 1, min(TESTED, len(validation)))
    some = validation.subset(np.unique(spread.astype(np.int64)))
    even = replace(some, pixels=light.equally_bright(some.pixels[some.rows]), rows=np.arange(len(some)))
    before, after = (float(np.mean((predict(photos) > HALF) == photos.labels)) for photos in (some, even))
    return LightTested(photos=len(some), accuracy=before, accuracy_even=after)


def _in_both(train: Photos, validation: Photos) -> int:
    if train.castings is None or validation.castings is None:
        return 0
    return len(np.intersect1d(train.castings, validation.castings))


def _castings(photos: Photos) -> int:
    return 0 if photos.castings is None else len(np.unique(photos.castings))
