"""The ledger: whatever is done to its rows is found, and twenty people at once lose nothing and break nothing."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, update

from casting_core.errors import LedgerError
from casting_core.records.chain import NOTHING, Entry, Head, Kind, canonical, root, verify
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import ledger
from casting_core.records.decisions import DecisionLog
from casting_core.records.decisions import Kind as Decided
from casting_core.records.ledger import Ledger, Sought

PEOPLE, EACH = 20, 15


def chain(number: int) -> list[Entry]:
    """So many rows as they are written."""
    rows, before = [], NOTHING
    for one in range(1, number + 1):
        body = canonical({"score": one / 7, "model": f"v{one}"})
        row = Entry(
            number=one, at=1000 * one, actor="Ana", kind="promotion", about=f"v{one}", body=body, reason="",
            before=before, hash="",
        )  # fmt: skip
        rows.append(signed(row))
        before = rows[-1].hash
    return rows


def signed(row: Entry) -> Entry:
    """The row with the hash that fits it."""
    return replace(row, hash=row.right_hash())


def numbered(rows: list[Entry]) -> list[Entry]:
    """The same rows with numbers that hide what was done."""
    return [replace(row, number=number) for number, row in enumerate(rows, start=1)]


ALTER: dict[str, Callable[[list[Entry], int], list[Entry]]] = {
    "actor": lambda rows, at: [*rows[:at], replace(rows[at], actor="Ben"), *rows[at + 1 :]],
    "time": lambda rows, at: [*rows[:at], replace(rows[at], at=rows[at].at + 1), *rows[at + 1 :]],
    "body": lambda rows, at: [*rows[:at], replace(rows[at], body="{}"), *rows[at + 1 :]],
    "reason": lambda rows, at: [*rows[:at], replace(rows[at], reason="why"), *rows[at + 1 :]],
    "altered and hashed anew": lambda rows, at: [*rows[:at], signed(replace(rows[at], about="v99")), *rows[at + 1 :]],
    "taken out": lambda rows, at: [*rows[:at], *rows[at + 1 :]],
    "taken out and numbered anew": lambda rows, at: numbered([*rows[:at], *rows[at + 1 :]]),
    "put in": lambda rows, at: numbered([*rows[: at + 1], rows[at], *rows[at + 1 :]]),
    "swapped": lambda rows, at: [*rows[: at - 1], rows[at], rows[at - 1], *rows[at + 1 :]],
    "swapped and numbered anew": lambda rows, at: numbered([*rows[: at - 1], rows[at], rows[at - 1], *rows[at + 1 :]]),
}


@given(number=st.integers(2, 30), where=st.integers(1, 29), how=st.sampled_from(sorted(ALTER)))
def test_whatever_is_done_to_a_row_is_found_and_named(number: int, where: int, how: str) -> None:
    rows = chain(number)
    head, at = verify(rows), 1 + (where - 1) % (number - 1)
    assert head == Head(number=number, hash=rows[-1].hash)
    with pytest.raises(LedgerError) as said:
        verify(ALTER[how](rows, at), head)
    named = [int(word) for word in str(said.value).replace(":", " ").replace(",", " ").split() if word.isdigit()]
    assert min(abs(one - (at + 1)) for one in named) <= 1, said.value


@given(number=st.integers(1, 30), cut=st.integers(1, 30))
def test_rows_cut_off_at_the_end_are_found_by_the_head(number: int, cut: int) -> None:
    rows = chain(number)
    head, left = verify(rows), rows[: max(0, number - cut)]
    assert verify(left).number == len(left)  # by themselves they are a whole chain
    with pytest.raises(LedgerError, match="rows were cut off"):
        verify(left, head)


def test_an_old_head_is_good_for_a_ledger_that_has_grown_and_not_for_another_one() -> None:
    rows = chain(9)
    old = Head(number=4, hash=rows[3].hash)
    assert verify(rows, old).number == 9
    with pytest.raises(LedgerError, match="another one at row 4"):
        verify(rows, Head(number=4, hash="a" * 64))
    assert Head.of(str(old)) == old
    for wrong in ("", "4", "4:xyz", f"-4:{NOTHING}", "=cmd()"):
        with pytest.raises(LedgerError, match="no head of a ledger"):
            Head.of(wrong)


def test_a_batch_has_one_root_that_changes_with_any_item_and_their_order() -> None:
    items = [[f"photo {number}", "ok", "defective"] for number in range(7)]
    others = [items[:-1], items[::-1], [*items, items[-1]], [*items[:3], ["photo 3", "ok", "ok"], *items[4:]]]
    assert len({root(some) for some in [items, *others, []]}) == 6
    assert root(items) == root([list(item) for item in items])


def test_rows_are_read_as_they_were_written_and_a_changed_one_is_found(url: str) -> None:
    engine = connect(url)
    book = Ledger(engine, clock=lambda: 1_700_000_000.123)
    assert (str(book.head()), book.verify()) == (f"0:{NOTHING}", Head(number=0, hash=NOTHING))
    for name in ("v1", "v2", "v3"):
        book.add(Kind.PROMOTION, about=name, body={"before": "größer", "score": 0.1}, actor="Ana", reason="better")
    last, *_ = book.rows(newest=2)
    assert (last.number, last.about, last.values["before"], last.at) == (3, "v3", "größer", 1_700_000_000_123)
    head = book.verify()
    assert head == book.head()
    with writing(engine) as connection:
        connection.execute(update(ledger).where(ledger.c.number == 2).values(actor="Ben"))
    with pytest.raises(LedgerError, match="row 2: it was altered"):
        book.verify()
    with writing(engine) as connection:
        connection.execute(delete(ledger).where(ledger.c.number >= 2))
    assert book.verify().number == 1
    with pytest.raises(LedgerError, match="ends with row 1, but the head given is of row 3"):
        book.verify(head)


def test_many_at_once_add_each_row_once_and_in_order(url: str) -> None:
    engine = connect(url)
    book, log = Ledger(engine), DecisionLog(engine)

    def work(person: int) -> None:
        for number in range(EACH):
            if number % 3:
                book.add(Kind.INSPECTION, about=f"{person}/{number}", body={"score": 0.5}, actor=str(person))
            else:
                log.add("/photos", Decided.LABEL, [(f"{person}/{number}", "ok")], value="defective", who=str(person))

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(work, range(PEOPLE)))
    rows = book.rows()
    assert book.verify().number == len(rows) == PEOPLE * EACH
    told = [json.loads(row.body).get("batch") or row.about for row in rows]
    assert len(set(told)) == PEOPLE * EACH
    decided = [one.batch for one in log.all("/photos")]
    assert [json.loads(row.body)["batch"] for row in rows[::-1] if row.kind == "decision"] == decided


def test_rows_are_sought_in_the_database_the_newest_first_and_some_at_a_time(engine: Engine) -> None:
    written = Ledger(engine)
    for number in range(250):
        said = {"model": "v2" if number % 2 else "v1", "part": 'a"100%_'}
        written.add(Kind.INSPECTION if number % 5 else Kind.BATCH, about=f"photo {number}", body=said, actor="Ana")

    def found(*sought: Sought, after: int = 0, upto: int | None = None) -> list[int]:
        return [row.number for row in written.search(sought, after=after, upto=upto)]

    everything = [number for number in range(250, 0, -1) if (number - 1) % 5]
    assert found(Sought(kind=Kind.INSPECTION)) == everything
    assert found(Sought(kind=Kind.INSPECTION, fields={"model": "v1"}), after=240) == [249, 247, 245, 243]
    assert found(Sought(kind=Kind.INSPECTION, text="PHOTO 24"), upto=249) == [
        *range(249, 246, -1),
        245,
        244,
        243,
        242,
        25,
    ]
    assert found(Sought(kind=Kind.INSPECTION, fields={"part": 'a"100%_'}), after=248) == [250, 249]
    assert found(Sought(kind=Kind.BATCH), Sought(kind=Kind.INSPECTION), after=248) == [250, 249]
    assert found(Sought(kind=Kind.PROMOTION)) == []
