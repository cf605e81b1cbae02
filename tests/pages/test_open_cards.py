"""Which card is open where, as pages tell it: written down where it is news, and never in the way."""

from pathlib import Path

import pytest

from casting_core.errors import CastingError
from casting_core.records.database.access import connect
from casting_core.records.open_cards import OpenCardBook
from pages.parts.caches.open_cards import AGAIN, OpenCards


class Counted(OpenCardBook):
    """Counts what is written."""

    written = 0

    def open(self, tab: str, *, scope: str, card: str, who: str) -> None:
        self.written += 1
        super().open(tab, scope=scope, card=card, who=who)


@pytest.fixture
def book(tmp_path: Path) -> Counted:
    return Counted(connect(f"sqlite:///{(tmp_path / 'casting.sqlite').as_posix()}"))


def test_people_at_two_servers_are_told_of_each_other_and_the_same_card_is_written_once(book: Counted) -> None:
    now = 0.0
    here, there = (OpenCards(lambda: book, clock=lambda: now) for _ in range(2))
    assert here.say("tab-1", scope="a", card="x", who="Ana") == {}
    assert there.say("tab-2", scope="a", card="x", who="Ben") == {"x": "Ana"}
    assert here.say("tab-1", scope="a", card="x", who="Ana") == {"x": "Ben"}
    assert there.say("tab-3", scope="a", card="", who="Eve") == {"x": "Ben"}, "who has no card open takes none"
    assert book.written == 2
    now = AGAIN
    here.say("tab-1", scope="a", card="x", who="Ana")
    here.say("tab-1", scope="a", card="", who="Ana")
    assert book.written == 4, "again after a while, and when another one is shown"
    assert there.say("tab-2", scope="a", card="x", who="Ben") == {}


def test_a_database_that_cannot_be_written_keeps_nobody_from_judging() -> None:
    def gone() -> OpenCardBook:
        raise CastingError("the disk is full")

    assert OpenCards(gone).say("tab-1", scope="a", card="x", who="Ana") == {}
