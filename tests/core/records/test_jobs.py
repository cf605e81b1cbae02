"""The rows of jobs: nobody's rows are lost, the first end stays, and silence is noticed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casting_core.errors import CastingError, JobError
from casting_core.jobs.queue import Queue
from casting_core.records.database.access import connect, reading, writing
from casting_core.records.jobs import SILENCE, START_LIMIT, JobLog, Request, State, Wish, add_job, dataset_in

BEAT = """
import sys
from casting_core.records.database.access import connect
from casting_core.records.jobs import JobLog
log = JobLog(connect(sys.argv[1]))
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
def log(clock: Clock, engine: Engine) -> JobLog:
    return JobLog(engine, clock=clock)


REQUEST = Request(
    kind="run",
    inputs={"dataset": "castings", "recipe": {"epochs": 3}},
    about="castings",
    subject="one",
    uses=(dataset_in("/there"),),
    actor="Anna",
    heavy=True,
)


def asked(log: JobLog, engine: Engine, *, starting: bool = False) -> int:
    with writing(engine) as connection:
        return add_job(connection, REQUEST, machine="here", now=log._clock(), starting=starting)


def test_a_job_waits_works_and_finishes(log: JobLog, clock: Clock, engine: Engine) -> None:
    number = asked(log, engine)
    job = log.find(number)
    assert (job.state, job.asked, job.queued, job.started) == (State.WAITING, 1000.0, 1000.0, None)
    assert (job.wish, job.attempt, job.share, job.seconds_left) == (Wish.GO_ON, 1, 0.0, None)
    assert (job.kind, job.about, job.subject, job.machine, job.actor) == ("run", "castings", "one", "here", "Anna")
    assert (job.inputs, job.uses, job.heavy) == (REQUEST.inputs, ["dataset:/there"], True)
    clock.now += 5
    assert log.begin(number, pid=77).state is State.WORKING
    assert (log.find(number).state, log.find(number).pid) == (State.WORKING, 77)
    clock.now += 5
    log.end(number, State.FINISHED, result={"model": "v1"})
    job = log.find(number)
    assert (job.state, job.started, job.ended, job.result) == (State.FINISHED, 1005.0, 1010.0, {"model": "v1"})
    assert job.state.over


def test_progress_is_told_with_the_beat_and_stays_until_the_next_word(
    log: JobLog, clock: Clock, engine: Engine
) -> None:
    number = asked(log, engine)
    log.begin(number, pid=1)
    clock.now += 1
    log.beat(number, doing="Reading photos", share=0.25, seconds_left=9.0)
    log.beat(number)
    job = log.find(number)
    assert (job.doing, job.share, job.seconds_left, job.heartbeat) == ("Reading photos", 0.25, 9.0, 1001.0)


def test_a_job_that_falls_silent_is_lost_and_found_again(log: JobLog, clock: Clock, engine: Engine) -> None:
    number = asked(log, engine)
    log.begin(number, pid=1)
    clock.now += SILENCE
    assert log.find(number).state is State.WORKING
    clock.now += 1
    assert log.find(number).state is State.LOST
    log.beat(number)
    assert log.find(number).state is State.WORKING


def test_the_first_end_stays(log: JobLog, engine: Engine) -> None:
    number = asked(log, engine)
    log.end(number, State.FAILED, message="disk full")
    log.end(number, State.FINISHED, result={"model": "v1"})
    job = log.find(number)
    assert (job.state, job.message, job.result) == (State.FAILED, "disk full", None)


def test_a_job_that_is_over_never_gets_lost(log: JobLog, clock: Clock, engine: Engine) -> None:
    number = asked(log, engine)
    log.end(number, State.STOPPED)
    clock.now += 10 * SILENCE
    assert log.find(number).state is State.STOPPED


def test_who_only_waits_for_a_turn_is_never_lost(log: JobLog, clock: Clock, engine: Engine) -> None:
    number = asked(log, engine)
    clock.now += 10 * SILENCE
    assert log.find(number).state is State.WAITING
    assert log.find(number).in_line


def test_a_job_begins_once(log: JobLog, engine: Engine) -> None:
    number = asked(log, engine)
    with ThreadPoolExecutor(8) as pool:

        def begin(pid: int) -> bool:
            try:
                log.begin(number, pid=pid)
            except JobError as error:
                assert str(error) == f"run {number} cannot begin: it is working already"
                return False
            return True

        assert sum(pool.map(begin, range(1, 17))) == 1


