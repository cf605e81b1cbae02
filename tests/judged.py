"""Lines whose verdicts are on record: part after part, as a station asked, with the light that their photos have."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from casting_core.records.card import ModelCard
from casting_core.records.chain import Entry, Kind
from casting_core.records.database.access import connect
from casting_core.records.ledger import Ledger, New
from casting_core.records.version_files import GRAPH
from casting_core.settings import settings
from casting_core.workflows.watching.board import shifts_until

DAY, HOUR = 86400.0, 3600.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Part:
    """One photo of a part, as it was judged."""

    at: float  # seconds since 1970
    name: str
    numbered: bool = True
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


def parts_of_a_day(start: float, number: int, *, light: float = 150.0) -> Iterator[Part]:
    """So many passed parts from a moment on, one a minute."""
    random = np.random.default_rng(round(start))
    for at in range(number):
        shines, score = float(random.normal(light, 5)), float(random.uniform(0, 0.3))
        yield Part(at=start + 60 * at, name=f"P{start:.0f}-{at}", light=shines, score=score)


def a_line(now: float, days: int, number: int, *, dark: int = 0) -> list[Part]:
    """So many passed parts on each of the last whole days; photos are dark on the last ``dark`` of them."""
    known = shifts_until(now)
    first = next(one.start for one in known if one.day == known[-1].day)
    of = range(days, 0, -1)
    return [
        one for back in of for one in parts_of_a_day(first - back * DAY, number, light=120 if back <= dark else 150)
    ]


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
        "part": one.name if one.numbered else "",
    } | {name: value for name, value in measured.items() if value}
