"""Answers stand in the ledger once, and are found again by station and request id, also after a restart."""

import time
from collections.abc import Sequence
from dataclasses import replace

from casting_core.domain import Verdict
from casting_core.records.chain import Kind
from casting_core.records.ledger import Ledger
from casting_core.workflows.judging.recorded import Said, recent
from casting_core.workflows.stations.asked import Answered, Asked
from casting_core.workflows.stations.book import DAY, Book
from casting_core.workflows.stores import ledger


def answer(request: str, *, photo: str = "a" * 64, verdict: Verdict = Verdict.PASS) -> Answered:
    asked = Asked(station="S1", request=request, part="P-7", job="J", photo=photo, started=1_000)
    said = Said(photo=photo, model="v1", graph="b" * 64, threshold=0.5, score=0.25, verdict=verdict, place=(3.5, 7.0))
    return Answered(asked=asked, said=said, ended=1_020)


def keep(book: Book, *answers: Answered) -> list[Answered]:
    return book.keep(lambda: answers)


def test_an_answer_is_found_again_as_it_was_given() -> None:
    (kept,) = keep(Book(days=1), answer("r1"))
    assert kept == answer("r1")
    assert Book(days=1).find(kept.asked.key) == kept  # another process, or the same after a restart
    (shown,) = recent(newest=5)
    assert (shown.part, shown.verdict, shown.who) == ("P-7", "pass", "station S1")


def test_the_same_request_stands_on_record_once() -> None:
    book, other = Book(days=1), Book(days=1)
    first = answer("r1")
    second = replace(first, said=replace(first.said, verdict=Verdict.REJECT.value))
    assert keep(book, first, second, first) == [first, first, first]
    assert keep(other, second) == [first]  # which has not seen the row of the first
    assert keep(book, second) == [first]
    assert len(ledger().rows(kinds=[Kind.INSPECTION])) == 1
    ledger().verify()


def test_what_waits_is_asked_for_when_nobody_else_can_write() -> None:
    def waiting() -> Sequence[Answered]:
        return [answer("r1"), answer("r2")]

    assert [one.asked.request for one in Book(days=1).keep(waiting)] == ["r1", "r2"]


def test_ids_are_known_for_so_many_days() -> None:
    keep(Book(days=1), *(answer(f"r{number}") for number in range(20)))
    assert len(Book(days=1)) == 20
    assert len(Book(days=1, now=lambda: time.time() + 2 * DAY)) == 0


def test_the_last_row_before_a_moment_is_found_by_looking_at_a_few() -> None:
    moments = iter([*range(100, 200), *[500] * 10])
    book = Ledger(ledger()._engine, clock=lambda: next(moments))
    for _ in range(100):
        book.add(Kind.DECISION, about="x", body={}, actor="")
    assert [book.last_before(one) for one in (50, 100, 100.5, 150, 199, 1000)] == [0, 0, 1, 50, 99, 100]


def test_a_row_that_somebody_has_altered_never_passes_a_part() -> None:
    body = {"station": "S1", "request": "r9", "verdict": "passs", "place": ["x", None], "score": "high", "started": []}
    ledger().add(Kind.INSPECTION, about="a" * 64, body=body, actor="")
    found = Book(days=1).find("S1\nr9")
    assert found is not None
    assert found.verdict is Verdict.INSPECT
    assert found.said.place is None
