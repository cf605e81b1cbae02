"""The pulse of a run: what happens is written within a beat, wishes are heard, and a full disk loses nothing."""

import subprocess
from pathlib import Path

import pytest

from casting_core.errors import CastingError, RunError
from casting_core.learning.events import Note
from casting_core.learning.runs import Pulse, launch, pulse
from casting_core.records.database import connect
from casting_core.records.run_log import RunLog, Wish
from casting_core.settings import settings


@pytest.fixture
def log() -> RunLog:
    return RunLog(connect(settings().database_url))


@pytest.fixture
def run(log: RunLog) -> int:
    return log.ask(dataset="castings", folder="there", rule={}, recipe={}, alone=False).id


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
    with pytest.raises(ValueError, match="broken"), pulse(log, run) as (report, should_stop):
        report(Note(text="last words"))
        assert not should_stop()
        raise ValueError("broken")
    assert texts(log, run) == ["last words"]


def test_a_process_that_cannot_be_started_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    with pytest.raises(RunError, match="run 7 cannot be started: Permission denied"):
        launch(7, output=tmp_path / "logs" / "7.log", root=tmp_path)
