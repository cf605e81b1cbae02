"""Kept photos go by age or by size, as the rule says, but never one that is under review; and how much disk they take.

Under review is what nobody has finished with: a part to inspect that no person has spoken of, a photo of which somebody
said "cannot tell" or "look again", a batch that nobody has said to have looked at, and photos of the last shifts, of
which the outgoing audit draws parts to be looked at.
"""

import shutil
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from casting_core.domain import Progress, Verdict
from casting_core.errors import CastingError, SettingsError
from casting_core.records.chain import Kind, root
from casting_core.records.ledger import Sought
from casting_core.roles import Write, require
from casting_core.settings import settings
from casting_core.wording import count, room
from casting_core.workflows.judging.batch import kept as batches
from casting_core.workflows.keeping import photos
from casting_core.workflows.keeping.photos import Kept
from casting_core.workflows.keeping.rule import Rule, rule
from casting_core.workflows.review.judgements import standing
from casting_core.workflows.review.recording import Judged
from casting_core.workflows.stores import ledger

DAY, YEAR = 24 * 3600.0, 365.0  # seconds; days
GIGA = 10**9
YOUNG = 2.0  # days: the outgoing audit asks for parts of the shift that goes on and the one before
LATELY = 30.0  # days of which photos are counted for the forecast
TIDIER = "the rule"  # who removes photos where no person asks for it
LOOKED = "batch looked at"


