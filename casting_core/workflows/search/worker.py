"""What a worker of a study does in its process: trial after trial, until the budget is spent or nobody wants it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import optuna
from filelock import FileLock
from numpy.typing import NDArray
from optuna.trial import TrialState

from casting_core.data.datasets.splits import held_out
from casting_core.errors import DatasetError, RunError, StoppedError
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.judging.objectives import reached
from casting_core.learning import threads
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.events import BatchDone, EpochDone, Event
from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.datasets.own_validation import to_learn
from casting_core.workflows.datasets.splits import choose
from casting_core.workflows.search import spread, trials
from casting_core.workflows.search.studies import Study, find_study, mark_of
from casting_core.workflows.search.trial_store import Phase, search_of
from casting_core.workflows.training.learnable import learnable

PULSE = 0.5  # seconds at least between two words about the same trial
PATIENCE = 1.0  # seconds between two looks at whether the others have left something to do


def work_on_study(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job of a worker does: trial after trial, until the budget is spent.

    Raises ``CastingError`` where it cannot go on, ``StoppedError`` where nobody wants it to.
    """
    study = find_study(inputs.values["study"])
    number = int(inputs.values["worker"])
    worker = _Work(study, number, mark_of(inputs.job, inputs.attempt), report, should_stop)
    worker.do()
    return {"study": study.id}


WORKER = Kind(title="Search", work=work_on_study)


@dataclass(frozen=True, kw_only=True)
class _Material:
    """What every trial learns from, and which photos watch it for each seed."""

    photos: Photos
    labels: NDArray[np.integer]
    castings: NDArray[np.int64]
    watching: Callable[[int], NDArray[np.bool_]]


class _Work:
    """A worker at work."""

    def __init__(
        self, study: Study, number: int, mark: str, report: Callable[[object], None], should_stop: ShouldStop
    ) -> None:
        self._study, self._number, self._mark = study, number, mark
        self._report, self.should_stop = report, should_stop

    def do(self) -> None:
        """Does all there is to do: first the search, then the best few with other seeds."""
        material = self._material()
        search = trials.to_suggest(self._study, worker=self._number)
        self._all_of(Phase.SEARCH, search, material)
        if not self.should_stop() and self._study.plan.seeds and spread.has_value(self._study):
            spread.enrol(self._study)
            self._all_of(Phase.SEEDS, search_of(self._study, Phase.SEEDS), material)
        if self.should_stop():
            raise StoppedError("stopped; its trials wait until somebody goes on with the search")

    def _material(self) -> _Material:
        """Reads photos and castings, and starts TensorFlow; ``CastingError`` where there is nothing to learn from."""
        plan = self._study.plan
        self.say("Reading photos")
        dataset = open_dataset(plan.dataset.folder, rule=rule_of(plan.dataset.rule))
        given = to_learn(choose(dataset, plan.recipe.split))
        photos = given.photos
        self.say("Finding out which photos show one casting")
        with FileLock(self._study.folder / "castings.lock"):  # or every worker would find out for itself
            castings = casting_of(dataset, should_stop=self.should_stop)
        of_photo = np.asarray(photos["photo"].map(castings), dtype=np.int64)
        labels = photos["label"].to_numpy(dtype=int)
        self.say("Starting TensorFlow")
        threads.share_out(workers=plan.workers)
        watching = _drawn(of_photo, labels, share=plan.recipe.validation_share)
        if given.validation is not None:
            watching = _own_first(given.validation, plan.recipe.seed, watching)
        watching(plan.recipe.seed)  # refuses too few castings before the first trial
        learned = learnable(photos, of_photo, size=plan.recipe.image_size)
        return _Material(photos=learned, labels=labels, castings=of_photo, watching=watching)

    def _all_of(self, phase: Phase, search: optuna.Study, material: _Material) -> None:
        by = (self._number, self._mark)
        while not self.should_stop():
            trial = trials.take(self._study, search, by=by, phase=phase)
            if trial is not None:
                self._one(phase, search, trial, material)
            elif trials.waits_for_others(search):
                self.say("Waiting for the trials of the others")
                time.sleep(PATIENCE)
            else:
                return

    def _one(self, phase: Phase, search: optuna.Study, trial: optuna.Trial, material: _Material) -> None:
        """Does one trial; one that cannot be trained failed, and the search goes on."""
        from casting_core.learning.training.trial import (
            run_trial,
        )  # five seconds and 600 MB that only a worker must pay

        plan = self._study.plan
        recipe = plan.space.recipe(plan.recipe, trial.params)
        watch = _Watch(self, phase, trial, recipe, more_is_better=plan.objective.more_is_better)
        validation = material.watching(recipe.seed)
        try:
            came = run_trial(
                material.photos, recipe, validation=validation, report=watch.hear, should_stop=watch.should_stop
            )
        except (RunError, MemoryError) as error:
            if self.should_stop():
                trials.give_back(self._study, search, trial, why="stopped before its end")
                return
            trial.set_user_attr(trials.WHY, str(error) or "not enough memory; leave out large batches")
            search.tell(trial, state=TrialState.FAIL)
            return
        if watch.pruned:
            search.tell(trial, state=TrialState.PRUNED)
        elif came.stopped:
            trials.give_back(self._study, search, trial, why="stopped before its end")
        else:
            labels, castings = material.labels[validation], material.castings[validation]
            value = reached(plan.objective, came.scores, labels, castings, false_alarms=plan.false_alarms)
            search.tell(trial, value)

    def say(self, doing: str) -> None:
        """Says what is being done, and how much of the budget is spent."""
        even = not self._study.plan.seeds  # those come behind, and take their own time
        self._report(Doing(what=doing, share=trials.spent(self._study), even=even))


