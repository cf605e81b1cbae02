"""Which network suits a product: the recipe's, or a head on a public one, by castings that neither has learned from.

A network that looks for local defects finds on one product what no other finds, and on another hardly anything; no
look at the photos tells beforehand. So both are tried, on castings that are to be learned from: those used for
validation choose nothing, and still prove what the winner is worth.
"""

from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from casting_core.data.datasets import splits
from casting_core.data.datasets.weights import each_casting_once
from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.domain import Label
from casting_core.errors import DatasetError, RunError
from casting_core.learning.inputs.curriculum import trains_head_only
from casting_core.learning.inputs.material import PER_CASTING
from casting_core.learning.inputs.photos import Photos, castings_of_rarer_class, limit_per_casting
from casting_core.learning.networks.backbone import out_of_fold
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.events import Compared, Note, Report, ShouldStop
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.baselines import not_aligned
from casting_core.learning.training.train import Trained, score, train

LEAST = 5  # castings of each class that must be judged: with fewer, chance chooses
FOLDS = 3  # of the castings to learn from; the recipe's network is tried on one of them, for it takes long
# Of the same castings, for heads on the public network, which take a second. In the end such a head learns from the
# validation photos, too, and the recipe's network from all that it was tried without: with ten folds, both are tried
# with about two thirds of what they will have. With three, the head had less than half, and lost where it is better.
HEAD_FOLDS = 10
DRAWS = 400  # of castings, for the standard error of a difference
SURE = 1.645  # standard errors by which a difference exceeds what chance brings, at 95 % to one side
FEW = 1000  # photos to learn from, at which ten heads still take seconds; of more, a third less is little


def better(trained: Trained, photos: Photos, recipe: Recipe, *, report: Report, should_stop: ShouldStop) -> Trained:
    """The network trained, or one with a public backbone where that judges castings held out better.

    ``photos`` and ``recipe`` are what it was trained with. Both are reported with their areas under the ROC curve.
    """
    if not recipe.compare or trained.stopped or recipe.network is NetworkName.BACKBONE:
        return trained
    report(Note(text="Comparing with a public network, on castings held out"))
    try:
        found = _compare(trained, recipe, should_stop=should_stop)
        report(found)
        if found.chosen == recipe.network:
            return replace(trained, compared=found)
        winner = _with_backbone(trained, photos, recipe, report=report, should_stop=should_stop)
        return replace(winner, compared=found)
    except DatasetError as error:
        report(Note(text=f"Not compared with a public network: {error}"))
        return trained
    except RunError:
        if not should_stop():
            raise
        return replace(trained, stopped=True)


def _compare(trained: Trained, recipe: Recipe, *, should_stop: ShouldStop) -> Compared:
    """How both networks judge castings that they have not learned from.

    Raises ``DatasetError`` where there are too few of these, and ``RunError`` where a person stopped it.
    """
    learned = trained.train
    fold = splits.folds(learned.casting_ids, learned.labels.astype(int), number=FOLDS, seed=recipe.seed)
    kind = trained.alignment.kind
    # The places of such a network have seen no label, and it knows no sound part by heart, as a registered one does.
    seen = kind is Kind.FREE and trains_head_only(recipe, kind)
    if seen:
        judged, tried = _castings_to_judge(learned), trained
    else:
        judged = _castings_to_judge(learned.subset(np.flatnonzero(fold == 1)))
        tried = train(learned, _shorter(recipe), report=_quietly, should_stop=should_stop, validation=fold == 1)
    both = score(tried, judged)[0], _backbone_scores(learned, judged, recipe.seed)
    area, other_area = (_area(scores, judged) for scores in both)
    # Defects were painted on these very castings, so it has to be better by more than chance would have it.
    least = SURE * _standard_error(*both, judged) if seen else 0.0
    return Compared(
        castings=len(np.unique(judged.casting_ids)),
        network=recipe.network.value,
        auc=area,
        other=NetworkName.BACKBONE.value,
        other_auc=other_area,
        chosen=(recipe.network if area >= other_area + least else NetworkName.BACKBONE).value,
    )


