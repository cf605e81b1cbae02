"""Is more data worth it? The same recipe on a quarter, half and three quarters of the castings, judged on the same.

The answer is held against its own uncertainty: validation castings are few, and a gain smaller than what they can show
is no gain.
"""

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets import splits
from casting_core.errors import DatasetError, RunError
from casting_core.judging.calibration import cross_fitted
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.subsets import Subset, nested_subsets
from casting_core.learning.recipes.events import Report, ShareDone, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.card import LearningCurve, SharePoint
from casting_core.workflows.judging.seen import EPOCH
from casting_core.workflows.training.extra_networks import Scored, remembered, telling

TASK = "learning curve"
HALF = 0.5  # the share that the whole is held against: one doubling
CLEAR = 2.0  # standard errors that a gain has to be worth
LEARNED = 0.75  # area under the ROC curve of the whole; below, the recipe is what is missing, not castings
CHOSE_EPOCH = (
    "The validation photos it is judged on chose the epoch of each network, so its heights flatter; only how it rises "
    "counts."
)
SEEN = 0.02  # share of photos right; a gain that is smaller than this need not be seen


class Worth(StrEnum):
    """What a learning curve says of more castings."""

    YES = "yes"
    NO = "no"
    UNTOLD = "cannot be told"


def worth(curve: LearningCurve) -> Worth:
    """Whether the last doubling was worth something; that the next one will be, it makes likely."""
    if curve.points[-1].auc < LEARNED:
        return Worth.UNTOLD
    if curve.gain > CLEAR * curve.error and curve.gain > 0:
        return Worth.YES
    return Worth.NO if curve.gain + CLEAR * curve.error < SEEN else Worth.UNTOLD


def words(curve: LearningCurve, *, chose: Sequence[str] = ()) -> str:
    """The answer in a sentence, with what it stands on; ``chose`` is what its validation photos chose."""
    return f"{_answer(curve)} {CHOSE_EPOCH}" if EPOCH in chose else _answer(curve)


def _answer(curve: LearningCurve) -> str:
    whole = curve.points[-1]
    if whole.auc < LEARNED:
        return "It cannot be told: the network tells sound from defective hardly at all; train longer first."
    brought = f"all {whole.castings} castings instead of half of them brought {100 * curve.gain:+.1f} points of photos"
    brought += f" right (give or take {100 * CLEAR * curve.error:.1f})"
    match worth(curve):
        case Worth.YES:
            return f"Yes, more castings are likely to help: {brought}."
        case Worth.NO:
            return f"No, more castings of this kind will hardly help: {brought}."
        case Worth.UNTOLD:
            return f"It cannot be told with so few validation castings: {brought}."


def shares(photos: Photos, recipe: Recipe) -> list[Subset]:
    """The photos of each share; ``RunError`` where there are too few castings of a class for them to differ."""
    try:
        return nested_subsets(photos, seed=recipe.seed)
    except DatasetError as error:
        raise RunError(f"no learning curve: {error}; add castings") from error


def draw(
    learn: Photos,
    judged: Photos,
    whole: Scored,
    recipe: Recipe,
    *,
    folder: Path,
    report: Report,
    should_stop: ShouldStop,
) -> LearningCurve:
    """Trains a network on each share of ``learn`` and lets it judge; ``whole`` is what the run's own network said.

    Shares whose scores lie in ``folder`` are not done anew. Raises ``RunError`` where a person stopped it.
    """
    points, right = [], {}
    chosen = shares(learn, recipe)
    for number, share in enumerate(chosen, start=1):
        some = learn.subset(share.chosen)

        def judge(number: int = number, some: Photos = some) -> Scored:
            hear = telling(report, TASK, number, of=len(chosen), epochs=recipe.epochs)
            return _trained_on(some, judged, recipe, report=hear, should_stop=should_stop)

        here = remembered(folder / f"share-{number}.npz", judge)
        right[share.share] = _right(here, judged, recipe)
        points.append(_point(some, here, right[share.share], judged))
        report(points[-1])
    all_right = _right(whole, judged, recipe)
    points.append(_point(learn, whole, all_right, judged))
    report(points[-1])
    gain, error = _gain(all_right.astype(float) - right[HALF], judged.casting_ids)
    return LearningCurve(points=tuple(SharePoint(**asdict(point)) for point in points), gain=gain, error=error)


def _trained_on(some: Photos, judged: Photos, recipe: Recipe, *, report: Report, should_stop: ShouldStop) -> Scored:
    from casting_core.learning.training.train import score, train

    both = Photos(
        pixels=some.pixels,
        rows=np.concatenate([some.rows, judged.rows]),
        labels=np.concatenate([some.labels, judged.labels]),
        castings=None if some.castings is None else np.concatenate([some.castings, judged.casting_ids]),
    )
    watch = np.arange(len(both)) >= len(some)
    trained = train(both, recipe, report=report, should_stop=should_stop, validation=watch)
    if trained.stopped:
        raise RunError("stopped in the learning curve")
    scores, found = score(trained, judged)
    return Scored(scores=scores, found=found, seconds=0.0, network=recipe.network.value)


def _right(said: Scored, judged: Photos, recipe: Recipe) -> NDArray[np.bool_]:
    """Which photos were judged rightly, (n,); where the recipe calibrates, by halves of the castings."""
    labels, castings, scores = judged.labels.astype(int), judged.casting_ids, said.scores.astype(np.float64)
    if recipe.calibrate:
        with_halves = splits.folds(castings, labels, number=2, seed=recipe.seed)
        scores = cross_fitted(scores, labels, castings, with_halves)
    return (scores >= 0.5) == (labels == 1)  # type: ignore[no-any-return]


def _point(learned: Photos, said: Scored, right: NDArray[np.bool_], judged: Photos) -> ShareDone:
    from sklearn.metrics import roc_auc_score  # every job's start would take four seconds more

    return ShareDone(
        castings=len(np.unique(learned.casting_ids)),
        photos=len(learned),
        accuracy=float(right.mean()),
        auc=float(roc_auc_score(judged.labels, said.scores)),
    )


def _gain(better: NDArray[np.float64], castings: NDArray[np.int64]) -> tuple[float, float]:
    """The mean over castings of a difference by photo, and its standard error."""
    of_casting = [float(better[castings == one].mean()) for one in np.unique(castings)]
    error = float(np.std(of_casting, ddof=1) / np.sqrt(len(of_casting))) if len(of_casting) > 1 else float("inf")
    return float(np.mean(of_casting)), error
