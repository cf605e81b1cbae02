"""What a run does after its own network, where its recipe asks for it: a cross-validation, and a learning curve."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core.errors import RunError
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.events import Note, Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.train import Trained, score
from casting_core.records.card import LearningCurve
from casting_core.workflows.training import learning_curve
from casting_core.workflows.training.cross_validation import OutOfFold, cross_validate, folds
from casting_core.workflows.training.extra_networks import Scored


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What is known of a network beside its own scores; nothing where nobody asked, or a person stopped it."""

    out_of_fold: OutOfFold | None = None
    curve: LearningCurve | None = None


def refuse_hopeless(photos: Photos, recipe: Recipe, validation: NDArray[np.bool_] | None) -> None:
    """Raises ``RunError`` where there are too few castings for what the recipe asks: before minutes of training."""
    if recipe.folds:
        folds(photos, recipe)
    if recipe.learning_curve and validation is not None:
        learning_curve.shares(photos.subset(np.flatnonzero(~validation)), recipe)


def prove(
    photos: Photos, trained: Trained, recipe: Recipe, *, folder: Path, report: Report, should_stop: ShouldStop
) -> Proof:
    """Does what the recipe asks for beside the network; what a person stops is left out, and said to be."""
    out = curve = None
    try:
        if recipe.folds:
            out = cross_validate(photos, recipe, folder=folder, report=report, should_stop=should_stop)
        if recipe.learning_curve:
            watched = trained.validation
            scores, found = score(trained, watched)
            kept = trained.recipe  # what another network would learn from more castings says nothing of this one
            whole = Scored(scores=scores, found=found, seconds=0.0, network=kept.network.value)
            curve = learning_curve.draw(
                trained.train, watched, whole, kept, folder=folder, report=report, should_stop=should_stop
            )
    except RunError:
        if not should_stop():
            raise
        report(Note(text="Stopped by a person; what was not done by then is left out"))
    return Proof(out_of_fold=out, curve=curve)
