"""Whatever is done to a run, or to the server that asked for it, it ends as if nothing had been, or can be resumed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casting_core.errors import DatasetError, JobError
from casting_core.jobs import control, process
from casting_core.jobs.kinds import Inputs
from casting_core.jobs.pulse import Pulse
from casting_core.learning.recipes.choices import Validation
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records import jobs as rows
from casting_core.records.database.access import connect
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import JobLog, State, Wish
from casting_core.settings import ROOT, settings
from casting_core.workflows.stores import registry
from casting_core.workflows.training.runs import (
    Run,
    epochs_kept,
    find_run,
    log_file,
    note_run,
    resume,
    run_folder,
    start_run,
    stop,
)
from casting_core.workflows.training.train import _registered_before
from tests.core.jobs.counting import KILLS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,  # together they take minutes
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.name != "posix", reason="only POSIX knows these ways to die"),
]

PATIENCE = 600  # seconds for anything to happen
SHORT = Recipe(epochs=3, batch_size=16, validation=Validation.RANDOM)
LONG = SHORT.model_copy(update={"epochs": 1000})

SERVER = """
import json, sys, time
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.training.runs import start_run
named = NamedDataset(**json.loads(sys.argv[1]))
for _ in range(int(sys.argv[3])):
    start_run(named, Recipe.model_validate_json(sys.argv[2]))
print("started", flush=True)
time.sleep(1000)
"""


def until(reached: Callable[[Run], object], run: int) -> Run:
    """The run as soon as it is so far; fails where it never comes to that."""
    give_up = time.monotonic() + PATIENCE
    while not reached(found := find_run(run)):
        assert time.monotonic() < give_up, f"{found}\n{log_file(run).read_text()[-2000:]}"
        time.sleep(0.05)
    return found


def over(run: Run) -> bool:
    return run.state.over


def epochs_of(run: int) -> list[dict[str, Any]]:
    return [body for _, kind, body in control.log().events(run) if kind == "epoch"]


def rows_of(run: int) -> list[tuple[str, object, object]]:
    """What the log holds of a run, row by row, without what depends on the clock."""
    return [(kind, body.get("epoch"), body.get("batch")) for _, kind, body in control.log().events(run)]


def versions() -> list[str]:
    """The names of all versions that were made; each of them is whole."""
    names = [name for name in registry().names() if name.startswith("v")]
    for name in names:
        registry().archive(name)
    return names


def stop_by(sign: signal.Signals, run: int) -> None:
    pid = control.find(run).pid
    assert pid is not None
    os.kill(pid, sign)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is called lost after three seconds, not twenty; one that is very busy may be, too, for a while."""
    monkeypatch.setattr(rows, "SILENCE", 3.0)


def server(dataset: NamedDataset, recipe: Recipe, *, number: int = 1) -> "subprocess.Popen[bytes]":
    """A process that has started so many runs, as the dashboard does, and lives on."""
    rule = {"name": dataset.name, "folder": dataset.folder, "rule": dataset.rule}
    told = [str(rule).replace("'", '"'), recipe.model_dump_json(), str(number)]
    process = subprocess.Popen([sys.executable, "-c", SERVER, *told], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    return process


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


@pytest.mark.usefixtures("castings_known")  # or the panel of the first run finds them, and the second learns otherwise
def test_a_run_that_is_killed_ten_times_ends_as_if_it_had_never_stopped(sample_dataset: NamedDataset) -> None:
    recipe = SHORT.model_copy(update={"epochs": 10, "repeatable": True, "seed": 3})
    whole = until(over, start_run(sample_dataset, recipe).id)
    assert whole.state is State.FINISHED
    chance = random.Random(os.environ.get("CASTING_CHANCE", "7"))
    run = start_run(sample_dataset, recipe)
    for kill_number in range(KILLS):
        until(lambda found: found.state is State.WORKING, run.id)
        if kill_number % 2:  # in the middle of its epochs; else while it comes up
            more = min(len(epochs_of(run.id)) + 1, recipe.epochs - 2)
            until(lambda found, more=more: found.state.over or epochs_kept(found.id) >= more, run.id)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 1.0 if kill_number % 2 else 4.0))
        stop_by(signal.SIGKILL, run.id)
        assert until(over, run.id).state is State.LOST, kill_number
        assert versions() == ["v1"]
        resume(run.id)
    ended = until(over, run.id)
    assert (ended.state, ended.model) == (State.FINISHED, "v2"), ended.message
    assert rows_of(run.id) == rows_of(whole.id)
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    curves = [[[epoch[name] for name in names] for epoch in epochs_of(one)] for one in (run.id, whole.id)]
    assert curves[0] == curves[1], "to the last digit, for it was to be repeatable"
    assert versions() == ["v2", "v1"]
    assert registry().card("v2").metrics == registry().card("v1").metrics
    assert not run_folder(run.id).exists(), "its checkpoint is needed no more"


