"""From a dataset and a recipe to a run, and from a run to a model version."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.splits import held_out
from casting_core.errors import CastingError, DatasetError, RunError
from casting_core.jobs import runs
from casting_core.learning import threads
from casting_core.learning.recipes.events import Event, Note, Report
from casting_core.learning.recipes.recipe import Recipe, Sampling, Validation
from casting_core.learning.training import checkpoint
from casting_core.learning.training.checkpoint import Checkpoint
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import ModelCard
from casting_core.records.run_log import Run, RunLog, State, Wish
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_known, casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.datasets.splits import choose
from casting_core.workflows.stores import registry, run_log
from casting_core.workflows.training.learnable import learnable
from casting_core.workflows.training.line import epochs_kept, run_folder, start_next


def start_run(dataset: NamedDataset, recipe: Recipe) -> Run:
    """Asks for a training as a process of its own and returns at once.

    It begins now, or waits in line until those before it have ended. Raises ``RunError`` where it cannot be started.
    """
    run = note_run(dataset, recipe)
    start_next()
    run = run_log().find(run.id)
    if run.state is State.FAILED:
        raise RunError(run.message)
    return run


def start_again(run: Run) -> Run:
    """Starts the same training once more, on the photos and labels as they are now; errors as for ``start_run``."""
    dataset = NamedDataset(name=run.dataset, folder=run.folder, rule=run.rule)
    return start_run(dataset, Recipe.model_validate(run.recipe))


def note_run(dataset: NamedDataset, recipe: Recipe, *, here: bool = False) -> Run:
    """Notes down a training at the end of the line; with ``here`` this process will do it, and nobody else may."""
    return run_log().ask(
        dataset=dataset.name,
        folder=dataset.folder,
        rule=dataset.rule,
        recipe=recipe.model_dump(mode="json"),
        machine=settings().machine,
        by=runs.this_process() if here else None,
    )


def work(number: int, *, listen: Report = lambda _event: None) -> ModelCard:
    """Does a run in this process and returns the version it made; ``listen`` hears each event too.

    However it ends, its end is written down, and the next one in line is started. A run that was begun before goes on
    behind its last finished epoch. Raises ``CastingError`` where no version was made.
    """
    log, here = run_log(), runs.this_process()
    run = log.begin(number, pid=here.pid, born=here.born)
    if run.started == run.heartbeat:  # for the first time: what lies there is of a run in another database
        checkpoint.forget(run_folder(number))
    try:
        with _end_written_down(log, number), runs.pulse(log, number) as heart:
            card = _registered_before(run) or _train_and_register(run, heart, listen)
        log.end(number, State.STOPPED if card.stopped else State.FINISHED, model=card.name)
        checkpoint.forget(run_folder(number))
    finally:
        with suppress(CastingError):  # no reason to lose what was done; who looks next starts the next one
            start_next()
    return card


def _registered_before(run: Run) -> ModelCard | None:
    """The version of a run that was killed when it had just made it, before it could say so."""
    if run.started is None or not epochs_kept(run.id):
        return None
    since = datetime.fromtimestamp(int(run.started), UTC)  # cards tell whole seconds
    made = [card for card in registry().cards() if card.run == run.id]
    return next((card for card in made if datetime.fromisoformat(card.created) >= since), None)


@contextmanager
def _end_written_down(log: RunLog, run: int) -> Iterator[None]:
    """Writes the end of a run that did not come to a version, whatever kept it from one."""
    try:
        yield
    except MemoryError as error:
        log.end(run, State.FAILED, message="not enough memory; try a smaller batch size")
        raise RunError(f"run {run} ran out of memory; try a smaller batch size") from error
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt) or log.find(run).wish is not Wish.GO_ON
        message = str(error) if isinstance(error, CastingError) else f"{type(error).__name__}: {error}".strip(": ")
        if isinstance(error, KeyboardInterrupt):
            message = "stopped by Ctrl+C"
        log.end(run, State.STOPPED if stopped else State.FAILED, message=message)
        raise


def _train_and_register(run: Run, heart: runs.Pulse, listen: Report) -> ModelCard:
    def report(event: Event) -> None:
        heart.report(event)
        listen(event)

    def keep(reached: Checkpoint) -> None:
        heart.beat()  # the events first: a checkpoint never knows of an epoch that the log does not
        checkpoint.write(reached, run_folder(run.id), data=data)

    recipe, kept = Recipe.model_validate(run.recipe), checkpoint.read(run_folder(run.id))
    if kept is None:
        heart.rewind()
    report(Note(text="Reading photos"))
    dataset = open_dataset(run.folder, rule=rule_of(run.rule))
    photos = choose(dataset, recipe.split).to_train
    castings = _castings(dataset, recipe, report) if photos["label"].nunique() > 1 else None  # else it fails at once
    of_photo = None if castings is None else np.asarray(photos["photo"].map(castings), dtype=np.int64)
    validation = _validation(photos, of_photo, recipe)
    data = _fingerprint(photos, validation)
    if kept is not None and kept[1] != data:
        raise DatasetError(
            "the photos, their labels or their castings have changed since this run began, so it cannot go on; put "
            "them back as they were, or start a new run"
        )
    report(Note(text="Starting TensorFlow"))
    threads.share_out()
    from casting_core.learning.training import train  # five seconds and 600 MB that only a run must pay
    from casting_core.workflows.training.proof import Proof, prove, refuse_hopeless
    from casting_core.workflows.training.register import register

    if kept is not None:
        heart.rewind(kept[0].epochs)
    to_learn = learnable(photos, of_photo)
    refuse_hopeless(to_learn, recipe, validation)
    trained = train.train(
        to_learn, recipe, report=report, should_stop=heart.should_stop, validation=validation,
        start=kept[0] if kept else None, keep=keep,
    )  # fmt: skip
    proof = Proof()
    if not trained.stopped:
        proof = prove(
            to_learn, trained, recipe, folder=run_folder(run.id), report=report, should_stop=heart.should_stop
        )
    if run_log().find(run.id).wish is Wish.DISCARD:
        raise RunError("stopped, and nothing was to be kept")
    report(Note(text="Writing and checking the model version"))
    return register(run, recipe, dataset, trained, castings=castings, proof=proof)


def _fingerprint(photos: pd.DataFrame, validation: NDArray[np.bool_] | None) -> str:
    """A sha256 over what is learned from: each photo with its label and, where that is not drawn by lot, its side."""
    sides = np.zeros(len(photos), dtype=bool) if validation is None else validation
    rows = photos[["photo", "label"]].assign(watched=sides)
    return hashlib.sha256(rows.to_csv(index=False, header=False).encode()).hexdigest()


def _castings(dataset: Dataset, recipe: Recipe, report: Report) -> "pd.Series[int] | None":
    """The casting of each photo; ``None`` where nobody asked for it and finding out would take its time."""
    by_casting = recipe.validation is Validation.CASTING or recipe.sampling is Sampling.CASTING
    needed = by_casting or recipe.folds or recipe.learning_curve
    if not needed and not casting_known(dataset):
        return None
    report(Note(text="Finding out which photos show one casting"))
    return casting_of(dataset)


def _validation(photos: pd.DataFrame, of_photo: NDArray[np.int64] | None, recipe: Recipe) -> NDArray[np.bool_] | None:
    """Which of the photos are to watch, where the recipe wants whole castings for that; else ``None``.

    ``of_photo`` is the casting of each photo.
    """
    if recipe.validation is Validation.RANDOM or of_photo is None:
        return None
    try:
        return held_out(of_photo, photos["label"].to_numpy(dtype=int), share=recipe.validation_share, seed=recipe.seed)
    except DatasetError as error:
        raise RunError(f"{error}; add castings, or draw the validation photos at random") from error
