"""From a dataset and a recipe to a run, and from a run to a model version."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets import Dataset
from casting_core.data.splits import held_out
from casting_core.errors import CastingError, DatasetError, RunError
from casting_core.learning import runs
from casting_core.learning.events import Event, Note, Report, ShouldStop
from casting_core.learning.recipe import Recipe, Validation
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import ModelCard
from casting_core.records.run_log import Run, RunLog, State, Wish
from casting_core.settings import ROOT, settings
from casting_core.workflows.castings import casting_known, casting_of
from casting_core.workflows.installation import open_dataset, pixel_cache, rule_of, run_log
from casting_core.workflows.splits import choose


def start_run(dataset: NamedDataset, recipe: Recipe) -> Run:
    """Starts a training as a process of its own and returns at once; ``RunError`` if one is going on already."""
    run = note_run(dataset, recipe, alone=True)
    try:
        runs.launch(run.id, output=log_file(run.id), root=ROOT)
    except RunError as error:
        run_log().end(run.id, State.FAILED, message=str(error))
        raise
    return run


def start_again(run: Run) -> Run:
    """Starts the same training once more, on the photos and labels as they are now; errors as for ``start_run``."""
    dataset = NamedDataset(name=run.dataset, folder=run.folder, rule=run.rule)
    return start_run(dataset, Recipe.model_validate(run.recipe))


def log_file(run: int) -> Path:
    """Where the process of a run writes what it prints; a run started at a terminal has no such file."""
    return settings().data_dir / "runs" / f"{run}.log"


def note_run(dataset: NamedDataset, recipe: Recipe, *, alone: bool = False) -> Run:
    """Notes down a training for ``work`` to do; with ``alone``, ``RunError`` if another one is going on."""
    return run_log().ask(
        dataset=dataset.name,
        folder=dataset.folder,
        rule=dataset.rule,
        recipe=recipe.model_dump(mode="json"),
        alone=alone,
    )


def work(number: int, *, listen: Report = lambda _event: None) -> ModelCard:
    """Does a run in this process and returns the version it made; ``listen`` hears each event too.

    However it ends, its end is written down. Raises ``CastingError`` where no version was made.
    """
    log = run_log()
    run = log.find(number)
    log.begin(number, pid=os.getpid())
    with _end_written_down(log, number), runs.pulse(log, number) as (write, should_stop):

        def report(event: Event) -> None:
            write(event)
            listen(event)

        card = _train_and_register(run, report, should_stop)
    log.end(number, State.STOPPED if card.stopped else State.FINISHED, model=card.name)
    return card


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


def _train_and_register(run: Run, report: Report, should_stop: ShouldStop) -> ModelCard:
    recipe = Recipe.model_validate(run.recipe)
    report(Note(text="Reading photos"))
    dataset = open_dataset(run.folder, rule=rule_of(run.rule))
    photos = choose(dataset, recipe.split).to_train
    castings = _castings(dataset, recipe, report) if photos["label"].nunique() > 1 else None  # else it fails at once
    of_photo = None if castings is None else np.asarray(photos["photo"].map(castings), dtype=np.int64)
    validation = _validation(photos, of_photo, recipe)
    report(Note(text="Starting TensorFlow"))
    runs.share_out(recipe.network)
    from casting_core.learning import batches, training  # five seconds and 600 MB that only a run must pay
    from casting_core.workflows.register import register

    cache = pixel_cache()
    rows = cache.rows()
    learnable = batches.Photos(
        pixels=cache.all(),
        rows=np.array([rows[photo] for photo in photos["photo"]], dtype=np.int64),
        labels=photos["label"].to_numpy(dtype=np.float32),
    )
    trained = training.train(
        learnable, recipe, report=report, should_stop=should_stop, validation=validation, castings=of_photo
    )
    if run_log().find(run.id).wish is Wish.DISCARD:
        raise RunError("stopped, and nothing was to be kept")
    report(Note(text="Writing and checking the model version"))
    return register(run, recipe, dataset, trained, castings)


def _castings(dataset: Dataset, recipe: Recipe, report: Report) -> "pd.Series[int] | None":
    """The casting of each photo; ``None`` where nobody asked for it and finding out would take its time."""
    if recipe.validation is Validation.RANDOM and not casting_known(dataset):
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
