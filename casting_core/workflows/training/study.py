"""How good a recipe is on castings never seen: cross-validation over castings, several seeds, and photos under stress.

Every score comes from a network that has learned from no photo of that casting, and is calibrated on the scores of
other castings only. So the figures are those of an operating point chosen without the castings it is judged on.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sklearn.metrics import roc_auc_score

from casting_core.data.datasets import splits
from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.disturbances import STRESSES
from casting_core.data.imaging.images import Grey
from casting_core.domain import CastingOutcomes, Progress
from casting_core.errors import CastingError, JobError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.judging.bounds import outcomes
from casting_core.judging.calibration import cross_fitted
from casting_core.judging.scoring import Scorer
from casting_core.learning import threads
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.jobs import Request, dataset_in
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.training.held_out import in_chunks
from casting_core.workflows.training.learnable import learnable

KIND = "cross-validation"
THRESHOLD = 0.5  # of calibrated scores
PLAIN = "as taken"


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Out-of-fold scores of photos as they were taken, or under one stress."""

    accuracy: float  # of photos
    auc: float  # area under the ROC curve


@dataclass(frozen=True, kw_only=True)
class Validated:
    """What one cross-validation says of a recipe."""

    seed: int
    photos: int
    castings: int
    plain: Sight
    auc_of_folds: float  # area under the ROC curve, mean over folds: scores of two networks are never compared
    uncalibrated: float  # photo accuracy at 0.5 of the scores as the networks give them
    wrong: list[int]  # castings judged wrongly, by the rule of ``domain.WRONG_CASTING``
    outcomes: CastingOutcomes  # the same class by class, with what it proves
    both_ways: list[int]  # castings with photos of both labels: no verdict on them can be right
    seconds: list[float]  # of training, by fold
    aligned: str  # how photos were aligned
    not_found: int  # photos in which the part was not found; they count as rejected
    parameters: int
    stressed: dict[str, Sight] = field(default_factory=dict)
    networks: list[str] = field(default_factory=list)  # that each fold came to, where two were compared
    baselines: dict[str, float] = field(default_factory=dict)  # ROC AUC of simple methods, mean over the same folds
    megabytes: float = 0.0  # the most memory that its process used; 0 where the system does not tell


class Asked(BaseModel):
    """One cross-validation, as one process asks another one for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    recipe: Recipe
    folds: int
    seed: int
    stress: bool


@dataclass(frozen=True, kw_only=True)
class OutOfFold:
    """The scores of every photo by the network that had not seen its casting, under each kind of sight."""

    labels: NDArray[np.int64]
    castings: NDArray[np.int64]
    fold: NDArray[np.int64]
    scores: dict[str, NDArray[np.float32]]  # each (n,), as the networks give them
    found: NDArray[np.bool_]
    seconds: list[float]
    aligned: str
    parameters: int
    networks: list[str] = field(default_factory=list)
    baselines: dict[str, NDArray[np.float64]] = field(default_factory=dict)  # scores of simple methods, each (n,)


def study(
    folder: Path, recipe: Recipe, *, folds: int, seed: int, stress: bool, report: Callable[[str], None]
) -> Validated:
    """Cross-validates a recipe on the dataset in a folder, as a job, so that each begins in a process of its own.

    Raises ``CastingError`` with what that process said where it came to nothing.
    """
    report(f"{recipe.network.value}, seed {seed}")
    dataset = open_dataset(folder)
    labels = dataset.part("all")["label"].to_numpy(dtype=np.int64)
    splits.folds(open_castings(dataset), labels, number=folds, seed=seed)  # too few castings are said at once
    asked = Asked(folder=folder, recipe=recipe, folds=folds, seed=seed, stress=stress)
    job = control.ask(
        Request(
            kind=KIND,
            inputs=asked.model_dump(mode="json"),
            about=f"{folder.name}, seed {seed}",
            uses=(dataset_in(str(folder)),),
            heavy=True,
        )
    )
    if job.in_line:
        report(f"Cross-validation {job.id} waits for its turn")
    try:
        ended = control.wait(job.id)
    except KeyboardInterrupt:
        with suppress(JobError):
            control.stop(job.id)
        raise
    if ended.result is None:
        raise CastingError(ended.message or f"cross-validation {job.id} was {ended.state}")
    return TypeAdapter(Validated).validate_python(ended.result)


def cross_validate_alone(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job of a cross-validation does that is asked for by itself."""
    asked = Asked.model_validate(dict(inputs.values))
    dataset = open_dataset(asked.folder)

    def fold_done(number: int) -> None:
        report(Doing(what=f"Fold {min(number + 1, asked.folds)} of {asked.folds}", share=number / asked.folds))

    fold_done(0)
    out = out_of_fold(
        dataset, asked.recipe, folds=asked.folds, seed=asked.seed, stress=asked.stress,
        fold_done=fold_done, should_stop=should_stop,
    )  # fmt: skip
    return TypeAdapter(Validated).dump_python(figures(out, seed=asked.seed), mode="json")  # type: ignore[no-any-return]


def open_castings(dataset: Dataset, *, report: Progress = lambda _done, _total: None) -> NDArray[np.int64]:
    """The casting of each usable photo, in order."""
    return np.asarray(dataset.part("all")["photo"].map(casting_of(dataset, report=report)), dtype=np.int64)


