"""What a line is told where something fails: never a pass, and the same for the same id."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from casting_core.domain import Verdict
from casting_core.errors import CastingError
from casting_core.records.chain import Kind
from casting_core.records.database.access import connect
from casting_core.service.desk import Deadline, Desk
from casting_core.service.limits import Limits, Places, Refused
from casting_core.settings import settings
from casting_core.workflows.challenge.standing import Challenges
from casting_core.workflows.challenge.values import Word
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.stations.asked import Answered, Asked
from casting_core.workflows.stations.book import Book
from casting_core.workflows.stores import ledger
from tests.coroutines import run
from tests.patience import PATIENCE

SOON = 0.3  # seconds of a deadline that is missed
LATER = 2.0  # the same, but long enough to judge in
PHOTO = "a" * 64


@dataclass
class Judges:
    """Says that every part passes, or nothing at all."""

    silent: bool = False
    asked: list[bytes] = field(default_factory=list)

    def judge(self, photo: bytes, *, until: float) -> Future[Said]:
        assert until > 0
        self.asked.append(photo)
        said: Future[Said] = Future()
        if not self.silent:
            said.set_result(Said(photo="", model="v1", threshold=0.5, score=0.1, verdict=Verdict.PASS.value))
        return said


class SlowBook(Book):
    """A book in a database that is slow: another one holds it, or the disk takes long to flush."""

    def __init__(self, *, before: float = 0.0, after: float = 0.0) -> None:
        super().__init__(days=1)
        self._before, self._after = before, after  # seconds

    def keep(self, waiting: Callable[[], Sequence[Answered]]) -> list[Answered]:
        time.sleep(self._before)
        taken = waiting()
        time.sleep(self._after)
        return super().keep(lambda: taken)


def asked(request: str = "r1", **other: str) -> Asked:
    return Asked(**{"station": "S1", "request": request, "part": "P1", "job": "", "photo": PHOTO, "started": 1} | other)  # type: ignore[arg-type]


def answers(judges: Judges, *requests: Asked, seconds: float = PATIENCE, book: Book | None = None) -> list[Answered]:
    """What one desk says to these requests, one after the other."""

    async def all_of_them() -> list[Answered]:
        desk = Desk(judges, Book(days=1) if book is None else book)  # type: ignore[arg-type]
        try:
            return [(await desk.answer(one, b"photo", within(seconds)))[0] for one in requests]
        finally:
            await asyncio.to_thread(desk.close)

    return run(all_of_them())


def within(seconds: float) -> Deadline:
    return Deadline(begun=time.monotonic(), seconds=seconds)


def on_record() -> Sequence[str]:
    return [row.values["verdict"] for row in ledger().rows(kinds=[Kind.INSPECTION])]


@pytest.fixture
def full_disk(own_installation: Path) -> Iterator[None]:  # noqa: ARG001 - it has its folders by then
    """The database can grow no more, as on a disk that is full."""
    engine = connect(settings().database_url)

    def stop_growing(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # which makes it as many as there are

    def fill(connection: Any, *_: Any) -> None:
        connection.connection.driver_connection.execute("PRAGMA max_page_count=1")

    for number in range(3):  # there may be room in its last pages
        ledger().add(Kind.DECISION, about=str(number), body={"x": "y" * 5000}, actor="")
    engine.dispose()
    event.listen(engine, "connect", stop_growing)
    event.listen(engine, "begin", fill)
    yield
    event.remove(engine, "connect", stop_growing)
    event.remove(engine, "begin", fill)
    engine.dispose()


def test_a_verdict_in_time_passes_and_stands_on_record() -> None:
    (answer,) = answers(Judges(), asked())
    assert answer.verdict is Verdict.PASS
    assert on_record() == ["pass"]


def test_a_missed_deadline_is_for_a_person_to_look_at() -> None:
    judges = Judges(silent=True)
    first, again = answers(judges, asked(), asked(), seconds=SOON)
    assert (first.verdict, first) == (Verdict.INSPECT, again)
    assert "within 300 ms" in first.said.reason
    assert len(judges.asked) == 1
    assert on_record() == ["inspect"]


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_lets_nothing_pass_and_the_same_id_gets_the_same_answer() -> None:
    first, again = answers(Judges(), *[asked(job="x" * 9000)] * 2)
    assert (first.verdict, first) == (Verdict.INSPECT, again)
    assert "full" in first.said.reason
    assert on_record() == []


def test_what_could_not_be_written_is_written_as_it_was_said_once_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    keep, calls = Book.keep, []

    def fail_first(book: Book, waiting: Any) -> list[Answered]:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("no such disk")
        return keep(book, waiting)

    monkeypatch.setattr(Book, "keep", fail_first)
    judges = Judges()
    first, again = answers(judges, asked(), asked())
    assert first == again
    assert len(judges.asked) == 1
    assert on_record() == ["inspect"]  # what the line was told, not what the version said


def test_a_verdict_that_waits_too_long_to_be_written_becomes_one_for_a_person() -> None:
    (answer,) = answers(Judges(), asked(), seconds=SOON, book=SlowBook(before=3 * SOON))
    assert answer.verdict is Verdict.INSPECT
    assert on_record() == ["inspect"]


def test_a_verdict_that_is_on_record_too_late_is_no_answer_until_it_is_asked_for_again() -> None:
    with pytest.raises(Refused) as refused:
        answers(Judges(), asked(), seconds=LATER, book=SlowBook(after=LATER))
    assert refused.value.status == 503
    assert [one.verdict.value for one in answers(Judges(), asked())] == on_record() == ["pass"]


@pytest.mark.parametrize(("error", "why"), [(CastingError("locked"), "locked"), (OSError(), "something went wrong")])
def test_where_nobody_can_say_how_the_challenge_stands_nothing_passes(
    error: Exception, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Challenges, "look", fail)
    (answer,) = answers(Judges(), asked())
    assert answer.verdict is Verdict.INSPECT
    assert answer.challenge is not None
    assert answer.challenge.word is Word.UNSURE
    assert why in answer.said.reason


def test_a_look_at_the_challenge_that_takes_too_long_lets_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Challenges, "look", lambda *_: time.sleep(3 * SOON))
    (answer,) = answers(Judges(), asked(), seconds=SOON)
    assert answer.verdict is Verdict.INSPECT
    assert "took too long" in answer.said.reason or "not on record" in answer.said.reason


@pytest.mark.parametrize("other", [{"photo": "b" * 64}, {"part": "P2"}, {"job": "J"}])
def test_an_id_is_for_one_question(other: dict[str, str]) -> None:
    answers(Judges(), asked())
    with pytest.raises(Refused) as refused:
        answers(Judges(), asked(**other))
    assert refused.value.status == 409


def test_stations_do_not_share_their_ids() -> None:
    first, second = answers(Judges(), asked(), asked(station="S2"))
    assert first.result != second.result


def test_a_flood_is_refused() -> None:
    limits = Limits(photo_bytes=1, deadline=1, body=1, waiting=3, at_once=2, judges=1, days=1)
    places = Places(limits)
    places.take("S1")
    places.take("S1")
    assert refusal(places, "S1") == 429  # this station asks too much
    places.take("S2")
    assert refusal(places, "S3") == 503  # all together do
    places.give_back("S1")
    places.take("S3")
    assert places.taken == 3


def refusal(places: Places, station: str) -> int:
    with pytest.raises(Refused) as refused:
        places.take(station)
    assert refused.value.headers["retry-after"] == "1"
    return refused.value.status
