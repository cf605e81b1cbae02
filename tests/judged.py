"""Lines whose verdicts are on record: part after part, as a station asked, with the light that their photos have."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from casting_core.records.card import ModelCard
from casting_core.records.database import connect
from casting_core.records.ledger import Entry, Kind, Ledger, New
from casting_core.records.version_files import GRAPH
from casting_core.settings import settings


@dataclass(frozen=True, kw_only=True)
class Part:
    """One photo of a part, as it was judged."""

    at: float  # seconds since 1970
    name: str
    verdict: str = "pass"
    reason: str = ""
    score: float | None = 0.1
    light: float | None = 150.0
    sharpness: float | None = 0.3
    looks: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)

    @property
    def photo(self) -> str:
        """The sha256 of its photo."""
        return hashlib.sha256(f"{self.name} {self.at}".encode()).hexdigest()


def judge_parts(parts: Sequence[Part], card: ModelCard) -> list[Entry]:
    """Writes down that a version judged these parts, in order, each at its time."""
    moments = iter([one.at for one in parts])
    book = Ledger(connect(settings().database_url), clock=lambda: next(moments))
    rows = [New(key=one.photo, about=one.photo, body=_body(one, card), actor="station line-1") for one in parts]
    return book.add_new(Kind.INSPECTION, lambda: rows, after=book.head().number, key=lambda row: row.about)


def _body(one: Part, card: ModelCard) -> dict[str, object]:
    measured = {"light": one.light, "sharpness": one.sharpness, "looks": list(one.looks)}
    return {
        "model": card.name,
        "graph": card.files[GRAPH],
        "threshold": 0.5,
        "upper": None,
        "score": one.score,
        "verdict": one.verdict,
        "reason": one.reason,
        "kind": "",
        "part": one.name,
    } | {name: value for name, value in measured.items() if value}
