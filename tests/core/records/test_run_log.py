"""The log of runs: nobody's rows are lost, the first end stays, and silence is noticed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casting_core.errors import CastingError, RunError
from casting_core.records.database import connect, reading, writing
from casting_core.records.run_log import SILENCE, RunLog, State, Wish

BEAT = """
import sys
from casting_core.records.database import connect
from casting_core.records.run_log import RunLog
log = RunLog(connect(sys.argv[1]))
for number in range(40):
    log.beat(int(sys.argv[2]), [("note", {"text": f"{sys.argv[3]} {number}"})])
"""


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(clock: Clock, engine: Engine) -> RunLog:
    return RunLog(engine, clock=clock)


def asked(log: RunLog) -> int:
    rule = {"ok": ["good"], "defective": ["bad"]}
    return log.ask(dataset="castings", folder="there", rule=rule, recipe={"epochs": 3}).id


def test_a_run_waits_works_and_finishes(log: RunLog, clock: Clock) -> None:
    number = asked(log)
    run = log.find(number)
    assert (run.state, run.asked, run.started, run.wish) == (State.WAITING, 1000.0, None, Wish.GO_ON)
    assert (run.dataset, run.recipe, run.rule["ok"]) == ("castings", {"epochs": 3}, ["good"])
    clock.now += 5
    log.begin(number, pid=77)
    assert (log.find(number).state, log.find(number).pid) == (State.WORKING, 77)
    clock.now += 5
    log.end(number, State.FINISHED, model="v1")
    run = log.find(number)
    assert (run.state, run.started, run.ended, run.model) == (State.FINISHED, 1005.0, 1010.0, "v1")
    assert run.state.over


def test_a_run_that_falls_silent_is_lost_and_found_again(log: RunLog, clock: Clock) -> None:
    number = asked(log)
    log.begin(number, pid=1)
    clock.now += SILENCE
    assert log.find(number).state is State.WORKING
    clock.now += 1
    assert log.find(number).state is State.LOST
    log.beat(number)
    assert log.find(number).state is State.WORKING


def test_the_first_end_stays(log: RunLog) -> None:
    number = asked(log)
    log.end(number, State.FAILED, message="disk full")
    log.end(number, State.FINISHED, model="v1")
    run = log.find(number)
    assert (run.state, run.message, run.model) == (State.FAILED, "disk full", None)


def test_a_run_that_is_over_never_gets_lost(log: RunLog, clock: Clock) -> None:
    number = asked(log)
    log.end(number, State.STOPPED)
    clock.now += 10 * SILENCE
    assert log.find(number).state is State.STOPPED


def test_who_only_waits_for_a_turn_is_never_lost(log: RunLog, clock: Clock) -> None:
    number = asked(log)
    clock.now += 10 * SILENCE
    assert log.find(number).state is State.WAITING
    assert log.find(number).in_line


def test_a_run_begins_once(log: RunLog) -> None:
    number = asked(log)
    with ThreadPoolExecutor(8) as pool:

        def begin(pid: int) -> bool:
            try:
                log.begin(number, pid=pid)
            except RunError as error:
                assert str(error) == f"run {number} cannot begin: it is working already"
                return False
            return True

        assert sum(pool.map(begin, range(1, 17))) == 1


def test_a_process_that_has_gone_need_not_be_waited_for(log: RunLog) -> None:
    number = asked(log)
    log.silence(number)
    assert log.find(number).state is State.WAITING, "it had none yet"
    log.begin(number, pid=1)
    log.silence(number)
    assert log.find(number).state is State.LOST
    log.end(number, State.FINISHED, model="v1")
    log.silence(number)
    assert log.find(number).state is State.FINISHED


def test_events_that_are_taken_back_are_gone_and_that_is_told(log: RunLog) -> None:
    number, other = asked(log), asked(log)
    for text in ("one", "two", "three"):
        log.beat(number, [("note", {"text": text})])
    log.beat(other, [("note", {"text": "elsewhere"})])
    first = log.events(number)[0][0]
    log.take_back(number, after=first)
    assert [body["text"] for _, _, body in log.events(number)] == ["one"]
    assert [body["text"] for _, _, body in log.events(other)] == ["elsewhere"]
    assert (log.find(number).rewound, log.find(other).rewound) == (1, 0)


def test_a_wish_is_handed_over_with_the_beat(log: RunLog) -> None:
    number = asked(log)
    assert log.beat(number) is Wish.GO_ON
    log.wish(number, Wish.DISCARD)
    assert log.beat(number) is Wish.DISCARD


def test_only_what_is_new_is_read(log: RunLog) -> None:
    number, other = asked(log), asked(log)
    log.beat(number, [("note", {"text": "one"}), ("note", {"text": "two"})])
    log.beat(other, [("note", {"text": "elsewhere"})])
    rows = log.events(number)
    assert [(kind, body["text"]) for _, kind, body in rows] == [("note", "one"), ("note", "two")]
    assert [body["text"] for _, _, body in log.events(number, after=rows[0][0])] == ["two"]


def test_a_run_that_is_not_there_is_named_with_those_that_are(log: RunLog) -> None:
    with pytest.raises(RunError, match=r"no run 9 \(known: none yet\)"):
        log.find(9)
    asked(log)
    with pytest.raises(RunError, match=r"no run 9 \(known: 1 to 1\)"):
        log.find(9)


def test_events_of_a_run_that_is_not_there_are_not_kept(log: RunLog) -> None:
    with pytest.raises(CastingError):
        log.beat(9, [("note", {"text": "one"})])
    assert log.events(9) == []


def test_threads_that_write_at_once_lose_nothing(log: RunLog) -> None:
    number = asked(log)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda at: log.beat(number, [("note", {"text": str(at)})]), range(120)))
    assert sorted(int(body["text"]) for _, _, body in log.events(number)) == list(range(120))


def test_processes_that_write_at_once_lose_nothing(log: RunLog, url: str) -> None:
    number = asked(log)
    command = [sys.executable, "-c", BEAT, url, str(number)]
    started = [subprocess.Popen([*command, name]) for name in ("a", "b", "c")]
    assert [process.wait() for process in started] == [0, 0, 0]
    told = [body["text"] for _, _, body in log.events(number)]
    assert sorted(told) == sorted(f"{name} {at}" for name in "abc" for at in range(40))
    assert [one for one in told if one[0] == "a"] == [f"a {at}" for at in range(40)], "each in its own order"


def test_what_breaks_off_in_the_middle_is_not_kept(log: RunLog) -> None:
    number = asked(log)
    with pytest.raises(CastingError):
        log.beat(number, [("note", {"text": "one"}), (None, {"text": "no kind"})])  # type: ignore[list-item]
    assert log.events(number) == []


@pytest.mark.parametrize("content", [b"no database " * 100, b"SQLite format 3\0" + bytes(4000)])
def test_a_damaged_database_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "damaged.sqlite").write_bytes(content)
    with pytest.raises(CastingError, match="the database"):
        RunLog(connect(f"sqlite:///{tmp_path / 'damaged.sqlite'}")).runs()


def test_a_database_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CastingError, match="cannot be opened"):
        connect(f"sqlite:///{tmp_path / 'file' / 'casting.sqlite'}")


def test_a_reader_does_not_wait_for_a_writer(log: RunLog, engine: Engine) -> None:
    number = asked(log)
    with writing(engine), reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM runs").scalar() == 1
        assert log.find(number).id == number


def test_a_process_that_goes_late_does_not_silence_the_run_that_was_put_in_line_again(log: RunLog) -> None:
    run = log.find(asked(log))
    log.begin(run.id, pid=1)
    log.silence(run.id, queued=(run.queued or 0.0) - 1)
    assert log.find(run.id).state is State.WORKING
    log.silence(run.id, queued=run.queued)
    assert log.find(run.id).state is State.LOST
