"""The ledger: who did what, when and why. Rows are only ever added here, each to the chain of those before."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, insert, or_, select

from casting_core import roles
from casting_core.records.chain import NOTHING, Entry, Head, Kind, canonical, verify
from casting_core.records.database.access import deciding, reading
from casting_core.records.database.tables import ledger

AT_ONCE = 1000  # rows read at a time
FIRST = 100  # rows read at first, for whoever wants a few


@dataclass(frozen=True, kw_only=True)
class New:
    """A row to be added, unless there is one with its key."""

    key: str
    about: str
    body: Mapping[str, Any]
    actor: str
    reason: str = ""
    kind: Kind | None = None  # none: that of all the rows it is added with


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Rows of one kind that are looked for in the database; it may find some too many, and never too few."""

    kind: Kind
    fields: Mapping[str, Any] = field(default_factory=dict)  # of the body, with just these values
    text: str = ""  # somewhere in the body, in ``about`` or in the actor's name, in large or small letters
    about: tuple[str, ...] = ()  # about one of these; about anything if none is named

    def clause(self) -> ColumnElement[bool]:
        """The same for the database, which looks at the body as the text that it is, on SQLite and PostgreSQL alike."""
        found: list[ColumnElement[bool]] = [ledger.c.kind == self.kind.value]
        for name, value in self.fields.items():
            found.append(ledger.c.body.contains(canonical({name: value})[1:-1], autoescape=True))
        if self.about:
            found.append(ledger.c.about.in_(self.about))
        if self.text and canonical(self.text) == f'"{self.text}"':  # else it is written otherwise in a body
            places = (ledger.c.body, ledger.c.about, ledger.c.actor)
            found.append(or_(*(place.icontains(self.text, autoescape=True) for place in places)))
        return and_(*found)


