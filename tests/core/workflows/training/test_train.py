"""A run is a process of its own: it tells what it does, hears wishes, and leaves nothing half done when killed."""

import os
import platform
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.errors import JobError, RunError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs
from casting_core.learning.recipes.choices import Validation
from casting_core.learning.recipes.events import Compared, EpochDone, Event, Note, Prepared, encode
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.epochs import checkpoint
from casting_core.records.database.access import connect
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import SILENCE, EventRow, JobLog, State, Wish
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import names_of, open_dataset, rule_of
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.stores import pixel_cache, registry
from casting_core.workflows.training.runs import (
    Run,
    epochs_kept,
    find_run,
    log_file,
    note_run,
    run_folder,
    start_run,
    stop,
)
from casting_core.workflows.training.train import _castings, behind, work
from tests import patience
from tests.core.conftest import Fresh

LONG = Recipe(epochs=1000, batch_size=16)


def until(reached: Callable[[Run], bool], run: int) -> Run:
    """The run as soon as it is so far; fails where it never comes to that."""
    patience.until(lambda: reached(find_run(run)), told=lambda: f"{find_run(run)}\n{log_file(run).read_text()[-2000:]}")
    return find_run(run)


def kinds(run: int) -> list[str]:
    return [kind for _, kind, _ in control.log().events(run)]


@pytest.fixture
def going_on(sample_dataset: NamedDataset, castings_known: None) -> int:  # noqa: ARG001 - the run finds them
    """A run in its own process that has done its first epoch and has hundreds to go."""
    run = start_run(sample_dataset, LONG).id
    until(lambda found: found.state.over or "epoch" in kinds(run), run)
    return run


def versions() -> list[str]:
    return [name for name in registry().names() if name.startswith("v")]


@pytest.mark.slow
def test_a_run_that_is_stopped_keeps_its_best_so_far_if_wished(going_on: int) -> None:
    run = find_run(going_on)
    assert run.state is State.WORKING
    assert control.find(going_on).pid not in (None, os.getpid())
    stop(going_on, Wish.KEEP)
    run = until(lambda found: found.state.over, going_on)
    assert (run.state, run.model) == (State.STOPPED, "v1")
    card = registry().card("v1")
    assert card.stopped
    assert card.run == going_on
    assert 1 <= card.best_epoch <= len(card.curves) < 1000
    assert kinds(going_on).count("epoch") == len(card.curves)


@pytest.mark.usefixtures("castings_known")
def test_a_run_that_is_stopped_leaves_nothing_if_wished(sample_dataset: NamedDataset) -> None:
    number = note_run(sample_dataset, LONG).id
    with pytest.raises(RunError, match="nothing was to be kept"):
        work(number, listen=lambda event: stop(number, Wish.DISCARD) if isinstance(event, EpochDone) else None)
    run = find_run(number)
    assert (run.state, run.model) == (State.STOPPED, None)
    assert run.message == "stopped, and nothing was to be kept"
    assert versions() == []


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="only POSIX knows this way to die")
def test_a_run_that_is_killed_leaves_its_log_readable_and_no_version(going_on: int) -> None:
    pid = control.find(going_on).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    told = kinds(going_on)
    assert told.count("epoch") >= 1
    assert until(lambda found: found.state.over, going_on).state is State.LOST
    later = JobLog(connect(settings().database_url), clock=lambda: time.time() + SILENCE + 1)
    assert later.find(going_on).state is State.LOST
    assert versions() == []