def out_of_fold(
    dataset: Dataset,
    recipe: Recipe,
    *,
    folds: int,
    seed: int,
    stress: bool = False,
    fold_done: Callable[[int], None] = lambda _number: None,
    should_stop: ShouldStop = lambda: False,
) -> OutOfFold:
    """Trains ``folds`` networks, each without the castings of its fold, and lets each score those.

    Raises ``DatasetError`` where a class has fewer castings than there are folds.
    """
    threads.share_out()
    from casting_core.learning.inputs.material import PER_CASTING
    from casting_core.learning.inputs.photos import limit_per_casting
    from casting_core.learning.training.baselines import BASELINES
    from casting_core.learning.training.folds import fold_trainer, forget_networks

    castings = open_castings(dataset)
    photos = learnable(dataset.part("all"), castings, size=recipe.image_size)
    labels = photos.labels.astype(np.int64)
    fold = splits.folds(castings, labels, number=folds, seed=seed)
    seeded = recipe.model_copy(update={"seed": seed})
    trained = fold_trainer(photos, seeded, fold, report=lambda _event: None, should_stop=should_stop)
    sights = {PLAIN: _as_taken} | (STRESSES if stress else {})
    scores = {name: np.zeros(len(photos), dtype=np.float32) for name in sights}
    found, seconds, networks = np.ones(len(photos), dtype=bool), [], []
    simple = {name: np.zeros(len(photos)) for name in BASELINES}
    for number in range(1, folds + 1):
        one = trained(number)
        scorer = Scorer(one.graph, one.trained.alignment)
        seconds.append(one.seconds)
        networks.append(one.trained.recipe.network.value)
        others = limit_per_casting(photos.subset(np.flatnonzero(fold != number)), most=PER_CASTING)
        for name, method in BASELINES.items():
            simple[name][one.held_out] = method(others, photos.subset(one.held_out))
        for here, grey in in_chunks(photos, one.held_out):
            for name, seen in sights.items():
                answers = scorer.score(np.stack([seen(photo) for photo in grey]))
                scores[name][here] = answers.score
                found[here] = answers.found if name == PLAIN else found[here]
        fold_done(number)
        forget_networks()
    return OutOfFold(
        labels=labels,
        castings=castings,
        fold=fold,
        scores=scores,
        found=found,
        seconds=seconds,
        aligned=f"{one.trained.alignment.kind.value}: {one.trained.alignment.reason}",
        parameters=one.trained.parameters,
        networks=networks,
        baselines=simple,
    )


def _as_taken(grey: Grey) -> Grey:
    return grey


def figures(out: OutOfFold, *, seed: int) -> Validated:
    """What out-of-fold scores are worth, each fold's calibrated on the others'."""
    plain = calibrated(out, PLAIN)
    right = (plain >= THRESHOLD) == (out.labels == 1)
    numbers = np.unique(out.castings)
    wrong = {int(one) for one in out.castings[~right]}
    both_ways = [int(one) for one in numbers if len(set(out.labels[out.castings == one].tolist())) > 1]
    return Validated(
        seed=seed,
        photos=len(plain),
        castings=len(numbers),
        plain=_sight(plain, out.labels),
        auc_of_folds=_auc_of_folds(plain, out),
        uncalibrated=_sight(out.scores[PLAIN], out.labels).accuracy,
        wrong=sorted(wrong - set(both_ways)),
        outcomes=outcomes(out.labels, (plain >= THRESHOLD).astype(int), out.castings),
        both_ways=both_ways,
        seconds=[round(one, 1) for one in out.seconds],
        aligned=out.aligned,
        not_found=int((~out.found).sum()),
        parameters=out.parameters,
        stressed={name: _sight(calibrated(out, name), out.labels) for name in out.scores if name != PLAIN},
        networks=out.networks,
        baselines={name: _auc_of_folds(scores, out) for name, scores in out.baselines.items()},
        megabytes=_most_memory(),
    )


def _auc_of_folds(scores: NDArray[np.floating], out: OutOfFold) -> float:
    """The area under the ROC curve, mean over folds: scores of two networks are never compared."""
    folds = [out.fold == number for number in np.unique(out.fold)]
    return float(np.mean([roc_auc_score(out.labels[here], scores[here]) for here in folds]))


def _most_memory() -> float:
    """Megabytes that this process has used at most; 0 where the system does not tell."""
    try:
        import resource  # not on Windows
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (2**20 if sys.platform == "darwin" else 2**10), 1)  # bytes there, kilobytes elsewhere


def calibrated(out: OutOfFold, name: str) -> NDArray[np.float64]:
    """The scores under this sight, each fold's calibrated on the plain scores of the other folds."""
    return cross_fitted(out.scores[PLAIN], out.labels, out.castings, out.fold, seen=out.scores[name])


def _sight(scores: NDArray[np.floating], labels: NDArray[np.int64]) -> Sight:
    right = (scores >= THRESHOLD) == (labels == 1)
    return Sight(accuracy=float(right.mean()), auc=float(roc_auc_score(labels, scores)))
