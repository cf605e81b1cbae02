"""Many readers of a run's events cost as much as one, and see what was taken back go."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event

from casting_core.errors import RunError
from casting_core.jobs.event_feed import FRESH, EventFeed
from casting_core.records.run_log import RunLog


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(engine: Engine) -> RunLog:
    return RunLog(engine)


@pytest.fixture
def feed(log: RunLog, clock: Clock) -> EventFeed:
    return EventFeed(log, clock=clock)


def run_of(log: RunLog, *texts: str) -> int:
    number = log.ask(dataset="castings", folder="there", rule={}, recipe={}).id
    log.beat(number, [("note", {"text": text}) for text in texts])
    return number


def read(feed: EventFeed, run: int) -> list[str]:
    return [body["text"] for _, _, body in feed.events(run)]


def test_what_is_new_comes_with_the_next_look(log: RunLog, feed: EventFeed, clock: Clock) -> None:
    run = run_of(log, "one")
    assert read(feed, run) == ["one"]
    log.beat(run, [("note", {"text": "two"})])
    assert read(feed, run) == ["one"]
    clock.now += FRESH
    assert read(feed, run) == ["one", "two"]


def test_what_was_taken_back_is_not_told_any_more(log: RunLog, feed: EventFeed, clock: Clock) -> None:
    """New events may get the numbers of those that have gone."""
    run = run_of(log, "one", "two", "three")
    assert read(feed, run) == ["one", "two", "three"]
    log.take_back(run, after=feed.events(run)[0][0])
    log.beat(run, [("note", {"text": "another two"}), ("note", {"text": "another three"})])
    clock.now += FRESH
    assert read(feed, run) == ["one", "another two", "another three"]


def test_two_hundred_readers_at_once_ask_the_database_as_often_as_one(
    log: RunLog, feed: EventFeed, engine: Engine
) -> None:
    run, asked, lock = run_of(log, "one"), list[str](), threading.Lock()

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        with lock:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(lambda _: read(feed, run), range(200))) == [["one"]] * 200
    event.remove(engine, "before_cursor_execute", count)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2


def test_a_run_that_is_not_there_is_said(feed: EventFeed) -> None:
    with pytest.raises(RunError, match="no run 9"):
        feed.events(9)
