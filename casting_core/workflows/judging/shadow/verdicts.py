"""What the version in shadow said of a photo, with what the one in production had said of the very same photo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from casting_core.records.ledger import Entry, Kind, as_number
from casting_core.workflows.judging.recorded import LONGEST, Said
from casting_core.workflows.stores import ledger


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the version in production had said."""

    model: str
    verdict: str  # empty where it gave none
    score: float | None
    station: str = ""  # that asked; empty where a person did
    part: str = ""  # its number
    file: str = ""  # as it was called where it came from

    def body(self) -> dict[str, Any]:
        """Its place in a row."""
        return {**vars(self), "file": self.file[:LONGEST]}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """The way back, whatever somebody may have made of it."""
        words = {name: str(told.get(name, "")) for name in ("model", "verdict", "station", "part", "file")}
        return cls(score=as_number(told.get("score"), otherwise=None), **words)


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
    body = said.body() | {"beside": answer.body()}
    return ledger().add(Kind.SHADOW_VERDICT, about=said.photo, body=body, actor=actor.strip())


def read(row: Entry) -> Pair:
    """The way back from a row."""
    beside = row.values.get("beside")
    return Pair(
        row=row.number,
        at=row.at / 1000,
        answer=Answer.read(beside if isinstance(beside, dict) else {}),
        said=Said.read(row.about, row.values),
    )