@pytest.mark.parametrize("moment", ["at once", "while it learns"])
def test_a_run_outlives_the_server(sample_dataset: NamedDataset, moment: str) -> None:
    process = server(sample_dataset, SHORT)
    if moment == "while it learns":
        until(lambda found: epochs_of(found.id), 1)
    kill(process)
    run = until(over, 1)
    assert (run.state, run.model, len(epochs_of(1))) == (State.FINISHED, "v1", 3)


@pytest.mark.usefixtures("impatient")
def test_a_run_that_is_killed_with_its_server_is_resumed(sample_dataset: NamedDataset) -> None:
    process = server(sample_dataset, SHORT.model_copy(update={"epochs": 6}))
    until(lambda found: epochs_kept(found.id), 1)
    process.kill()
    stop_by(signal.SIGKILL, 1)
    process.communicate()
    assert until(over, 1).state is State.LOST
    resume(1)
    run = until(lambda found: found.ended, 1)
    assert (run.state, run.model) == (State.FINISHED, "v1")
    assert [epoch["epoch"] for epoch in epochs_of(1)] == [1, 2, 3, 4, 5, 6]


def test_of_two_people_who_start_at_once_one_waits_for_the_other(sample_dataset: NamedDataset) -> None:
    with ThreadPoolExecutor(2) as pool:
        asked = sorted(pool.map(lambda _: start_run(sample_dataset, SHORT).id, range(2)))
    until(lambda found: found.state is State.WORKING, asked[0])
    assert find_run(asked[1]).in_line
    stop_by(signal.SIGKILL, asked[0])  # however it ends
    ended = until(over, asked[1])
    assert (ended.state, ended.model) == (State.FINISHED, "v1")
    assert find_run(asked[0]).state is State.LOST


def test_runs_that_wait_start_by_themselves_without_a_server(sample_dataset: NamedDataset) -> None:
    kill(server(sample_dataset, SHORT, number=2))
    ends = [until(over, run) for run in (1, 2)]
    assert [(run.state, run.model) for run in ends] == [(State.FINISHED, "v1"), (State.FINISHED, "v2")]
    first, second = (find_run(run) for run in (1, 2))
    assert first.ended and second.started
    assert second.started > first.ended, "one at a time"


