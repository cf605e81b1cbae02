"""Which card is open where: told to everybody on the database for a minute, and nobody is kept waiting for it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select

from casting_core.errors import CastingError
from casting_core.records.database.access import connect, reading, writing
from casting_core.records.database.tables import open_cards
from casting_core.records.open_cards import ALIVE, OpenCardBook

A_WHILE = 5.0  # seconds: far more than a card may wait, far less than a writer has


@pytest.fixture
def elsewhere(engine: Engine) -> Iterator[Engine]:
    """The same database as another server has it open."""
    other = create_engine(engine.url)
    yield other
    other.dispose()


def test_what_one_server_notes_every_other_one_tells_until_it_is_a_minute_old(
    engine: Engine, elsewhere: Engine
) -> None:
    now = 0.0
    here, there = OpenCardBook(engine, clock=lambda _: now), OpenCardBook(elsewhere, clock=lambda _: now)
    here.open("tab-1", scope="a", card="x", who="Ana")
    there.open("tab-2", scope="a", card="y", who="Ben")
    there.open("tab-3", scope="b", card="x", who="")
    assert there.others("tab-2", scope="a") == {"x": "Ana"}
    assert here.others("tab-1", scope="a") == {"y": "Ben"}, "nobody is told of their own card"
    now = ALIVE - 1
    here.open("tab-1", scope="a", card="z", who="Ana")
    assert there.others("tab-2", scope="a") == {"z": "Ana"}, "a tab shows one card"
    now = ALIVE
    assert here.others("tab-1", scope="a") == {}, "the other one has gone without a word"
    here.open("tab-1", scope="a", card="", who="Ana")
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(open_cards)).scalar() == 0


def test_by_the_clock_of_the_database_a_card_is_open_now(engine: Engine) -> None:
    OpenCardBook(engine).open("tab-1", scope="a", card="x", who="Ana")
    assert OpenCardBook(engine).others("tab-2", scope="a") == {"x": "Ana"}


def test_a_card_waits_only_a_moment_for_another_writer_and_everybody_else_as_long_as_before(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{(tmp_path / 'casting.sqlite').as_posix()}")
    other = create_engine(engine.url)
    with other.connect() as busy:
        busy.exec_driver_sql("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(CastingError, match="locked"):
            OpenCardBook(engine).open("tab-1", scope="a", card="x", who="Ana")
        assert time.monotonic() - begun < A_WHILE
        assert OpenCardBook(engine).others("tab-1", scope="a") == {}, "who only reads waits for nobody"
    with writing(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    other.dispose()
    engine.dispose()
