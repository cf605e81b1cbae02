"""The rows of the ledger, each with the hash of the row before it: what a row is, and whether a chain is whole.

A row that is altered, taken out, put in or swapped breaks the chain at that row. Rows cut off at the end leave a whole
chain, so the last hash, the head, has to be kept elsewhere too: reports print it, and ``verify`` takes it.
"""

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from casting_core.errors import LedgerError

N = TypeVar("N", float, None)

NOTHING = "0" * 64  # what stands before the first row


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


def as_number(value: object, *, otherwise: N) -> float | N:
    """A number that a row says, or something else where somebody has put no number in its place."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else otherwise