@pytest.mark.slow
def test_runs_wait_in_line_and_end_where_the_records_are_in_postgresql(
    new_in_postgresql: Fresh, sample_dataset: NamedDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASTING_DATABASE_URL", new_in_postgresql())
    settings.cache_clear()
    recipe = Recipe(epochs=1, batch_size=16, validation=Validation.RANDOM)
    soon_gone = replace(sample_dataset, folder=str(shutil.copytree(sample_dataset.folder, tmp_path / "soon gone")))
    first, second = (start_run(dataset, recipe).id for dataset in (sample_dataset, soon_gone))
    assert find_run(second).in_line
    shutil.rmtree(soon_gone.folder)
    assert find_run(second).machine == platform.node()
    ends = [until(lambda found: found.state.over, run) for run in (first, second)]
    assert [(run.state, run.model) for run in ends] == [(State.FINISHED, "v1"), (State.FAILED, None)]
    assert "soon gone" in ends[1].message
    assert kinds(first).count("epoch") == 1
    assert not (settings().data_dir / "casting.sqlite").exists()
    connect(settings().database_url).dispose()


def test_a_run_that_cannot_be_started_is_written_down_as_failed(
    sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise JobError("run 1 cannot be started: Permission denied")

    monkeypatch.setattr("casting_core.jobs.process.start", forbidden)
    with pytest.raises(RunError, match="Permission denied"):
        start_run(sample_dataset, LONG)
    assert find_run(1).state is State.FAILED
    assert "Permission denied" in find_run(1).message


@pytest.mark.parametrize(
    ("failure", "state", "message"),
    [
        (RunError("no photos"), State.FAILED, "no photos"),
        (MemoryError(), State.FAILED, "run 1 ran out of memory; try a smaller batch size"),
        (ZeroDivisionError("by zero"), State.FAILED, "ZeroDivisionError: by zero"),
        (KeyboardInterrupt(), State.STOPPED, "stopped by Ctrl+C"),
    ],
    ids=repr,
)
def test_however_a_run_ends_its_end_is_written_down(
    failure: BaseException,
    state: State,
    message: str,
    sample_dataset: NamedDataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("casting_core.workflows.training.train._train_and_register", fail)
    run = note_run(sample_dataset, LONG).id
    with pytest.raises((RunError, ZeroDivisionError, KeyboardInterrupt)):
        work(run)
    assert (find_run(run).state, find_run(run).message) == (state, message)


def test_a_new_run_takes_up_no_checkpoint_of_an_older_one_with_its_number(
    sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the database was deleted and its folder was not."""

    def fail(inputs: Inputs, *_: object) -> None:
        raise RunError(f"{epochs_kept(inputs.job)} epochs")

    monkeypatch.setattr("casting_core.workflows.training.train._train_and_register", fail)
    one = checkpoint.Checkpoint(epochs=(epoch_done(1),), weights=[], best=[], optimizer=[])
    run = note_run(sample_dataset, LONG).id
    checkpoint.write(one, run_folder(run), data="other photos")
    with pytest.raises(RunError, match="0 epochs"):
        work(run)
    checkpoint.write(one, run_folder(run), data="its own")
    control.queue().rejoin(run)
    with pytest.raises(RunError, match="1 epochs"):
        work(run)


def epoch_done(number: int) -> EpochDone:
    figures = {"loss": 0.5, "accuracy": 0.5, "validation_loss": 0.5, "validation_accuracy": 0.5}
    return EpochDone(epoch=number, **figures, seconds=1.0, photos_per_second=9.0)


PREPARED = Prepared(epochs=3, batches=1, train_photos=9, validation_photos=3, parameters=7)
TOLD: list[Event] = [Note(text="reading"), PREPARED, epoch_done(1), Note(text="a"), epoch_done(2), Note(text="b")]


@pytest.mark.parametrize(
    ("done", "kept", "again"),
    [
        (0, 0, []),
        (1, 3, []),
        (2, 5, []),
        (3, 5, [3]),  # the last one never came to be written: it is told again
    ],
)
def test_what_was_told_behind_the_epochs_that_count_is_taken_back(done: int, kept: int, again: list[int]) -> None:
    """``kept`` is how many of the events that were told stay."""
    written: list[EventRow] = [(10 + place, *encode(event)) for place, event in enumerate(TOLD)]
    last, anew = behind([epoch_done(number + 1) for number in range(done)])(written)
    assert [number for number, _, _ in written if number <= last] == [10 + place for place in range(kept)]
    assert [(kind, body["epoch"]) for kind, body in anew] == [("epoch", number) for number in again]


def test_only_who_has_to_search_for_castings_says_so(sample_dataset: NamedDataset) -> None:
    dataset, told = open_dataset(sample_dataset.folder, rule=rule_of(sample_dataset.rule)), list[Event]()
    by_photo, by_casting = Recipe(validation=Validation.RANDOM), Recipe(validation=Validation.CASTING)
    assert _castings(dataset, by_photo, told.append) is None, "nobody asked for it"
    found = _castings(dataset, by_casting, told.append)
    assert [note.text for note in told if isinstance(note, Note)] == ["Finding out which photos show one casting"]
    known = _castings(dataset, by_photo, told.append)
    assert found is not None
    assert known is not None
    assert known.equals(found)
    assert len(told) == 1


def test_a_version_knows_what_it_was_made_of(version: str, sample_dataset: NamedDataset) -> None:
    card = registry().card(version)
    assert (card.network, card.parameters, card.image_size) == ("classic", 668_753, 300)
    assert Recipe.model_validate(card.recipe).epochs == len(card.curves) == 2
    assert not card.stopped
    assert card.data.name == sample_dataset.name
    assert card.data.trained_on + card.data.validated_on == sum(
        row.photos for row in card.data.photos if row.split == "train"
    )
    assert card.export_difference <= 1e-5
    losses = [epoch.validation_loss for epoch in card.curves]
    assert card.best_epoch == 1 + losses.index(min(losses))
    assert {"keras", "onnxruntime", "python"} <= set(card.versions)


def test_a_run_that_compares_registers_the_better_network_and_both_figures(tmp_path: Path) -> None:
    """On fine and coarse grains; in such small steps the guide's network learns nothing."""
    rng = np.random.default_rng(0)
    for label in ("ok", "defective"):
        (tmp_path / "grains" / label).mkdir(parents=True)
        for number in range(25):
            noise = cv2.GaussianBlur(rng.normal(0, 1, (300, 300)), (0, 0), 2.0 if label == "ok" else 4.5)
            grey = np.clip(rng.uniform(90, 160) + 25 * noise / noise.std(), 0, 255).astype(np.uint8)
            Image.fromarray(grey).save(tmp_path / "grains" / label / f"{number}.png")
    named = NamedDataset(name="grains", folder=str(tmp_path / "grains"), rule=names_of(ClassRule()))
    heard: list[Event] = []
    recipe = Recipe(epochs=1, batch_size=16, learning_rate=1e-6, validation=Validation.RANDOM, compare=True)
    card = work(note_run(named, recipe).id, listen=heard.append)
    (said,) = [event for event in heard if isinstance(event, Compared)]
    assert card.tried == {"classic": said.auc, "backbone": said.other_auc}
    assert said.other_auc > max(0.9, said.auc)
    assert (card.network, card.recipe["network"], card.parameters) == ("backbone", "backbone", 913)
    assert card.baselines.keys() == {"guess", "grey histogram", "frozen public network"}
    some = open_dataset(named.folder).usable["photo"].iloc[::10].tolist()
    scores = load_model(card.name).scorer.score(pixel_cache().take(some))
    assert scores.evidence.shape[1:] == (19, 19)
    assert np.ptp(scores.evidence) > 0
