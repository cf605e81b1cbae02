"""Cross-validation: every photo is scored by a network that has seen none of its casting."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.splits import held_out
from casting_core.errors import RunError
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks import export
from casting_core.learning.networks.catalogue import network_of
from casting_core.learning.recipes.choices import Keep, Validation
from casting_core.learning.recipes.events import Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.comparison import better
from casting_core.learning.training.sound import train_on_sound
from casting_core.learning.training.train import Trained, train


@dataclass(frozen=True, kw_only=True, eq=False)
class Fold:
    """What one fold's network was trained on, how long that took, and its serving graph."""

    number: int  # from 1
    held_out: NDArray[np.int64]  # positions of the photos that it did not learn from
    trained: Trained
    seconds: float  # of training, from the photos in memory to the network
    graph: bytes


def fold_trainer(
    photos: Photos, recipe: Recipe, folds: NDArray[np.integer], *, report: Report, should_stop: ShouldStop
) -> Callable[[int], Fold]:
    """A function that trains without the photos of the fold of this number, and gives the network.

    ``folds`` tells the fold of each photo, as ``data.datasets.splits.folds`` makes them.
    """

    def train_fold(number: int) -> Fold:
        began = time.perf_counter()
        trained = _train(photos, recipe, folds == number, report=report, should_stop=should_stop)
        seconds = time.perf_counter() - began
        if trained.stopped:
            raise RunError(f"stopped in fold {number}: no photo of it has a score")
        graph = export.serving_graph(network_of(trained.recipe), trained.model, trained.alignment)
        out = np.flatnonzero(folds == number)
        return Fold(number=number, held_out=out, trained=trained, seconds=seconds, graph=graph)

    return train_fold


def forget_networks() -> None:
    """Gives back the memory of networks that nobody needs any more; Keras remembers each until it is told."""
    keras.utils.clear_session()
    gc.collect()


def _train(
    photos: Photos, recipe: Recipe, out: NDArray[np.bool_], *, report: Report, should_stop: ShouldStop
) -> Trained:
    """Trains on what is not held out.

    Where the best weights are kept, or training may end early, the photos held out would choose the epoch, so others
    are used for validation, as the recipe says. Otherwise those held out may be: they change nothing.
    """
    if recipe.sound_only:
        return train_on_sound(photos, recipe, report=report, should_stop=should_stop, validation=out)
    if recipe.keep is not Keep.BEST and not recipe.early_stopping:
        return _better(photos, recipe, out, report=report, should_stop=should_stop)
    others = photos.subset(np.flatnonzero(~out))
    validation = None
    if recipe.validation is Validation.CASTING and others.castings is not None:
        labels, share = others.labels.astype(int), recipe.validation_share
        validation = held_out(others.castings, labels, share=share, seed=recipe.seed)
    return _better(others, recipe, validation, report=report, should_stop=should_stop)


def _better(
    photos: Photos, recipe: Recipe, validation: NDArray[np.bool_] | None, *, report: Report, should_stop: ShouldStop
) -> Trained:
    """The network that the recipe comes to: where it asks for a comparison, the better one of two."""
    trained = train(photos, recipe, report=report, should_stop=should_stop, validation=validation)
    return better(trained, photos, recipe, report=report, should_stop=should_stop)
