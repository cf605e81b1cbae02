"""One trial of a search: a training of which only the scores of its validation photos are kept."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.learning.inputs.batches import validation_batches
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views
from casting_core.learning.recipes.events import Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.train import train


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialResult:
    """What came of a trial."""

    scores: NDArray[np.float64]  # of the validation photos, in their order, by the weights of the best epoch
    epochs: int  # done
    best_epoch: int  # from 1
    stopped: bool  # before its last epoch


def run_trial(
    photos: Photos, recipe: Recipe, *, validation: NDArray[np.bool_], report: Report, should_stop: ShouldStop
) -> TrialResult:
    """Trains as the recipe says and scores the validation photos; raises what ``training.train`` raises."""
    try:
        trained = train(photos, recipe, report=report, should_stop=should_stop, validation=validation)
        batches = validation_batches(trained.validation, Views(photos.pixels, trained.alignment))
        scores = trained.model.predict(batches, verbose=0)[:, 0]
        return TrialResult(
            scores=np.asarray(scores, dtype=float),
            epochs=len(trained.epochs),
            best_epoch=trained.best_epoch,
            stopped=trained.stopped,
        )
    finally:
        keras.utils.clear_session()  # or each trial would leave some of its memory behind
