"""Many readers of a job's events cost as much as one, and see what was taken back go."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event

from casting_core.errors import JobError
from casting_core.jobs.feed import FRESH, EventFeed
from casting_core.records.database.access import writing
from casting_core.records.jobs import JobLog, Request, add_job
from tests.core.jobs.counting import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(engine: Engine) -> JobLog:
    return JobLog(engine)


@pytest.fixture
def feed(log: JobLog, clock: Clock) -> EventFeed:
    return EventFeed(log, clock=clock)


def job_of(engine: Engine, log: JobLog, *texts: str) -> int:
    with writing(engine) as connection:
        number = add_job(connection, Request(kind="run", inputs={}), machine="", now=1.0)
    log.beat(number, [("note", {"text": text}) for text in texts])
    return number


def read(feed: EventFeed, run: int) -> list[str]:
    return [body["text"] for _, _, body in feed.events(run)]


def test_what_is_new_comes_with_the_next_look(engine: Engine, log: JobLog, feed: EventFeed, clock: Clock) -> None:
    run = job_of(engine, log, "one")
    assert read(feed, run) == ["one"]
    log.beat(run, [("note", {"text": "two"})])
    assert read(feed, run) == ["one"]
    clock.now += FRESH
    assert read(feed, run) == ["one", "two"]


def test_what_was_taken_back_is_not_told_any_more(engine: Engine, log: JobLog, feed: EventFeed, clock: Clock) -> None:
    """New events may get the numbers of those that have gone."""
    run = job_of(engine, log, "one", "two", "three")
    assert read(feed, run) == ["one", "two", "three"]
    log.take_back(run, after=feed.events(run)[0][0])
    log.beat(run, [("note", {"text": "another two"}), ("note", {"text": "another three"})])
    clock.now += FRESH
    assert read(feed, run) == ["one", "another two", "another three"]


def test_two_hundred_readers_at_once_ask_the_database_as_often_as_one(
    log: JobLog, feed: EventFeed, engine: Engine
) -> None:
    run, statements, lock = job_of(engine, log, "one"), list[str](), threading.Lock()

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        with lock:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(lambda _: read(feed, run), range(200))) == [["one"]] * 200
    event.remove(engine, "before_cursor_execute", count)
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 2


def test_a_job_that_is_not_there_is_said(feed: EventFeed) -> None:
    with pytest.raises(JobError, match="no job 9"):
        feed.events(9)
