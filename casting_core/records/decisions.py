"""What people decided about the photos of a dataset: who, when and why. Rows are only added; undoing adds one, too."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, func, insert, select

from casting_core import roles
from casting_core.records.chain import Entry, root
from casting_core.records.chain import Kind as Written
from casting_core.records.database.access import deciding, reading
from casting_core.records.database.tables import decisions, ledger
from casting_core.records.ledger import append


class Kind(StrEnum):
    """What can be decided of photos, many at once; the value that goes with it stands behind it."""

    LABEL = "label"  # ok or defective
    LEAVE_OUT = "leave out"  # the path of a spare file, or nothing: the photo wherever it lies
    TAKE_BACK = "take back"
    TAG = "tag"  # the tag
    UNTAG = "untag"  # the tag
    JOIN = "join"  # their castings are one
    PART = "part"  # they show a casting of their own
    UNDO = "undo"  # the batch that no longer counts


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision about one photo."""

    number: int  # rising with time
    batch: str  # shared by the photos that were decided about at once
    photo: str  # sha256; empty for an undo
    kind: Kind
    value: str
    before: str  # what the value was until then
    why: str
    who: str
    at: float  # seconds since 1970, UTC


@dataclass(frozen=True, kw_only=True, eq=False)
class Together:
    """Decisions and rows of the ledger within one transaction: all of them are kept, or none."""

    connection: Connection
    at: float  # seconds since 1970, UTC

    def decide(
        self, folder: str, kind: Kind, photos: Iterable[tuple[str, str, str]], *, why: str = "", who: str
    ) -> str:
        """Adds a decision about these photos: photo, what was so before, value; the batch that undoes it."""
        who = roles.require_row(Written.DECISION, who)
        batch, items = uuid4().hex, [list(one) for one in photos]
        shared = {"batch": batch, "folder": folder, "kind": kind.value, "why": why, "who": who, "at": self.at}
        rows = [{"photo": photo, "before": before, "value": value, **shared} for photo, before, value in items]
        if rows:
            body = {"batch": batch, "decision": kind.value, "items": len(items), "root": root(items)}
            self.connection.execute(insert(decisions), rows)
            self.write(Written.DECISION, about=folder, body=body, actor=who, reason=why)
        return batch

    def undo(self, folder: str, batch: str, *, who: str) -> None:
        """Lets the decisions of a batch no longer count."""
        self.decide(folder, Kind.UNDO, [("", "", batch)], who=who)

    def write(self, kind: Written, *, about: str, body: Mapping[str, Any], actor: str, reason: str = "") -> Entry:
        """Adds a row to the ledger."""
        return append(self.connection, kind, about=about, body=body, actor=actor, reason=reason, at=self.at)

    def rows(self, kind: Written, about: Sequence[str]) -> list[Entry]:
        """Rows of the ledger of this kind about any of these, the newest first."""
        wanted = select(ledger).where(ledger.c.kind == kind.value).where(ledger.c.about.in_(about))
        found = self.connection.execute(wanted.order_by(ledger.c.number.desc())).mappings()
        return [Entry(**row) for row in found]


class DecisionLog:
    """Reads and adds decisions. A dataset is known by its folder: whatever it is named, its photos are the same."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def add(
        self, folder: str, kind: Kind, photos: Iterable[tuple[str, str]], *, value: str = "", why: str = "", who: str
    ) -> str:
        """Adds one decision about these photos, each with what was so before; the batch by which it can be undone."""
        return self.add_each(folder, kind, [(*pair, value) for pair in photos], why=why, who=who)

    def add_each(
        self, folder: str, kind: Kind, photos: Iterable[tuple[str, str, str]], *, why: str = "", who: str
    ) -> str:
        """The same where each photo has a value of its own: photo, what was so before, value."""
        with self.together() as both:
            return both.decide(folder, kind, photos, why=why, who=who)

    @contextmanager
    def together(self) -> Iterator[Together]:
        """A transaction for decisions and for rows of the ledger that tell of them."""
        # Both tables are held, or a lower number might be seen after a higher one.
        with deciding(self._engine, decisions, ledger) as connection:
            yield Together(connection=connection, at=self._clock())

    def undo(self, folder: str, batch: str, *, who: str) -> None:
        """Lets the decisions of a batch no longer count; they stay in the history."""
        self.add(folder, Kind.UNDO, [("", "")], value=batch, who=who)

    def all(self, folder: str) -> list[Decision]:
        """Every decision ever made about the photos in this folder, in the order in which they were made."""
        names = [column for column in decisions.c if column.name not in ("id", "folder")]
        wanted = select(decisions.c.id.label("number"), *names).where(decisions.c.folder == folder)
        with reading(self._engine) as connection:
            rows = connection.execute(wanted.order_by(decisions.c.id)).mappings().all()
        return [Decision(**{**row, "kind": Kind(row["kind"])}) for row in rows]

    def newest(self, folder: str) -> int:
        """The number of the latest decision, 0 where there is none: while it stays, nothing has changed."""
        wanted = select(func.max(decisions.c.id)).where(decisions.c.folder == folder)
        with reading(self._engine) as connection:
            return int(connection.execute(wanted).scalar() or 0)


def standing(made: Iterable[Decision]) -> list[Decision]:
    """The decisions that still count, in order: neither undone nor an undo. Undoing an undo brings a batch back."""
    undone: set[str] = set()
    kept = []
    for decision in reversed(list(made)):
        if decision.batch in undone:
            continue
        if decision.kind is Kind.UNDO:
            undone.add(decision.value)
        else:
            kept.append(decision)
    return kept[::-1]