def _castings_to_judge(photos: Photos) -> Photos:
    """Some photos of each casting; ``DatasetError`` where chance would choose the network."""
    fewest = castings_of_rarer_class(photos)
    if fewest < LEAST:
        raise DatasetError(f"{fewest} castings of a class to judge are too few, at least {LEAST} are needed")
    return limit_per_casting(photos, most=PER_CASTING)


def on_backbone(recipe: Recipe) -> Recipe:
    """The recipe for the public network: as recommended for that, but for what this one says otherwise itself."""
    usual, own = recommended(recipe.network), recommended(NetworkName.BACKBONE)
    changed = {name: value for name, value in recipe if value != getattr(usual, name) and name != "network"}
    return own.model_copy(update=changed)


def _shorter(recipe: Recipe) -> Recipe:
    """Half of everything: enough to tell a network that sees the defects from one that does not."""
    return recipe.model_copy(update={"epochs": -(-recipe.epochs // 2), "painted": recipe.painted // 2})


def _quietly(_event: object) -> None:
    """Its curves are not the run's."""


def _backbone_scores(learned: Photos, judged: Photos, seed: int) -> NDArray[np.float64]:
    """The logits of heads on the public network, each trained without the castings that it judges."""
    some = limit_per_casting(learned, most=PER_CASTING)
    fewest = castings_of_rarer_class(learned)
    number = min(HEAD_FOLDS, fewest) if len(some) <= FEW else FOLDS
    fold = splits.folds(learned.casting_ids, learned.labels.astype(int), number=number, seed=seed)
    of_some, of_judged = (fold[_positions(learned, photos)] for photos in (some, judged))
    return out_of_fold.logits(not_aligned(learned), some, of_some, judged, of_judged)


def _positions(photos: Photos, some: Photos) -> NDArray[np.int64]:
    """Where each of ``some`` stands among ``photos``."""
    order = np.argsort(photos.rows, kind="stable")
    return np.asarray(order[np.searchsorted(photos.rows[order], some.rows)], dtype=np.int64)


def _area(scores: NDArray[np.floating], judged: Photos) -> float:
    """Under the ROC curve; each casting counts once."""
    return float(roc_auc_score(judged.labels, scores, sample_weight=each_casting_once(judged.casting_ids)))


def _standard_error(scores: NDArray[np.floating], other: NDArray[np.floating], judged: Photos) -> float:
    """Of the difference between both areas, had other castings of each class been judged (bootstrap by casting)."""
    rng, differences = np.random.default_rng(DRAWS), []
    classes = [np.unique(judged.casting_ids[judged.labels == label]) for label in Label]
    places = {casting: np.flatnonzero(judged.casting_ids == casting) for casting in np.unique(judged.casting_ids)}
    for _ in range(DRAWS):
        drawn = np.concatenate([rng.choice(castings, len(castings)) for castings in classes])
        chosen = np.concatenate([places[casting] for casting in drawn])
        weights = np.concatenate([np.full(len(places[casting]), 1 / len(places[casting])) for casting in drawn])
        one, two = (roc_auc_score(judged.labels[chosen], of[chosen], sample_weight=weights) for of in (scores, other))
        differences.append(one - two)
    return float(np.std(differences))


def _with_backbone(
    trained: Trained, photos: Photos, recipe: Recipe, *, report: Report, should_stop: ShouldStop
) -> Trained:
    """The same run with the public network, on the same photos."""
    report(Note(text="Training the head on the public network"))
    validation = np.isin(photos.rows, trained.validation.rows)
    keras.utils.set_random_seed(recipe.seed)
    return train(photos, on_backbone(recipe), report=_quietly, should_stop=should_stop, validation=validation)