def test_a_process_that_ended_before_it_began_is_the_reason_why_its_job_failed(log: JobLog, engine: Engine) -> None:
    number = asked(log, engine, starting=True)
    log.never_began(log.find(number), "its process ended before it began")
    job = log.find(number)
    assert (job.state, job.message) == (State.FAILED, "its process ended before it began")


@pytest.mark.parametrize("meanwhile", ["it waits", "it works", "it has ended", "it was resumed"])
def test_the_end_of_a_process_says_nothing_of_what_came_after_it(log: JobLog, engine: Engine, meanwhile: str) -> None:
    number = asked(log, engine, starting=meanwhile != "it waits")
    before = log.find(number)
    if meanwhile in ("it works", "it has ended"):
        log.begin(number, pid=1)
    if meanwhile == "it has ended":
        log.end(number, State.FINISHED, result={})
    if meanwhile == "it was resumed":
        log.end(number, State.STOPPED)
        Queue(engine, machine="here", alive=lambda _job: False).rejoin(number, starting=True)
    now = log.find(number)
    log.never_began(before, "its process ended before it began")
    assert log.find(number) == now


def test_events_that_are_taken_back_are_gone_and_that_is_told(log: JobLog, engine: Engine) -> None:
    number, other = asked(log, engine), asked(log, engine)
    for text in ("one", "two", "three"):
        log.beat(number, [("note", {"text": text})])
    log.beat(other, [("note", {"text": "elsewhere"})])
    first = log.events(number)[0][0]
    log.take_back(number, after=first)
    assert [body["text"] for _, _, body in log.events(number)] == ["one"]
    assert [body["text"] for _, _, body in log.events(other)] == ["elsewhere"]
    assert (log.find(number).rewound, log.find(other).rewound) == (1, 0)


def test_a_wish_is_handed_over_with_the_beat(log: JobLog, engine: Engine) -> None:
    number = asked(log, engine)
    assert log.beat(number) is Wish.GO_ON
    log.wish(number, Wish.DISCARD)
    assert log.beat(number) is Wish.DISCARD


def test_only_what_is_new_is_read(log: JobLog, engine: Engine) -> None:
    number, other = asked(log, engine), asked(log, engine)
    log.beat(number, [("note", {"text": "one"}), ("note", {"text": "two"})])
    log.beat(other, [("note", {"text": "elsewhere"})])
    rows = log.events(number)
    assert [(kind, body["text"]) for _, kind, body in rows] == [("note", "one"), ("note", "two")]
    assert [body["text"] for _, _, body in log.events(number, after=rows[0][0])] == ["two"]


def test_a_job_that_is_not_there_is_named_with_those_that_are(log: JobLog, engine: Engine) -> None:
    with pytest.raises(JobError, match=r"no job 9 \(known: none yet\)"):
        log.find(9)
    asked(log, engine)
    with pytest.raises(JobError, match=r"no job 9 \(known: 1 to 1\)"):
        log.find(9)


def test_events_of_a_job_that_is_not_there_are_not_kept(log: JobLog) -> None:
    with pytest.raises(CastingError):
        log.beat(9, [("note", {"text": "one"})])
    assert log.events(9) == []


def test_threads_that_write_at_once_lose_nothing(log: JobLog, engine: Engine) -> None:
    number = asked(log, engine)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda at: log.beat(number, [("note", {"text": str(at)})]), range(120)))
    assert sorted(int(body["text"]) for _, _, body in log.events(number)) == list(range(120))


def test_processes_that_write_at_once_lose_nothing(log: JobLog, url: str, engine: Engine) -> None:
    number = asked(log, engine)
    command = [sys.executable, "-c", BEAT, url, str(number)]
    started = [subprocess.Popen([*command, name]) for name in ("a", "b", "c")]
    assert [process.wait() for process in started] == [0, 0, 0]
    told = [body["text"] for _, _, body in log.events(number)]
    assert sorted(told) == sorted(f"{name} {at}" for name in "abc" for at in range(40))
    assert [one for one in told if one[0] == "a"] == [f"a {at}" for at in range(40)], "each in its own order"


