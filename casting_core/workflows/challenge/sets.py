"""Which challenge parts are in force: a row of the ledger says so, with who chose them and why."""

import hashlib
from collections.abc import Sequence

from casting_core.errors import CastingError
from casting_core.records.chain import Entry, Kind, canonical
from casting_core.roles import Write, require
from casting_core.wording import count
from casting_core.workflows.challenge.proposing import BORDERLINE, Candidate
from casting_core.workflows.challenge.shifts import TIME
from casting_core.workflows.challenge.values import PREFIX, ChallengeSet, Part
from casting_core.workflows.stores import ledger

MOST = 30  # parts of a set: all of them are photographed at the start of every shift
CHOSEN, ENDED = "chosen", "given up"  # what a row says was done
NOBODY = "say who decides about the challenge parts: an auditor will ask"
BOTH = "challenge parts must be of both labels, and one of them at least borderline: only those show an ageing lamp"


def choose(
    candidates: Sequence[Candidate], *, shifts: tuple[str, ...], dataset: str, model: str, actor: str, reason: str
) -> ChallengeSet:
    """Puts these castings in force as challenge parts, in the place of those before.

    They get the numbers CHALLENGE-1 and so on, in order. From now on every station must judge them right once in a
    shift. Raises ``CastingError`` where nobody decides, or they are not of both labels with a borderline one.
    """
    actor = require(Write.CHALLENGE, actor)
    if not actor.strip():
        raise CastingError(NOBODY)
    labels, roles = {one.label for one in candidates}, {one.role for one in candidates}
    if len(labels) < 2 or BORDERLINE not in roles:
        raise CastingError(BOTH)
    if len(candidates) > MOST or len({one.photo for one in candidates}) < len(candidates):
        raise CastingError(f"a set has at most {count(MOST, 'challenge part')}, each of another casting")
    parts = [
        Part(name=f"{PREFIX}{number}", photo=one.photo, label=one.label, score=one.score, role=one.role)
        for number, one in enumerate(candidates, start=1)
    ]
    told = [part.body() for part in parts]
    name = hashlib.sha256(canonical(told).encode()).hexdigest()[:12]
    body = {"done": CHOSEN, "parts": told, "shifts": list(shifts), "dataset": dataset, "model": model}
    row = ledger().add(Kind.CHALLENGE, about=name, body=body, actor=actor.strip(), reason=reason.strip())
    made = read(row)
    assert made is not None
    return made


def end(name: str, *, actor: str, reason: str) -> None:
    """Gives the challenge parts up: no station has to judge any. ``CastingError`` where nobody says who or why."""
    actor = require(Write.CHALLENGE, actor)
    if not actor.strip() or not reason.strip():
        raise CastingError("say who gives the challenge parts up, and why: an auditor will ask")
    body = {"done": ENDED}
    ledger().add(Kind.CHALLENGE, about=name, body=body, actor=actor.strip(), reason=reason.strip())


def read(row: Entry) -> ChallengeSet | None:
    """The set that a row puts in force; none where it does something else, or was altered beyond reading."""
    said = row.values
    if said.get("done") != CHOSEN:
        return None
    try:
        parts = tuple(Part.read(one) for one in said["parts"])
        shifts = tuple(one for one in map(str, said["shifts"]) if TIME.fullmatch(one))
    except (KeyError, TypeError, ValueError):
        return None
    return ChallengeSet(
        name=row.about,
        parts=parts,
        shifts=shifts,
        dataset=str(said.get("dataset", "")),
        model=str(said.get("model", "")),
        at=row.at / 1000,
        who=row.actor,
        why=row.reason,
    )
