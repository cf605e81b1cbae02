"""The outgoing audit: each shift some passed parts are drawn at random, and a person looks at them.

Nobody can choose them: they are drawn by the version, the shift, and the last row that the ledger had when the shift
began, which nobody knew before. Whoever has the ledger can draw them again.
"""

import hashlib
from dataclasses import dataclass

from casting_core import roles
from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.judging.watch.escape_bound import upper
from casting_core.judging.watch.seen import Outcome
from casting_core.judging.watch.shifts import Shift
from casting_core.records.card import ModelCard
from casting_core.records.chain import NOTHING, Entry, Kind, as_number
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write
from casting_core.settings import settings
from casting_core.workflows.review.opinions import LONGEST
from casting_core.workflows.stores import ledger
from casting_core.workflows.watching.board import Gathered

SHIFTS = 2  # whose parts are still asked for: the one that goes on, and the one before


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A passed part that a person is to look at."""

    shift: Shift
    photo: str  # sha256
    part: str  # its number; empty where nobody said
    file: str  # as its photo was called where it came from; may be empty
    at: float  # when it was judged, seconds since 1970
    score: float
    row: int  # of its verdict in the ledger

    @property
    def name(self) -> str:
        """By which it is found on the line: its number, else the name of its file, else of its photo."""
        return self.part or self.file or self.photo[:12]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person said of a part that was drawn."""

    number: int  # of its row in the ledger
    at: float  # seconds since 1970, UTC
    who: str
    photo: str  # sha256
    part: str
    label: Label | None  # none where the person cannot tell
    shift: float  # when it began


@dataclass(frozen=True, kw_only=True)
class Escapes:
    """What the audit proves of a version."""

    looked: int  # parts of which a person said what they are
    escaped: int  # of them those that are defective
    untold: int  # parts of which nobody could tell

    @property
    def upper(self) -> float:
        """The share of passed parts that is defective is at most this, with 95 % confidence, whenever one looks."""
        return upper(self.escaped, self.looked)


def drawn(found: Gathered, card: ModelCard) -> list[Drawn]:
    """The parts to look at: of the shift that goes on and the one before, those that nobody has spoken about yet."""
    told = {(one.part or one.photo, one.shift) for one in answers(card)}
    some = [one for at in range(len(found.shifts))[-SHIFTS:] for one in of_shift(found, at, card)]
    return [one for one in reversed(some) if (one.part or one.photo, one.shift.start) not in told]


def of_shift(found: Gathered, at: int, card: ModelCard) -> list[Drawn]:
    """The parts drawn of a shift, by its number: of all that the version passed in it, as far as it has gone."""
    shift, which = found.shifts[at], found.parts.which[found.parts.shift == at]
    passed = (found.seen.outcome[which] == Outcome.PASS) & (found.seen.model[which] == card.name)
    before = ledger().row(ledger().last_before(shift.start))
    seed = f"{card.files.get(GRAPH, '')} {shift.start:.0f} {before.hash if before is not None else NOTHING}"
    order = sorted(
        which[passed].tolist(), key=lambda one: hashlib.sha256(f"{seed} {found.seen.part[one]}".encode()).digest()
    )
    return [
        Drawn(
            shift=shift,
            photo=str(found.seen.photo[one]),
            part="" if found.seen.part[one] == found.seen.photo[one] else str(found.seen.part[one]),
            file=str(found.seen.file[one]),
            at=float(found.seen.at[one]),
            score=float(found.seen.score[one]),
            row=int(found.seen.row[one]),
        )
        for one in order[: settings().outgoing_parts]
        if found.seen.photo[one]
    ]


def say(one: Drawn, label: Label | None, *, card: ModelCard, who: str, note: str = "") -> Entry:
    """Writes down what a person says of a part that was drawn; ``DatasetError`` where nobody is named."""
    who = roles.require(Write.OPINION, who)
    if not who.strip():
        raise DatasetError("say who looked at this part: an auditor will ask")
    body = {
        "says": "" if label is None else label.word,
        "part": one.part[:LONGEST],
        "model": card.name,
        "graph": card.files.get(GRAPH, ""),
        "shift": one.shift.start,
        "row": one.row,
    }
    return ledger().add(Kind.OUTGOING, about=one.photo, body=body, actor=who.strip(), reason=note.strip())


def answers(card: ModelCard) -> list[Answer]:
    """What people said of parts that this very version passed: the latest of each part counts, the newest first."""
    found: dict[tuple[str, float], Answer] = {}
    for row in ledger().rows(kinds=[Kind.OUTGOING]):
        said = row.values
        if said.get("graph") != card.files.get(GRAPH, "") or said.get("model") != card.name:
            continue
        one = Answer(
            number=row.number,
            at=row.at / 1000,
            who=row.actor,
            photo=row.about,
            part=str(said.get("part", "")),
            label=next((label for label in Label if label.word == said.get("says")), None),
            shift=as_number(said.get("shift"), otherwise=0.0),
        )
        found.setdefault((one.part or one.photo, one.shift), one)
    return list(found.values())


def escapes(card: ModelCard) -> Escapes:
    """What all answers prove of this version."""
    known = [one.label for one in answers(card)]
    return Escapes(
        looked=sum(label is not None for label in known),
        escaped=sum(label is Label.DEFECTIVE for label in known),
        untold=known.count(None),
    )
