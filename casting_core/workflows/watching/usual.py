"""What photos of a line are compared with: castings that the version learned from, or what a person called usual since.

A lamp that was changed on purpose is no alarm for ever: a person signs that photos are right as they are now, and why.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from casting_core import roles
from casting_core.errors import DatasetError
from casting_core.judging.watch.counts import parts
from casting_core.judging.watch.seen import Outcome
from casting_core.judging.watch.shifts import Shift
from casting_core.records.card import ModelCard
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write
from casting_core.workflows.stores import ledger
from casting_core.workflows.watching.board import Gathered
from casting_core.workflows.watching.reference import Reference, reference
from casting_core.workflows.watching.rows import read

LEAST = 60  # parts that can be called usual
WHOLE = Shift(start=0.0, end=float("inf"), day=date.min)  # parts count once, whatever shifts they were judged in
NOBODY = "say who calls these photos usual, and why: an auditor will ask"


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """Photos that a person called usual."""

    number: int  # of the row that says so
    at: float  # seconds since 1970, UTC
    who: str
    why: str
    after: int  # the rows of their verdicts lie above this number
    upto: int  # and up to this one


def accept(found: Gathered, card: ModelCard, *, since: date, who: str, why: str) -> Entry:
    """Writes down that the photos of a version since a working day are usual from now on.

    Raises ``DatasetError`` where nobody signs or says why, or fewer than ``LEAST`` parts were judged since.
    """
    who = roles.require(Write.USUAL, who)
    if not who.strip() or not why.strip():
        raise DatasetError(NOBODY)
    days = np.array([one.day >= since for one in found.shifts])
    which = found.parts.which[days[found.parts.shift]]
    which = which[(found.seen.model[which] == card.name) & np.isfinite(found.seen.light[which])]
    if len(which) < LEAST:
        raise DatasetError(f"{len(which)} parts since {since} are too few to call usual; {LEAST} will do")
    rows = found.seen.row[which]
    body = {"graph": card.files.get(GRAPH, ""), "after": int(rows.min()) - 1, "upto": int(rows.max())}
    return ledger().add(Kind.USUAL, about=card.name, body=body, actor=who.strip(), reason=why.strip())


def accepted(card: ModelCard) -> Accepted | None:
    """What was called usual last for this very version; none where nothing was."""
    for row in ledger().rows(kinds=[Kind.USUAL], about=card.name):
        said = row.values
        after, upto = (int(as_number(said.get(name), otherwise=0.0)) for name in ("after", "upto"))
        if said.get("graph") == card.files.get(GRAPH, "") and 0 <= after < upto <= row.number:
            at = row.at / 1000
            return Accepted(number=row.number, at=at, who=row.actor, why=row.reason, after=after, upto=upto)
    return None


def usual(card: ModelCard) -> Reference | None:
    """What the photos of a version are compared with; none where nobody has looked at anything yet."""
    known = accepted(card)
    if known is None:
        return reference(card)
    seen = read(known.after, known.upto).seen
    which = parts(seen, [WHOLE]).which
    one = seen.take(which[(seen.model[which] == card.name) & (seen.outcome[which] != Outcome.INSPECT)])
    one = one.take(np.isfinite(one.score) & np.isfinite(one.light))
    return Reference(
        score=one.score,
        light=one.light,
        sharpness=one.sharpness,
        looks=one.looks,
        new=np.ones(len(one), dtype=bool),
        accepted=True,
        after=known.after,
    )