class Ledger:
    """Reads and adds rows."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def add(self, kind: Kind, *, about: str, body: Mapping[str, Any], actor: str, reason: str = "") -> Entry:
        """Adds a row of its own."""
        with deciding(self._engine, ledger) as connection:
            return append(connection, kind, about=about, body=body, actor=actor, reason=reason, at=self._clock())

    @contextmanager
    def adding(
        self, kind: Kind, *, about: str, body: Mapping[str, Any], actor: str, reason: str = ""
    ) -> Iterator[None]:
        """Adds a row while something is done that it tells of; where that fails, there is no row either."""
        with deciding(self._engine, ledger) as connection:
            append(connection, kind, about=about, body=body, actor=actor, reason=reason, at=self._clock())
            yield

    def rows(
        self,
        *,
        kinds: Sequence[Kind] = (),
        about: str | None = None,
        naming: str | None = None,
        newest: int | None = None,
    ) -> list[Entry]:
        """Rows of these kinds, of all if none is named, the newest first; ``newest``: so many of them at most.

        ``about``: only those about this dataset, version or photo; ``naming``: those that name a photo elsewhere, too.
        """
        wanted = select(ledger).order_by(ledger.c.number.desc()).limit(newest)
        if kinds:
            wanted = wanted.where(ledger.c.kind.in_([kind.value for kind in kinds]))
        if about is not None:
            wanted = wanted.where(ledger.c.about == about)
        if naming is not None:
            named = ledger.c.body.contains(naming, autoescape=True)
            wanted = wanted.where(or_(ledger.c.about == naming, named))
        with reading(self._engine) as connection:
            return [Entry(**row) for row in connection.execute(wanted).mappings()]

    def add_new(
        self,
        kind: Kind,
        rows: Callable[[], Sequence[New]],
        *,
        after: int,
        key: Callable[[Entry], str],
        also: Sequence[Kind] = (),
    ) -> list[Entry]:
        """Adds rows in one transaction, but for those whose key a row has already: of them that one is given.

        ``rows`` is called once nobody else can write any more, which may take a while. ``key`` of a row of this kind,
        or of those that a new row may ``also`` be; rows up to number ``after`` are not looked at: whoever calls knows
        their keys.
        """
        with deciding(self._engine, ledger) as connection:
            known = {key(row): row for row in _walk(connection, [kind, *also], after)}
            entries = []
            for new in rows():
                if new.key not in known:
                    known[new.key] = append(
                        connection,
                        new.kind or kind,
                        about=new.about,
                        body=new.body,
                        actor=new.actor,
                        at=self._clock(),
                        reason=new.reason,
                    )
                entries.append(known[new.key])
            return entries

    def search(self, sought: Sequence[Sought], *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Rows that are sought in any of these ways, the newest first; the database is read as far as they are taken.

        Only rows with larger numbers than ``after``, and up to ``upto``.
        """
        anyhow = or_(*(one.clause() for one in sought))
        most = FIRST
        while True:
            wanted = select(ledger).where(ledger.c.number > after, anyhow)
            if upto is not None:
                wanted = wanted.where(ledger.c.number <= upto)
            with reading(self._engine) as connection:  # one for each piece: whoever takes rows may take a while
                rows = connection.execute(wanted.order_by(ledger.c.number.desc()).limit(most)).mappings().all()
            yield from (Entry(**row) for row in rows)
            if len(rows) < most:
                return
            upto, most = rows[-1]["number"] - 1, AT_ONCE

    def walk(self, *, kinds: Sequence[Kind], after: int = 0) -> Iterator[Entry]:
        """Rows of these kinds with larger numbers than ``after``, the oldest first, some at a time."""
        with reading(self._engine) as connection:
            yield from _walk(connection, kinds, after)

    def row(self, number: int) -> Entry | None:
        """The row with this number; none where there is none."""
        with reading(self._engine) as connection:
            found = connection.execute(select(ledger).where(ledger.c.number == number)).mappings().first()
        return None if found is None else Entry(**found)

    def last_before(self, moment: float) -> int:
        """The number of the last row before a moment, in seconds since 1970; 0 where all rows are younger.

        Rows are in the order of time, so a handful of them is looked at, however many there are.
        """
        with reading(self._engine) as connection:
            low, high = 0, _head(connection).number
            while low < high:
                middle = (low + high + 1) // 2
                at = connection.execute(select(ledger.c.at).where(ledger.c.number == middle)).scalar()
                low, high = (middle, high) if at is not None and at < 1000 * moment else (low, middle - 1)
        return low

    def head(self) -> Head:
        """The last row."""
        with reading(self._engine) as connection:
            return _head(connection)

    def verify(self, head: Head | None = None) -> Head:
        """The head, where every row is as it was written; ``head`` is one that was kept elsewhere.

        Raises ``LedgerError`` naming the first row that was altered, taken out, put in or swapped.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(select(ledger).order_by(ledger.c.number)).mappings().yield_per(AT_ONCE)
            return verify((Entry(**row) for row in rows), head)


def append(
    connection: Connection,
    kind: Kind,
    *,
    about: str,
    body: Mapping[str, Any],
    actor: str,
    at: float,
    reason: str = "",
) -> Entry:
    """Adds a row within a transaction that holds the ledger (``deciding``); ``at`` in seconds since 1970, UTC.

    Every row comes through here, so here it is asked who may write it; whoever signed in signs it, whatever ``actor``
    says. Raises ``RoleError``.
    """
    actor = roles.require_row(kind, actor)
    last = _head(connection)
    unsigned = Entry(
        number=last.number + 1,
        at=round(at * 1000),
        actor=actor,
        kind=kind.value,
        about=about,
        body=canonical(body),
        reason=reason,
        before=last.hash,
        hash="",
    )
    entry = replace(unsigned, hash=unsigned.right_hash())
    connection.execute(insert(ledger).values(**vars(entry)))
    return entry


def _walk(connection: Connection, kinds: Sequence[Kind], after: int) -> Iterator[Entry]:
    wanted = select(ledger).where(ledger.c.number > after, ledger.c.kind.in_([kind.value for kind in kinds]))
    for row in connection.execute(wanted.order_by(ledger.c.number)).mappings().yield_per(AT_ONCE):
        yield Entry(**row)


def _head(connection: Connection) -> Head:
    last = connection.execute(select(ledger.c.number, ledger.c.hash).order_by(ledger.c.number.desc()).limit(1)).first()
    return Head(number=0, hash=NOTHING) if last is None else Head(number=last.number, hash=last.hash)