def test_what_breaks_off_in_the_middle_is_not_kept(log: JobLog, engine: Engine) -> None:
    number = asked(log, engine)
    with pytest.raises(CastingError):
        log.beat(number, [("note", {"text": "one"}), (None, {"text": "no kind"})])  # type: ignore[list-item]
    assert log.events(number) == []


@pytest.mark.parametrize("content", [b"no database " * 100, b"SQLite format 3\0" + bytes(4000)])
def test_a_damaged_database_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "damaged.sqlite").write_bytes(content)
    with pytest.raises(CastingError, match="the database"):
        JobLog(connect(f"sqlite:///{tmp_path / 'damaged.sqlite'}")).jobs()


def test_a_database_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CastingError, match="cannot be opened"):
        connect(f"sqlite:///{tmp_path / 'file' / 'casting.sqlite'}")


def test_a_reader_does_not_wait_for_a_writer(log: JobLog, engine: Engine) -> None:
    number = asked(log, engine)
    with writing(engine), reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM jobs").scalar() == 1
        assert log.find(number).id == number


HOUR = 3600.0


def test_a_clock_put_back_an_hour_leaves_no_dead_job_working(log: JobLog, clock: Clock, engine: Engine) -> None:
    """It died in the hour that comes again; its heartbeat lies in the future of who reads it."""
    number = asked(log, engine)
    log.begin(number, pid=1)
    clock.now -= HOUR
    assert log.find(number).state is State.LOST
    for _ in range(3):
        clock.now += HOUR / 4
        assert log.find(number).state is State.LOST


def test_a_clock_put_back_an_hour_leaves_no_living_job_lost(log: JobLog, clock: Clock, engine: Engine) -> None:
    number = asked(log, engine)
    log.begin(number, pid=1)
    clock.now -= HOUR
    log.beat(number)  # by the same clock of the same machine, half a second later
    assert log.find(number).state is State.WORKING
    clock.now += SILENCE
    assert log.find(number).state is State.WORKING


def test_a_reader_whose_clock_was_put_back_is_as_far_away_as_one_that_is_ahead(
    log: JobLog, clock: Clock, engine: Engine
) -> None:
    """Of a machine of its own nothing but heartbeats is known, so a clock there that is an hour off finds it lost."""
    number = asked(log, engine)
    log.begin(number, pid=1)
    for off in (-HOUR, HOUR):
        assert JobLog(engine, clock=lambda off=off: clock.now + off).find(number).state is State.LOST
    assert log.find(number).state is State.WORKING


def test_what_waits_for_a_turn_does_so_whatever_the_clock_says(log: JobLog, clock: Clock, engine: Engine) -> None:
    number = asked(log, engine)
    clock.now -= HOUR
    assert log.find(number).in_line


def test_a_process_that_is_being_started_has_longer_to_come_up_than_one_at_work_to_say_a_word(
    log: JobLog, clock: Clock, engine: Engine
) -> None:
    number = asked(log, engine, starting=True)
    clock.now += SILENCE + 1
    assert log.find(number).state is State.WAITING
    assert not log.find(number).in_line
    clock.now += START_LIMIT
    assert log.find(number).state is State.LOST
    assert log.find(number).resumable


def test_jobs_are_listed_the_newest_first_and_by_kind_and_subject(log: JobLog, engine: Engine) -> None:
    with writing(engine) as connection:
        one, other, third = (
            add_job(connection, Request(kind=kind, inputs={}, subject=subject), machine="", now=1.0)
            for kind, subject in (("run", ""), ("audit", "x"), ("audit", "y"))
        )
    log.end(other, State.FAILED)
    assert [job.id for job in log.jobs()] == [third, other, one]
    assert [job.id for job in log.jobs(kind="audit")] == [third, other]
    assert [job.id for job in log.jobs(kind="audit", subject="x")] == [other]
    assert [job.id for job in log.jobs(most=1)] == [third]
    assert [job.id for job in log.open()] == [third, one]


@pytest.mark.parametrize(
    ("state", "result", "resumable"),
    [
        (State.STOPPED, None, True),
        (State.FAILED, None, True),
        (State.FINISHED, {}, False),
        (State.STOPPED, {"model": "v1"}, False),
    ],
)
def test_what_ended_without_a_result_can_be_taken_up_again(
    log: JobLog, engine: Engine, state: State, result: dict[str, object] | None, resumable: bool
) -> None:
    number = asked(log, engine)
    log.end(number, state, result=result)
    assert log.find(number).resumable is resumable
