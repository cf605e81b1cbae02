"""The cross-validation of a run: its castings in folds, and each fold judged by a network that has seen none of it.

It comes after the run's own network, with the same recipe. Its scores are the honest ones for photos that the run's
own network has learned from: Review shows them, and the operating point is chosen on them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from casting_core.data.datasets import splits
from casting_core.domain import Figures, OperatingPoint
from casting_core.errors import DatasetError, RunError
from casting_core.judging.calibration import cross_fitted
from casting_core.judging.evaluation import evaluate
from casting_core.judging.scoring import Scorer
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.events import FoldDone, Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows.judging.evaluate import figures
from casting_core.workflows.judging.independence import Independence, part
from casting_core.workflows.training import held_out
from casting_core.workflows.training.extra_networks import Scored, remembered, telling

TASK = "cross-validation"


@dataclass(frozen=True, kw_only=True)
class OutOfFold:
    """The scores of photos by the networks that had not seen their castings."""

    photos: Photos
    fold: NDArray[np.int64]  # (n,), from 1
    scores: NDArray[np.float32]  # (n,), as the networks give them
    found: NDArray[np.bool_]  # (n,), whether the part was found in the photo
    seconds: list[float]  # of training, by fold
    networks: list[str]  # that gave them, by fold

    def comparable(self, recipe: Recipe) -> NDArray[np.float64]:
        """The scores (n,), where the recipe wants calibrated ones each fold's calibrated on the others'.

        Where the part was not found the score is 1, as everywhere.
        """
        if not recipe.calibrate:
            return self.scores.astype(np.float64)
        labels, castings = self.photos.labels.astype(int), self.photos.casting_ids
        return np.where(self.found, cross_fitted(self.scores, labels, castings, self.fold), 1.0)


def folds(photos: Photos, recipe: Recipe) -> NDArray[np.int64]:
    """The fold of each photo, from 1; ``RunError`` where a class has fewer castings than there are to be folds."""
    try:
        return splits.folds(photos.casting_ids, photos.labels.astype(int), number=recipe.folds, seed=recipe.seed)
    except DatasetError as error:
        raise RunError(f"no cross-validation: {error}; take fewer folds, or add castings") from error


def cross_validate(
    photos: Photos, recipe: Recipe, *, folder: Path, report: Report, should_stop: ShouldStop
) -> OutOfFold:
    """Trains a network for each fold and lets it judge that one; what lies in ``folder`` already is not done anew.

    Raises ``RunError`` where a person stopped it.
    """
    from casting_core.learning.training.folds import fold_trainer

    fold, seconds, networks = folds(photos, recipe), [], []
    scores, found = np.zeros(len(photos), dtype=np.float32), np.ones(len(photos), dtype=bool)
    for number in range(1, recipe.folds + 1):
        judged = np.flatnonzero(fold == number)

        def judge(number: int = number, judged: NDArray[np.int64] = judged) -> Scored:
            hear = telling(report, TASK, number, of=recipe.folds, epochs=recipe.epochs)
            one = fold_trainer(photos, recipe, fold, report=hear, should_stop=should_stop)(number)
            score, seen = held_out.scores(Scorer(one.graph, one.trained.alignment), photos.subset(judged))
            return Scored(scores=score, found=seen, seconds=one.seconds, network=one.trained.recipe.network.value)

        here = remembered(folder / f"fold-{number}.npz", judge)
        scores[judged], found[judged] = here.scores, here.found
        seconds.append(here.seconds)
        networks.append(here.network)
        told = FoldDone(
            fold=number,
            folds=recipe.folds,
            castings=len(np.unique(photos.casting_ids[judged])),
            photos=len(judged),
            auc=float(roc_auc_score(photos.labels[judged], here.scores)),
            seconds=round(here.seconds, 1),
        )
        report(told)
    return OutOfFold(photos=photos, fold=fold, scores=scores, found=found, seconds=seconds, networks=networks)


def figures_of(out: OutOfFold, recipe: Recipe, point: OperatingPoint, names: "pd.Series[str]") -> Figures:
    """What the scores are worth at this operating point, for a card.

    All castings are new to the network that judged them, and none has a say in the calibration of its own scores.
    """
    scores, labels = out.comparable(recipe), out.photos.labels.astype(int)
    predicted = (scores >= point.threshold).astype(int)
    table = pd.DataFrame({"photo": names.to_numpy(), "label": labels, "predicted": predicted})
    castings = pd.Series(out.photos.casting_ids)
    whole, none = part(table, castings), part(table[:0], castings)
    right = [float((predicted == labels)[out.fold == number].mean()) for number in np.unique(out.fold)]
    found = figures(evaluate(scores, labels, point), Independence(whole=whole, seen=none, chose=none, never_seen=whole))
    by_fold = {"right_by_fold": tuple(right), "seconds": tuple(out.seconds)} if out.seconds else {}
    return found.model_copy(update=by_fold)


def table_of(out: OutOfFold, recipe: Recipe, names: "pd.Series[str]") -> pd.DataFrame:
    """The scores by photo: its sha256, its fold, its score, and whether the part was found in it."""
    return pd.DataFrame(
        {"photo": names.to_numpy(), "fold": out.fold, "score": out.comparable(recipe), "found": out.found}
    )