def test_a_terminal_waits_its_turn_and_says_so(sample_dataset: NamedDataset) -> None:
    first = start_run(sample_dataset, LONG).id
    command = [sys.executable, "-m", "casting_core", "train", "--data", sample_dataset.folder]
    command += ["--network", "classic", "--epochs", "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    told = process.stderr.readline()
    assert told == "Run 2 waits for its turn: one at work, 0 in line before it ...\n"
    until(lambda found: epochs_kept(found.id), first)
    stop(first, Wish.DISCARD)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert find_run(2).model == "v1"
    kept = epochs_kept(first)
    resumed = subprocess.Popen(
        [sys.executable, "-m", "casting_core", "train", "--resume", str(first)], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    until(lambda found: epochs_kept(found.id) > kept, first)  # what was stopped, and not kept, goes on
    stop(first, Wish.KEEP)
    assert resumed.wait(PATIENCE) == 0
    run = find_run(first)
    assert (run.state, run.model) == (State.STOPPED, "v2")
    card = registry().card("v2")
    assert card.stopped
    assert [epoch.epoch for epoch in card.curves] == list(range(1, len(card.curves) + 1))
    with pytest.raises(JobError, match="cannot be resumed: it is stopped and came to a result"):
        resume(first)


def test_a_full_disk_ends_a_run_with_a_sentence_and_it_is_resumed_when_there_is_room(
    sample_dataset: NamedDataset,
) -> None:
    resource = pytest.importorskip("resource")
    run = note_run(sample_dataset, SHORT.model_copy(update={"epochs": 4})).id
    most = 8 * 2**20  # bytes of one file; a checkpoint of this network has ten million

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [sys.executable, "-m", "casting_core", "jobs", "work", str(run)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, preexec_fn=little_room)
    assert done.returncode == 2
    assert f"{str(run_folder(run))!r} cannot be written: File too large" in done.stderr
    found = find_run(run)
    assert (found.state, found.model) == (State.FAILED, None)
    assert "cannot be written" in found.message
    assert versions() == []
    assert list(run_folder(run).iterdir()) == []
    resume(run)
    found = until(over, run)
    assert (found.state, found.model) == (State.FINISHED, "v1")
    assert [epoch["epoch"] for epoch in epochs_of(run)] == [1, 2, 3, 4]


@pytest.fixture
def own_photos(sample_dataset: NamedDataset, tmp_path: Path) -> NamedDataset:
    """A copy of the drawn sample that a test may change."""
    folder = tmp_path / "photos"
    shutil.copytree(sample_dataset.folder, folder)
    return NamedDataset(name="own", folder=str(folder), rule=sample_dataset.rule)


def test_a_run_goes_on_only_with_the_photos_it_began_with(own_photos: NamedDataset) -> None:
    run = start_run(own_photos, LONG.model_copy(update={"epochs": 20})).id
    until(lambda found: epochs_kept(found.id) or found.state.over, run)
    stop(run, Wish.DISCARD)
    assert until(over, run).message == "stopped, and nothing was to be kept"
    folder = Path(own_photos.folder)
    aside = folder.with_name("aside")
    folder.rename(aside)
    with pytest.raises(DatasetError, match=f"run {run} cannot be resumed: its photos have gone"):
        resume(run)
    shutil.copytree(aside, folder)
    next((folder / "train" / "ok_front").iterdir()).unlink()
    resume(run)
    failed = until(over, run)
    assert failed.state is State.FAILED
    assert "the photos, their labels or their castings have changed since this run began" in failed.message
    assert epochs_kept(run) > 0
    shutil.rmtree(folder)
    aside.rename(folder)
    kept = epochs_kept(run)
    resume(run)
    until(lambda found: epochs_kept(found.id) > kept, run)
    shutil.rmtree(folder)  # what it learns from is in its memory, and in the cache
    done = until(over, run)
    assert (done.state, len(epochs_of(run))) == (State.FINISHED, 20), done.message


@pytest.mark.usefixtures("impatient")
def test_a_run_on_a_machine_that_slept_is_found_again_and_one_that_hangs_is_replaced(
    sample_dataset: NamedDataset,
) -> None:
    run = start_run(sample_dataset, LONG).id
    next_one = note_run(sample_dataset, SHORT).id
    until(lambda found: epochs_kept(found.id), run)
    stop_by(signal.SIGSTOP, run)
    assert until(over, run).state is State.LOST
    assert control.start_next() is None, "it may wake up, and two would work at once"
    stop_by(signal.SIGCONT, run)
    until(lambda found: found.state is State.WORKING, run)
    control.queue().withdraw(next_one)
    stop_by(signal.SIGSTOP, run)
    until(over, run)
    hung = control.find(run).pid
    resume(run)
    kept = epochs_kept(run)
    until(lambda found: epochs_kept(found.id) > kept, run)
    assert control.find(run).pid != hung
    stop(run, Wish.KEEP)
    ended = until(lambda found: found.ended, run)
    assert (ended.state, ended.model) == (State.STOPPED, "v1")


def test_a_run_that_was_killed_when_its_version_was_just_made_makes_no_second_one(
    sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = until(over, start_run(sample_dataset, SHORT).id)
    assert run.model == "v1"
    until(lambda found: not process.held(found.id), run.id)  # it has cleared up
    # As it is when the process dies between the last step of registering and the word that it has.
    run_folder(run.id).mkdir(parents=True)
    monkeypatch.setattr("casting_core.workflows.training.train.epochs_kept", lambda _run: 3)
    job = control.find(run.id)
    pulse = Pulse(control.log(), run.id)
    again = Inputs(values=job.inputs, job=run.id, attempt=2, actor="", folder=run_folder(run.id), pulse=pulse)
    found = _registered_before(again)
    assert found is not None
    assert found.name == "v1"
    assert run.started is not None
    later = replace(run, started=time.time() + 5)  # the same number in a database that began after the version
    monkeypatch.setattr("casting_core.workflows.training.train.find_run", lambda _run: later)
    assert _registered_before(again) is None


def test_a_clock_put_back_an_hour_leaves_no_dead_run_working(
    sample_dataset: NamedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process dies in the hour that comes again; whoever looks reads a clock an hour behind its heartbeat."""
    run = start_run(sample_dataset, LONG).id
    next_one = note_run(sample_dataset, SHORT.model_copy(update={"epochs": 1})).id
    until(lambda found: epochs_kept(found.id), run)
    back = JobLog(connect(settings().database_url), clock=lambda: time.time() - 3600.0)
    monkeypatch.setattr(control, "log", lambda: back)
    stop_by(signal.SIGKILL, run)
    assert until(over, run).state is State.LOST
    until(lambda found: found.started, next_one)  # the line goes on
    monkeypatch.undo()  # its process beats by the true clock, and only this one's was put back
    ended = until(over, next_one)
    assert (ended.state, ended.model) == (State.FINISHED, "v1")
    assert find_run(run).state is State.LOST