class _Watch:
    """Listens to one trial: tells Optuna of its epochs, and ends it where it is hopeless or nobody wants it."""

    def __init__(self, work: _Work, phase: Phase, trial: optuna.Trial, recipe: Recipe, *, more_is_better: bool) -> None:
        self._work, self._phase, self._trial, self._recipe = work, phase, trial, recipe
        self._sign = -1.0 if more_is_better else 1.0
        self._least = math.inf
        self._told = -math.inf
        self.pruned = False

    def hear(self, event: Event) -> None:
        """Trials are compared by the lowest validation loss so far, for its weights are those that are kept."""
        match event:
            case BatchDone():
                what = "Trial" if self._phase is Phase.SEARCH else "Seeds, training"
                text = f"{what} {self._trial.number + 1}, epoch {event.epoch} of {self._recipe.epochs}"
                self._tell(text)
            case EpochDone() if math.isfinite(event.validation_loss):
                self._least = min(self._least, event.validation_loss)
                self._trial.report(self._sign * self._least, event.epoch)
                early = self._phase is Phase.SEARCH and event.epoch < self._recipe.epochs
                self.pruned = early and self._trial.should_prune()

    def _tell(self, text: str) -> None:
        """Batches come by the dozen in a second; how much of the budget is spent is read from the trials."""
        if time.monotonic() - self._told >= PULSE:
            self._told = time.monotonic()
            self._work.say(text)

    def should_stop(self) -> bool:
        return self.pruned or self._work.should_stop()


def _own_first(
    own: NDArray[np.bool_], first: int, others: Callable[[int], NDArray[np.bool_]]
) -> Callable[[int], NDArray[np.bool_]]:
    """The person's own validation photos for the seed of the search; for the others, other castings are held out.

    Where there are too few castings for that, it is the person's own photos for all of them.
    """

    def watching(seed: int) -> NDArray[np.bool_]:
        try:
            return own if seed == first else others(seed)
        except RunError:
            return own

    return watching


def _drawn(
    castings: NDArray[np.int64], labels: NDArray[np.integer], *, share: float
) -> Callable[[int], NDArray[np.bool_]]:
    """Which photos are held out for a seed: whole castings, the same for every trial of that seed."""

    @lru_cache
    def drawn(seed: int) -> NDArray[np.bool_]:
        try:
            return held_out(castings, labels, share=share, seed=seed)
        except DatasetError as error:
            raise RunError(f"{error}; settings are compared on castings held out, so add castings") from error

    return drawn
