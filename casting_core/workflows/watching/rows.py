"""Verdicts of the ledger side by side: of single photos, of stations, of watched folders and of batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple

import numpy as np

from casting_core.domain import Verdict
from casting_core.errors import CastingError
from casting_core.judging.watch.seen import DIRECTIONS, Outcome, Seen, joined
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.workflows.judging.batch import kept
from casting_core.workflows.judging.recorded import numbers
from casting_core.workflows.review import opinions
from casting_core.workflows.review.opinions import Opinion
from casting_core.workflows.stores import ledger

OUTCOMES = {Verdict.PASS.value: Outcome.PASS, Verdict.INSPECT.value: Outcome.INSPECT}
OUTCOMES |= {Verdict.REJECT.value: Outcome.REJECT}
RETAKE = "Retake: "  # how a reason of the gate begins
UNKNOWN = (float("nan"),) * DIRECTIONS
MOST = 100_000  # photos of one batch row that are counted: a row that somebody altered may say any number


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What some rows of the ledger say."""

    seen: Seen
    opinions: tuple[Opinion, ...]  # the oldest first


class _Photo(NamedTuple):
    """One verdict, its values in the order of the fields of ``Seen``."""

    at: float
    row: int
    part: str
    photo: str
    file: str
    model: str
    outcome: Outcome
    gated: bool
    score: float
    light: float = float("nan")
    sharpness: float = float("nan")
    looks: tuple[float, ...] = UNKNOWN


def read(after: int, upto: int) -> Rows:
    """The verdicts and opinions in rows with numbers above ``after``, up to ``upto``."""
    found: list[_Photo] = []
    said: list[Opinion] = []
    for row in ledger().walk(kinds=[Kind.INSPECTION, Kind.BATCH, Kind.OPINION], after=after):
        if row.number > upto:
            break
        if row.kind == Kind.OPINION:
            said.append(opinions.read(row))
        else:
            found.extend(_batch(row) if row.kind == Kind.BATCH else [_one(row)])
    return Rows(seen=_side_by_side(found), opinions=tuple(said))


def together(some: Sequence[Rows]) -> Rows:
    """Several of them, in order; at least one."""
    return Rows(seen=joined([one.seen for one in some]), opinions=tuple(said for one in some for said in one.opinions))


def _one(row: Entry) -> _Photo:
    said = row.values
    reason, looks = str(said.get("reason", "")), numbers(said.get("looks"))
    verdict = OUTCOMES.get(str(said.get("verdict", "")), Outcome.RETAKE)
    gated = reason.startswith(RETAKE)  # a station is told to inspect then: it has no way to take the photo anew
    return _Photo(
        at=row.at / 1000,
        row=row.number,
        part=str(said.get("part") or row.about),
        photo=row.about,
        file=str(said.get("file", "")),
        model=intern(str(said.get("model", ""))),
        outcome=verdict,
        gated=gated,
        score=as_number(said.get("score"), otherwise=float("nan")),
        light=as_number(said.get("light"), otherwise=float("nan")),
        sharpness=as_number(said.get("sharpness"), otherwise=float("nan")),
        looks=looks if len(looks) == DIRECTIONS else UNKNOWN,
    )


def _batch(row: Entry) -> Iterator[_Photo]:
    """The photos of a batch; where its results have gone, as many as its row says, of which no more is known."""
    said, at = row.values, row.at / 1000
    model = str(said.get("model", ""))
    try:
        judged = kept.results_of(row.about)
    except CastingError:
        judged = []
    for one in judged:
        outcome = Outcome.RETAKE if one.verdict is None else OUTCOMES[one.verdict.value]
        part, score = one.sha256 or f"{row.about} {one.number}", float("nan") if one.score is None else one.score
        light = as_number(one.light, otherwise=float("nan"))
        yield _Photo(at, row.number, part, one.sha256, one.path, model, outcome, one.retake, score, light)
    counts = said.get("counts")
    if judged or not isinstance(counts, dict):
        return
    for name, outcome in OUTCOMES.items():
        for number in range(min(MOST, int(as_number(counts.get(name), otherwise=0.0)))):
            part = f"{row.about} {name} {number}"
            yield _Photo(at, row.number, part, "", "", model, outcome, False, float("nan"))


def _side_by_side(found: list[_Photo]) -> Seen:
    at, row, part, photo, file, model, outcome, gated, score, light, sharpness, looks = (
        zip(*found, strict=True) if found else [()] * len(_Photo._fields)
    )
    return Seen(
        at=np.array(at, dtype=np.float64),
        row=np.array(row, dtype=np.int64),
        part=np.array(part, dtype=object),
        photo=np.array(photo, dtype=object),
        file=np.array(file, dtype=object),
        model=np.array(model, dtype=object),
        outcome=np.array(outcome, dtype=np.int8),
        gated=np.array(gated, dtype=bool),
        score=np.array(score, dtype=np.float64),
        light=np.array(light, dtype=np.float64),
        sharpness=np.array(sharpness, dtype=np.float64),
        looks=np.array(looks, dtype=np.float64).reshape(-1, DIRECTIONS),
    )
