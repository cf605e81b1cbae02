"""What the version in shadow said of a photo, with what the one in production had said of the very same photo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from casting_core.records.chain import Entry, Kind, as_number
from casting_core.records.ledger import New
from casting_core.workflows.judging.recorded import LONGEST, Said
from casting_core.workflows.stores import ledger


@dataclass(frozen=True, kw_only=True)
class OfBatch:
    """A photo of a batch."""

    mark: str
    number: int  # of the photo in it, from 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the version in production had said."""

    model: str
    verdict: str  # empty where it gave none
    score: float | None
    station: str = ""  # that asked; empty where a person did
    part: str = ""  # its number
    file: str = ""  # as it was called where it came from
    batch: OfBatch | None = None  # none for a photo by itself

    def body(self) -> dict[str, Any]:
        """Its place in a row."""
        names = ("model", "verdict", "score", "station", "part")
        whole = {name: getattr(self, name) for name in names} | {"file": self.file[:LONGEST]}
        return whole if self.batch is None else whole | {"batch": self.batch.mark, "number": self.batch.number}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """The way back, whatever somebody may have made of it."""
        words = {name: str(told.get(name, "")) for name in ("model", "verdict", "station", "part", "file")}
        number = as_number(told.get("number"), otherwise=None)
        batch = None if number is None else OfBatch(mark=str(told.get("batch", "")), number=int(number))
        return cls(score=as_number(told.get("score"), otherwise=None), batch=batch, **words)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two verdicts on one photo."""

    row: int  # of the ledger
    at: float  # seconds since 1970, UTC
    answer: Answer  # of the version in production, which counted
    said: Said  # of the version in shadow, which nobody saw

    @property
    def differs(self) -> bool:
        """Whether the part would have gone another way."""
        return self.answer.verdict != self.said.verdict


def record(said: Said, answer: Answer, *, actor: str) -> Entry:
    """Writes down what the version in shadow said; ``actor`` is who had the photo judged."""
    return ledger().add(Kind.SHADOW_VERDICT, about=said.photo, body=_body(said, answer), actor=actor.strip())


def record_all(told: Sequence[tuple[Said, Answer]], *, actor: str) -> None:
    """The same of many photos, in one transaction."""
    new = [
        New(key=f"{at} {said.photo}", about=said.photo, body=_body(said, answer), actor=actor.strip())
        for at, (said, answer) in enumerate(told)
    ]
    book = ledger()
    book.add_new(Kind.SHADOW_VERDICT, lambda: new, after=book.head().number, key=lambda row: str(row.number))


def numbers_of(mark: str, model: str, *, after: int) -> set[int]:
    """The photos of a batch of which a version in shadow has said something, in rows after this number."""
    rows = ledger().walk(kinds=[Kind.SHADOW_VERDICT], after=after)
    pairs = (read(row) for row in rows)
    return {
        one.answer.batch.number
        for one in pairs
        if one.answer.batch is not None and one.answer.batch.mark == mark and one.said.model == model
    }


def _body(said: Said, answer: Answer) -> dict[str, Any]:
    return said.body() | {"beside": answer.body()}


def read(row: Entry) -> Pair:
    """The way back from a row."""
    beside = row.values.get("beside")
    return Pair(
        row=row.number,
        at=row.at / 1000,
        answer=Answer.read(beside if isinstance(beside, dict) else {}),
        said=Said.read(row.about, row.values),
    )
