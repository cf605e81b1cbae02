"""The answers on record: each is written down once, and found again by the station and the request's id.

The ledger is not sorted by these ids. So they are read once, when a service starts, back to so many days; each is then
looked up in memory, and its row by its number. What another process writes meanwhile is read before a row is added.
"""

import hashlib
import time
from collections.abc import Callable, Sequence

from casting_core.records.chain import Entry, Kind
from casting_core.records.ledger import New
from casting_core.workflows.stations.asked import ACTOR, Answered, key_in
from casting_core.workflows.stores import ledger

DAY = 24 * 3600.0  # seconds
KINDS = (Kind.INSPECTION, Kind.CHALLENGE)  # of rows that answer a request


class Book:
    """Answers of the last ``days`` days; threads may share it. Raises ``CastingError`` where the database does."""

    def __init__(self, *, days: float, now: Callable[[], float] = time.time) -> None:
        self._numbers: dict[bytes, int] = {}  # of rows, by the digests of their keys: a million take some 150 MB
        self._read = ledger().last_before(now() - days * DAY)
        for row in ledger().walk(kinds=KINDS, after=self._read):
            self._note(row)

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, key: str) -> Answered | None:
        """The answer to the request with this key; none where none is known."""
        number = self._numbers.get(_digest(key))
        row = None if number is None else ledger().row(number)
        return Answered.of(row) if row is not None and key_in(row) == key else None

    def knows(self, key: str) -> bool:
        """Whether there is one, without reading it."""
        return _digest(key) in self._numbers

    def keep(self, waiting: Callable[[], Sequence[Answered]]) -> list[Answered]:
        """Writes answers down in one transaction; in the place of each whose request has one already comes that.

        ``waiting`` is called when nobody else can write any more.
        """
        asked: list[Answered] = []

        def new() -> list[New]:
            asked.extend(waiting())
            earlier = [self.find(one.asked.key) for one in asked]
            fresh = [one for one, known in zip(asked, earlier, strict=True) if known is None]
            found.update({known.asked.key: known for known in earlier if known is not None})
            return [_new(one) for one in fresh]

        found: dict[str, Answered] = {}
        rows = ledger().add_new(KINDS[0], new, after=self._read, key=key_in, also=KINDS[1:])
        for row in rows:
            self._note(row)
            found[key_in(row)] = Answered.of(row)
        return [found[one.asked.key] for one in asked]

    def _note(self, row: Entry) -> None:
        if key := key_in(row):
            self._numbers.setdefault(_digest(key), row.number)
        self._read = max(self._read, row.number)


def _new(one: Answered) -> New:
    actor = ACTOR.format(one.asked.station)
    return New(key=one.asked.key, about=one.asked.photo, body=one.body(), actor=actor, kind=one.kind)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()[:16]