class Review(StrEnum):
    """Why a photo may not go."""

    INSPECT = "to inspect, and no person has spoken of it yet"
    CANNOT_TELL = "a person cannot tell"
    LOOK_AGAIN = "put back for another look"
    BATCH = "in a batch that nobody has said to have looked at"
    YOUNG = "of the last two days, of which parts are still drawn to be looked at"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would go now."""

    photos: int  # kept now
    size: int  # bytes of them
    go: tuple[Kept, ...]  # the oldest first
    held: Mapping[Review, int] = field(default_factory=dict)  # photos that were due and stay, by the reason
    over: int = 0  # bytes that are left above the limit, because what is left is under review

    @property
    def freed(self) -> int:
        """Bytes of what goes."""
        return sum(one.size for one in self.go)


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """How much disk kept photos will take, if as many come as lately."""

    photos_a_day: float
    bytes_a_day: float
    size: int  # bytes now
    free: int  # bytes of the disk
    levels_off: float | None  # bytes at which the rule holds them; none where it never does

    @property
    def in_a_year(self) -> float:
        """Bytes a year from now."""
        grown = self.size + YEAR * self.bytes_a_day
        return grown if self.levels_off is None else min(grown, max(self.levels_off, 0.0))

    @property
    def full_in(self) -> float | None:
        """Days until the disk is full of them; none where it never is."""
        room = self.size + self.free
        if self.bytes_a_day <= 0 or (self.levels_off is not None and self.levels_off <= room):
            return None
        return self.free / self.bytes_a_day

    @property
    def words(self) -> str:
        """The forecast in a sentence or two."""
        if self.bytes_a_day <= 0:
            return f"No photo was kept in the last {LATELY:.0f} days; {room(self.free)} of the disk are free."
        rate = f"At {self.photos_a_day:,.0f} photos a day" if self.photos_a_day >= 1 else "At less than a photo a day"
        told = f"{rate}, {room(self.in_a_year)} in a year"
        if self.full_in is None:
            return f"{told}; the disk has {room(self.free)} free, which is enough."
        return f"{told}; the disk has {room(self.free)} free and is full in {_days(self.full_in)}."


def plan(wanted: Rule | None = None, *, now: float | None = None) -> Plan:
    """What the rule in force would remove now, or the rule that is ``wanted``."""
    wanted, now = wanted or rule(), time.time() if now is None else now
    here = sorted(photos.kept(), key=lambda one: (one.at, one.photo))
    size = sum(one.size for one in here)
    if wanted.days is None and wanted.gigabytes is None:
        return Plan(photos=len(here), size=size, go=())
    reviewed, left = under_review(), size
    most = None if wanted.gigabytes is None else wanted.gigabytes * GIGA
    oldest = None if wanted.days is None else now - wanted.days * DAY
    go, held = list[Kept](), Counter[Review]()
    for one in here:
        due = (oldest is not None and one.at < oldest) or (most is not None and left > most)
        review = reviewed.get(one.photo, Review.YOUNG if now - one.at < YOUNG * DAY else None)
        if due and review is not None:
            held[review] += 1
        elif due:
            go.append(one)
            left -= one.size
    over = 0 if most is None else max(0, round(left - most))
    return Plan(photos=len(here), size=size, go=tuple(go), held=dict(held), over=over)


def tidy(*, actor: str, report: Progress = lambda _done, _total: None) -> Plan:
    """Removes what the rule in force says, and puts on record which photos; what was removed.

    Raises ``SettingsError`` where nobody is named.
    """
    actor = require(Write.KEEP, actor)
    if not actor.strip():
        raise SettingsError("say who removes photos: an auditor will ask")
    found = plan()
    if found.go:
        names = sorted(one.photo for one in found.go)
        body = {"removed": len(names), "bytes": found.freed, "root": root(names)}
        ledger().add(Kind.KEEPING, about="photos of verdicts", body=body, actor=actor.strip())
        for done, one in enumerate(found.go, start=1):
            photos.remove(one.photo)
            report(done, len(found.go))
    return found


def under_review() -> dict[str, Review]:
    """The photos that nobody has finished with, each with the reason."""
    found: dict[str, Review] = {}
    found |= dict.fromkeys(_of_open_batches(), Review.BATCH)
    spoken = dict[str, tuple[int, bool]]()  # by photo: the row of the latest opinion, and whether it says what it is
    for row in ledger().walk(kinds=[Kind.OPINION, Kind.OUTGOING]):
        spoken[row.about] = (row.number, bool(row.values.get("says")))
    for row in ledger().search([Sought(kind=Kind.INSPECTION, fields={"verdict": Verdict.INSPECT.value})]):
        if spoken.get(row.about, (0, False))[0] < row.number:
            found[row.about] = Review.INSPECT
    found |= {photo: Review.CANNOT_TELL for photo, (_, told) in spoken.items() if not told}
    reasons = {Judged.CANNOT_TELL: Review.CANNOT_TELL, Judged.LOOK_AGAIN: Review.LOOK_AGAIN}
    for photo, said in standing(ledger().rows(kinds=[Kind.JUDGEMENT])).items():
        if said[0].judged in reasons:
            found[photo] = reasons[said[0].judged]
    return found


def looked_at(mark: str, *, actor: str) -> None:
    """Puts on record that somebody has looked at a batch: its photos may go when their time comes.

    Raises ``SettingsError`` where nobody is named.
    """
    actor = require(Write.JUDGE, actor)
    if not actor.strip():
        raise SettingsError("say who has looked at this batch: an auditor will ask")
    ledger().add(Kind.KEEPING, about=mark, body={"done": LOOKED}, actor=actor.strip())


def was_looked_at(mark: str) -> bool:
    """Whether somebody has said so of a batch."""
    return any(row.values.get("done") == LOOKED for row in ledger().rows(kinds=[Kind.KEEPING], about=mark))


def forecast(*, now: float | None = None) -> Forecast:
    """How much disk kept photos will take, by those of the last days."""
    now, wanted = time.time() if now is None else now, rule()
    here = list(photos.kept())
    fresh = [one for one in here if now - one.at < LATELY * DAY]
    days = min(LATELY, max(1.0, (now - min((one.at for one in here), default=now)) / DAY))
    a_day = sum(one.size for one in fresh) / days
    limits = [] if wanted.days is None else [wanted.days * a_day]
    limits += [] if wanted.gigabytes is None else [wanted.gigabytes * GIGA]
    place = next(one for one in (settings().data_dir, *settings().data_dir.absolute().parents) if one.exists())
    return Forecast(
        photos_a_day=len(fresh) / days,
        bytes_a_day=a_day,
        size=sum(one.size for one in here),
        free=shutil.disk_usage(place).free,
        levels_off=min(limits, default=None),
    )


def in_words(found: Plan) -> list[str]:
    """What a plan comes to, as sentences."""
    told = [f"{count(found.photos, 'kept photo')}, {room(found.size)}."]
    if found.go:
        told.append(f"{count(len(found.go), 'photo')} may go by the rule, {room(found.freed)}.")
    told += [f"{count(number, 'photo')} would be due and stay: {reason}." for reason, number in found.held.items()]
    if found.over:
        told.append(f"That leaves {room(found.over)} more than the limit: what is left is under review.")
    return told


def _of_open_batches() -> Iterable[str]:
    looked = {row.about for row in ledger().rows(kinds=[Kind.KEEPING]) if row.values.get("done") == LOOKED}
    for one in batches.recorded():
        if one.mark not in looked:
            yield from _photos_of(one.mark)


def _photos_of(mark: str) -> Sequence[str]:
    try:
        return [one.sha256 for one in batches.results_of(mark) if one.sha256]
    except CastingError:  # its results are gone, which ``batch verify`` says
        return []


def _days(days: float) -> str:
    return f"about {count(round(days), 'day')}" if days < 2 * YEAR else f"about {days / YEAR:,.0f} years"
