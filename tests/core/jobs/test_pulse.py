"""The pulse of a run: what happens is written within a beat, wishes are heard, and a full disk loses nothing."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from casting_core.errors import CastingError, RunError
from casting_core.jobs.runs import Pulse, alive, kill, launch, pulse, this_process
from casting_core.learning.recipes.events import EpochDone, Event, Note, Prepared
from casting_core.records.database import connect
from casting_core.records.run_log import RunLog, Wish
from casting_core.settings import settings


@pytest.fixture
def log() -> RunLog:
    return RunLog(connect(settings().database_url))


@pytest.fixture
def run(log: RunLog) -> int:
    return log.ask(dataset="castings", folder="there", rule={}, recipe={}).id


def texts(log: RunLog, run: int) -> list[str]:
    return [body["text"] for _, _, body in log.events(run)]


def test_events_are_written_in_order_with_the_next_beat(log: RunLog, run: int) -> None:
    heart = Pulse(log, run)
    heart.report(Note(text="one"))
    heart.report(Note(text="two"))
    assert texts(log, run) == []
    heart.beat()
    heart.beat()
    assert texts(log, run) == ["one", "two"]


def test_a_wish_is_heard_with_the_next_beat(log: RunLog, run: int) -> None:
    heart = Pulse(log, run)
    heart.beat()
    assert not heart.should_stop()
    log.wish(run, Wish.KEEP)
    heart.beat()
    assert heart.should_stop()
    assert heart.wish is Wish.KEEP


def test_what_cannot_be_written_now_is_written_later(log: RunLog, run: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise CastingError("the database cannot be written: disk is full")

    heart = Pulse(log, run)
    heart.report(Note(text="one"))
    with monkeypatch.context() as patch:
        patch.setattr(log, "beat", full)
        heart.beat()
    heart.report(Note(text="two"))
    heart.beat()
    assert texts(log, run) == ["one", "two"]


def test_the_last_words_are_written_when_a_run_breaks_off(log: RunLog, run: int) -> None:
    with pytest.raises(ValueError, match="broken"), pulse(log, run) as heart:
        heart.report(Note(text="last words"))
        assert not heart.should_stop()
        raise ValueError("broken")
    assert texts(log, run) == ["last words"]


def epoch_done(number: int) -> EpochDone:
    figures = {"loss": 0.5, "accuracy": 0.5, "validation_loss": 0.5, "validation_accuracy": 0.5}
    return EpochDone(epoch=number, **figures, seconds=1.0, photos_per_second=9.0)


PREPARED = Prepared(epochs=3, batches=1, train_photos=9, validation_photos=3, parameters=7)
TOLD: list[Event] = [Note(text="reading"), PREPARED, epoch_done(1), Note(text="a"), epoch_done(2), Note(text="b")]


def told(log: RunLog, run: int) -> list[str]:
    return [str(body.get("text") or body.get("epoch") or kind) for kind, body in (row[1:] for row in log.events(run))]


@pytest.mark.parametrize(
    ("done", "left"),
    [
        (0, []),
        (1, ["reading", "prepared", "1"]),
        (2, ["reading", "prepared", "1", "a", "2"]),
        (3, ["reading", "prepared", "1", "a", "2", "3"]),  # the last one never came to be written: it is told again
    ],
)
def test_what_was_told_behind_the_epochs_that_count_is_taken_back(
    log: RunLog, run: int, done: int, left: list[str]
) -> None:
    heart = Pulse(log, run)
    for event in TOLD:
        heart.report(event)
    heart.beat()
    heart.report(Note(text="never written"))
    heart.rewind([epoch_done(number + 1) for number in range(done)])
    heart.beat()
    assert told(log, run) == left
    assert log.find(run).rewound == 1


def test_a_run_that_told_nothing_yet_takes_nothing_back(log: RunLog, run: int) -> None:
    Pulse(log, run).rewind()
    assert log.find(run).rewound == 0


def test_the_process_of_a_run_is_told_from_a_later_one_of_its_number(log: RunLog, run: int) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(100)"]
    with subprocess.Popen(sleeper) as process:
        born = psutil.Process(process.pid).create_time()
        assert alive(log.begin(run, pid=process.pid, born=born))
        other = replace(log.find(run), born=born - 1000)
        assert not alive(other)
        kill(other)
        assert process.poll() is None, "it is not ours to end"
        kill(log.find(run))
        assert not alive(log.find(run))
    kill(log.find(run))  # it has gone already


def test_a_run_without_a_process_is_not_alive(log: RunLog, run: int) -> None:
    assert not alive(log.find(run))
    assert this_process().pid == os.getpid()


def test_a_process_that_cannot_be_started_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    with pytest.raises(RunError, match="run 7 cannot be started: Permission denied"):
        launch(7, output=tmp_path / "logs" / "7.log", after=lambda: None)
