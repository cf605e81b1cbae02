"""What is to be known of a training beside its curves: what it learns from, its network, whether it leans on light."""

from collections.abc import Mapping
from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.learning import light
from casting_core.learning.batches import Photos, count, validation_batches
from casting_core.learning.events import Layer, LightTested, Prepared
from casting_core.learning.recipe import Recipe

SHORTCUT = 0.6  # AUC of brightness against labels from which a network might have learned the light
TESTED = 500  # photos looked at to see whether it did


def by_row(photos: Photos, castings: NDArray[np.int64] | None) -> dict[int, int]:
    """The casting in each row of the pixels; ``castings`` is that of each photo, and nothing where it is not known."""
    return {} if castings is None else dict(zip(photos.rows.tolist(), castings.tolist(), strict=True))


def prepared(recipe: Recipe, learn: Photos, watch: Photos, *, parameters: int, castings: Mapping[int, int]) -> Prepared:
    """What a training is about to do; ``castings`` as ``by_row`` gives them."""
    return Prepared(
        epochs=recipe.epochs,
        batches=count(learn, recipe.batch_size),
        train_photos=len(learn),
        validation_photos=len(watch),
        parameters=parameters,
        train_castings=_castings(learn, castings),
        validation_castings=_castings(watch, castings),
        told_by_light=light.told_by(light.brightness(watch.pixels, watch.rows), watch.labels),
    )


def layers(model: keras.Model) -> list[Layer]:
    """The network as a table, without what only takes the photo in."""
    shown = (layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer))
    return [
        Layer(
            name=f"{layer.name} ({type(layer).__name__})",
            shape=" x ".join(str(size) for size in layer.output.shape[1:]) or "1",
            parameters=int(layer.count_params()),
        )
        for layer in shown
    ]


def light_tested(model: keras.Model, watch: Photos) -> LightTested:
    """Looks at some validation photos as they are, and once more all equally bright; the model is compiled."""
    some = watch.some(np.unique(np.linspace(0, len(watch) - 1, min(TESTED, len(watch))).astype(np.int64)))
    even = replace(some, pixels=light.evened(some.pixels[some.rows]), rows=np.arange(len(some)))
    before, after = (
        float(model.evaluate(validation_batches(photos), verbose=0, return_dict=True)["accuracy"])
        for photos in (some, even)
    )
    return LightTested(photos=len(some), accuracy=before, accuracy_even=after)


def _castings(photos: Photos, castings: Mapping[int, int]) -> int:
    return len({castings[row] for row in photos.rows.tolist()}) if castings else 0
