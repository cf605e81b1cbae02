"""What a worker of a study does in its process: trial after trial, until the budget is spent or nobody wants it."""

import math
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import optuna
from filelock import FileLock
from numpy.typing import NDArray
from optuna.trial import TrialState

from casting_core.data.datasets.splits import held_out
from casting_core.errors import CastingError, DatasetError, RunError
from casting_core.judging.objectives import reached
from casting_core.learning import threads
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.events import BatchDone, EpochDone, Event
from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.datasets.splits import choose
from casting_core.workflows.search import spread, trials
from casting_core.workflows.search.studies import End, Study, Worker, at_work, find_study, find_worker, note_worker
from casting_core.workflows.search.trial_store import Phase, search_of
from casting_core.workflows.training.learnable import learnable

PULSE = 0.5  # seconds between two looks at the wish, and at least between two notes
SOON = 5.0  # seconds a worker waits for its lock, should a page just be trying it
PATIENCE = 1.0  # seconds between two looks at whether the others have left something to do


def work(study: str, number: int) -> None:
    """Does trials of a study as its worker of this number; however it ends, its end is written down.

    Raises ``CastingError`` where it cannot go on.
    """
    found = find_study(study)
    with at_work(found, number, patience=SOON):
        noted = find_worker(found, number) or Worker(number=number, mark=f"{os.getpid()}", asked=time.time())
        worker = _Work(found, replace(noted, up=True, pid=os.getpid()))
        try:
            end = worker.do()
        except BaseException as error:
            worker.say_end(End.STOPPED if isinstance(error, KeyboardInterrupt) else End.FAILED, error)
            raise
        worker.say_end(end)


@dataclass(frozen=True, kw_only=True)
class _Material:
    """What every trial learns from, and which photos watch it for each seed."""

    photos: Photos
    labels: NDArray[np.integer]
    castings: NDArray[np.int64]
    watching: Callable[[int], NDArray[np.bool_]]


class _Work:
    """A worker at work: what it does is written down, at most twice a second."""

    def __init__(self, study: Study, worker: Worker) -> None:
        self._study, self._worker = study, worker
        self._noted = self._looked = -math.inf
        self._stop = False
        note_worker(study, worker)

    def do(self) -> End:
        """Does all there is to do: first the search, then the best few with other seeds."""
        material = self._material()
        search = trials.to_suggest(self._study, worker=self._worker.number)
        self._all_of(Phase.SEARCH, search, material)
        if not self._stop and self._study.plan.seeds and spread.has_value(self._study):
            spread.enrol(self._study)
            self._all_of(Phase.SEEDS, search_of(self._study, Phase.SEEDS), material)
        return End.STOPPED if self._stop else End.DONE

    def say_end(self, end: End, error: BaseException | None = None) -> None:
        said = "not enough memory" if isinstance(error, MemoryError) else f"{type(error).__name__}: {error}".strip(": ")
        message = "" if error is None else str(error) if isinstance(error, CastingError) else said
        with suppress(CastingError):  # a full disk; that the lock is free tells the rest
            note_worker(self._study, replace(self._worker, end=end, message=message, doing=""))

    def _material(self) -> _Material:
        """Reads photos and castings, and starts TensorFlow; ``CastingError`` where there is nothing to learn from."""
        plan = self._study.plan
        self._say("Reading photos")
        dataset = open_dataset(plan.dataset.folder, rule=rule_of(plan.dataset.rule))
        photos = choose(dataset, plan.recipe.split).to_train
        self._say("Finding out which photos show one casting")
        with FileLock(self._study.folder / "castings.lock"):  # or every worker would find out for itself
            castings = casting_of(dataset, should_stop=self._should_stop)
        of_photo = np.asarray(photos["photo"].map(castings), dtype=np.int64)
        labels = photos["label"].to_numpy(dtype=int)
        self._say("Starting TensorFlow")
        threads.share_out()
        watching = _drawn(of_photo, labels, share=plan.recipe.validation_share)
        watching(plan.recipe.seed)  # refuses too few castings before the first trial
        return _Material(photos=learnable(photos, of_photo), labels=labels, castings=of_photo, watching=watching)

    def _all_of(self, phase: Phase, search: optuna.Study, material: _Material) -> None:
        by = (self._worker.number, self._worker.mark)
        while not self._should_stop():
            trial = trials.take(self._study, search, by=by, phase=phase)
            if trial is not None:
                self._one(phase, search, trial, material)
            elif trials.waits_for_others(search):
                self._say("Waiting for the trials of the others")
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
            if self._stop:
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

    def _say(self, doing: str, *, at_once: bool = True) -> None:
        if at_once or time.monotonic() - self._noted >= PULSE:
            self._noted = time.monotonic()
            self._worker = replace(self._worker, doing=doing)
            note_worker(self._study, self._worker)

    def _should_stop(self) -> bool:
        if time.monotonic() - self._looked >= PULSE:
            self._looked = time.monotonic()
            self._stop = self._stop or self._study.wish.exists()
        return self._stop


class _Watch:
    """Listens to one trial: tells Optuna of its epochs, and ends it where it is hopeless or nobody wants it."""

    def __init__(self, work: _Work, phase: Phase, trial: optuna.Trial, recipe: Recipe, *, more_is_better: bool) -> None:
        self._work, self._phase, self._trial, self._recipe = work, phase, trial, recipe
        self._sign = -1.0 if more_is_better else 1.0
        self._least = math.inf
        self.pruned = False

    def hear(self, event: Event) -> None:
        """Trials are compared by the lowest validation loss so far, for its weights are those that are kept."""
        match event:
            case BatchDone():
                what = "Trial" if self._phase is Phase.SEARCH else "Seeds, training"
                text = f"{what} {self._trial.number + 1}, epoch {event.epoch} of {self._recipe.epochs}"
                self._work._say(text, at_once=False)
            case EpochDone() if math.isfinite(event.validation_loss):
                self._least = min(self._least, event.validation_loss)
                self._trial.report(self._sign * self._least, event.epoch)
                early = self._phase is Phase.SEARCH and event.epoch < self._recipe.epochs
                self.pruned = early and self._trial.should_prune()

    def should_stop(self) -> bool:
        return self.pruned or self._work._should_stop()


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
