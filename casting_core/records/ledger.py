"""The ledger: who did what, when and why, row after row, each with the hash of the row before it.

A row that is altered, taken out, put in or swapped breaks the chain at that row. Rows cut off at the end leave a whole
chain, so the last hash, the head, has to be kept elsewhere too: reports print it, and ``verify`` takes it. Rows are
only ever added here.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, and_, insert, or_, select

from casting_core import roles
from casting_core.errors import LedgerError
from casting_core.records.database.access import deciding, reading
from casting_core.records.database.tables import ledger

N = TypeVar("N", float, None)

NOTHING = "0" * 64  # what stands before the first row
AT_ONCE = 1000  # rows read at a time
FIRST = 100  # rows read at first, for whoever wants a few


class Kind(StrEnum):
    """What is written down."""

    DECISION = "decision"  # about photos of a dataset: labels, photos left out, tags, castings
    PROMOTION = "promotion"  # another version judges
    INSPECTION = "inspection"  # a photo was judged by a version
    BATCH = "batch"  # many photos were judged by a version; their results are kept in a file, with one root here
    JUDGEMENT = "judgement"  # a person said what became of a photo, or took that back
    CHECK = "reviewer check"  # a person judged a casting whose truth is known, mixed in to measure them
    QUEUE = "queue"  # a queue of Review was kept under a name, taken away, or brought back
    OPINION = "opinion"  # a person said of an inspected part what it is
    OPERATING_POINT = "operating point"  # a version judges at other thresholds
    OUTGOING = "outgoing audit"  # a person looked at a passed part that was drawn at random
    USUAL = "usual photos"  # a person said that photos are right as they are now
    STATION = "station"  # a station was given a token, or lost it
    AGREEMENT = "agreement"  # a study of agreement was planned, or an appraiser answered in it
    CHALLENGE = "challenge"  # challenge parts were chosen, a station judged one, or a person cleared a station
    SHADOW = "shadow"  # a version judges beside the one in production, unseen, or no longer does
    SHADOW_VERDICT = "shadow verdict"  # what it said of a photo
    STATUS = "status"  # a version is a draft, reviewed or released
    DELETION = "deletion"  # a version was deleted
    BACKUP = "backup"  # everything was backed up, or this installation was restored from a backup
    FETCH_BACK = "fetch-back"  # passed parts are fetched back
    KEEPING = "keeping"  # which photos of verdicts are kept and for how long, or photos were removed by that
    ROLE = "role"  # a person was given a role, or a link to look was made
    SESSION = "session"  # somebody signed in or out
    SIGNATURE = "signature"  # a second person signed for a version past a blocked gate


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row."""

    number: int  # from 1, without a gap
    at: int  # milliseconds since 1970, UTC
    actor: str
    kind: str
    about: str  # the dataset, the version or the photo
    body: str  # JSON as ``canonical`` writes it
    reason: str
    before: str  # the hash of the row before
    hash: str

    @property
    def values(self) -> dict[str, Any]:
        """What the row says beside its columns; nothing where somebody has altered it beyond reading."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def right_hash(self) -> str:
        """What its hash must be: sha256 over everything else in the row, the hash of the row before included."""
        told = [self.number, self.at, self.actor, self.kind, self.about, self.body, self.reason, self.before]
        return hashlib.sha256(canonical(told).encode()).hexdigest()


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
class Head:
    """The last row, by its number and its hash, as it is printed: ``12:9f2c...``. Of an empty ledger: 0 and zeros."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def of(cls, text: str) -> "Head":
        """The head as it was printed; ``LedgerError`` where it is none."""
        number, _, told = text.strip().partition(":")
        if not number.isdecimal() or len(told) != len(NOTHING) or set(told) - set("0123456789abcdef"):
            raise LedgerError(f"{text[:80]!r} is no head of a ledger; one looks like 12:9f2c..., as 'verify' prints it")
        return cls(number=int(number), hash=told)


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


def verify(rows: Iterable[Entry], head: Head | None = None) -> Head:
    """The head of these rows, in order, where they are a whole chain that has this ``head`` in it.

    Raises ``LedgerError`` as ``Ledger.verify``.
    """
    number, before = 0, NOTHING
    for row in rows:
        if row.number != number + 1:
            raise LedgerError(f"the ledger is broken: after row {number} comes row {row.number}")
        if row.before != before:
            raise LedgerError(
                f"the ledger is broken at row {row.number}: it does not follow the row before it; one of both was "
                "altered, put in or swapped"
            )
        if row.hash != row.right_hash():
            raise LedgerError(f"the ledger is broken at row {row.number}: it was altered")
        number, before = row.number, row.hash
        if head is not None and number == head.number and before != head.hash:
            raise LedgerError(f"the ledger is another one at row {number}: its hash is not that of the head given")
    if head is not None and number < head.number:
        raise LedgerError(
            f"the ledger ends with row {number}, but the head given is of row {head.number}: rows were cut off"
        )
    return Head(number=number, hash=before)


def as_number(value: object, *, otherwise: N) -> float | N:
    """A number that a row says, or something else where somebody has put no number in its place."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else otherwise


def canonical(value: Any) -> str:
    """JSON that is always written the same: keys sorted, no spaces, no numbers that are none."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def root(items: Iterable[Any]) -> str:
    """One hash for a batch of things, in order, so that one row can stand for all of them (a tree, Merkle 1987)."""
    level = [hashlib.sha256(b"\0" + canonical(item).encode()).digest() for item in items]
    while len(level) > 1:
        pairs = [level[place : place + 2] for place in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) > 1 else pair[0] for pair in pairs]
    return level[0].hex() if level else NOTHING


def _walk(connection: Connection, kinds: Sequence[Kind], after: int) -> Iterator[Entry]:
    wanted = select(ledger).where(ledger.c.number > after, ledger.c.kind.in_([kind.value for kind in kinds]))
    for row in connection.execute(wanted.order_by(ledger.c.number)).mappings().yield_per(AT_ONCE):
        yield Entry(**row)


def _head(connection: Connection) -> Head:
    last = connection.execute(select(ledger.c.number, ledger.c.hash).order_by(ledger.c.number.desc()).limit(1)).first()
    return Head(number=0, hash=NOTHING) if last is None else Head(number=last.number, hash=last.hash)
