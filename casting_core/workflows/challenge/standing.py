"""Which stations may let parts pass: those that have judged all challenge parts right since their shift began.

Another version in production is another judge: from then on the parts are due again, whoever was cleared. A station
that misses one is blocked, into the next shifts too, until a person clears it. All of it is read off the ledger, so
every process and every page sees the same.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from casting_core.domain import Label, OperatingPoint
from casting_core.errors import CastingError
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.roles import Write, require
from casting_core.wording import moment
from casting_core.workflows.challenge import sets
from casting_core.workflows.challenge.shifts import latest_start
from casting_core.workflows.challenge.values import PREFIX, Challenged, ChallengeSet, Part, Word, margin, names
from casting_core.workflows.stores import ledger

CLEARED = "cleared"  # what a row says was done
FRESH = 0.5  # seconds for which what was read of the ledger will do for a photo that is no challenge part
NOBODY = "say who clears the station, and why it may go on: an auditor will ask"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A challenge part as a station judged it."""

    row: int  # of the ledger
    at: float  # seconds since 1970, UTC
    station: str
    part: str
    set: str  # that was in force
    known: str  # sha256 of the photo that the part is known by
    label: Label
    word: Word
    model: str
    score: float | None
    margin: float | None  # how far the score lies from being wrong, below 0 where it is; none without a score


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a station stands."""

    station: str
    word: Word | None  # ``DUE`` or ``MISSED``; none where it may let parts pass
    left: tuple[Part, ...] = ()  # that it has to judge yet in this shift
    missed: tuple[Seen, ...] = ()  # that nobody has cleared
    since: float = 0.0  # when its shift began, the parts were chosen or a version was promoted; seconds since 1970
    last_good: Seen | None = None  # the part missed first, as it was judged right before that; none where it never was

    @property
    def words(self) -> str:
        """Why it may let no part pass, in a sentence; nothing where it may."""
        if self.word is Word.MISSED:
            told = "; ".join(f"{one.part} ({one.label.word}) on {moment(one.at)}" for one in self.missed)
            return f"station {self.station} judged a challenge part wrongly: {told}; a person must clear it"
        if self.word is Word.DUE:
            return f"station {self.station} must judge its challenge parts first: {names(self.left)} left"
        return ""

    @property
    def to_fetch_back(self) -> str:
        """Which passed parts a miss casts doubt on, in a sentence; nothing where nothing was missed."""
        if not self.missed:
            return ""
        first, good = self.missed[0], self.last_good
        if good is None:
            return f"Parts that this station passed before row {first.row} of the ledger may have to be fetched back."
        return (
            f"Parts that this station passed between row {good.row} of the ledger, {moment(good.at)}, where it judged "
            f"that part right last, and row {first.row}, {moment(first.at)}, may have to be fetched back."
        )


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What there is to know before a station's photo is answered."""

    standing: Standing
    known: ChallengeSet | None = None
    part: Part | None = None  # the challenge part that is asked about
    used: bool = False  # whether this photo was sent as that of a challenge part before


@dataclass
class _Station:
    """What the rows say of one station so far."""

    right: dict[str, float] = field(default_factory=dict)  # moments, by the parts of the set in force
    missed: list[Seen] = field(default_factory=list)
    cleared: float = 0.0


class Challenges:
    """The challenge parts in force and how every station stands, as the ledger says; threads may share it."""

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        self._now, self._lock, self._read = now, threading.Lock(), 0
        self._set: ChallengeSet | None = None
        self._promoted = 0.0  # when another version was put in production last, seconds since 1970
        self._stations: dict[str, _Station] = {}
        self._photos: set[str] = set()
        self._seen: list[Seen] = []
        self._fresh_until, self._written = 0.0, 0  # on the clock that only goes forward

    def now(self) -> ChallengeSet | None:
        """The parts in force; none where nobody has chosen any. ``CastingError`` where the ledger cannot be read."""
        with self._lock:
            self._refresh()
            return self._set

    def seen(self) -> Sequence[Seen]:
        """Every challenge part that a station has judged, the oldest first."""
        with self._lock:
            self._refresh()
            return tuple(self._seen)

    def standing(self, station: str) -> Standing:
        """Where a station stands at this moment."""
        with self._lock:
            self._refresh()
            return self._standing(station)

    def look(self, station: str, part: str, photo: str) -> Looked:
        """What there is to know before a photo of a part that a station sends is answered."""
        with self._lock:
            self._refresh()
            return self._looked(station, part, photo)

    def at_hand(self, station: str, part: str, photo: str) -> Looked | None:
        """The same without a look at the ledger, and without waiting; none where that is needed.

        It is where the last one is more than ``FRESH`` seconds ago, or the part may be a challenge part.
        """
        if part.startswith(PREFIX) or not self._lock.acquire(blocking=False):
            return None
        try:
            return self._looked(station, part, photo) if time.monotonic() < self._fresh_until else None
        finally:
            self._lock.release()

    def look_again(self) -> None:
        """Whoever asks next has the ledger read: something was just written down."""
        self._written += 1
        self._fresh_until = 0.0

    def _looked(self, station: str, part: str, photo: str) -> Looked:
        known = self._set
        found = None if known is None else known.part(part)
        used = photo in self._photos or (known is not None and any(one.photo == photo for one in known.parts))
        return Looked(standing=self._standing(station), known=known, part=found, used=used)

    def _standing(self, station: str) -> Standing:
        if self._set is None:
            return Standing(station=station, word=None)
        one = self._stations.get(station, _Station())
        since = max(self._set.at, self._promoted, latest_start(self._set.shifts, self._now()))
        left = tuple(part for part in self._set.parts if one.right.get(part.name, 0.0) < since)
        missed = tuple(one.missed)
        if missed:
            good = self._right_before(missed[0])
            return Standing(station=station, word=Word.MISSED, left=left, missed=missed, since=since, last_good=good)
        if not left or one.cleared >= since:
            return Standing(station=station, word=None, since=since)
        return Standing(station=station, word=Word.DUE, left=left, since=since)

    def _right_before(self, missed: Seen) -> Seen | None:
        return next(
            (
                one
                for one in reversed(self._seen)
                if one.row < missed.row
                and (one.station, one.known, one.word) == (missed.station, missed.known, Word.RIGHT)
            ),
            None,
        )

    def _refresh(self) -> None:
        begun, written = time.monotonic(), self._written
        for row in ledger().walk(kinds=[Kind.CHALLENGE, Kind.PROMOTION], after=self._read):
            self._take(row)
            self._read = row.number
        if written == self._written:  # else something was written down while this was read
            self._fresh_until = begun + FRESH

    def _take(self, row: Entry) -> None:
        if row.kind == Kind.PROMOTION:
            self._promoted = self._promoted if row.values.get("before") == row.about else row.at / 1000
            return
        done = row.values.get("done")
        if done == sets.CHOSEN and (chosen := sets.read(row)) is not None:
            self._set = chosen
            for one in self._stations.values():
                one.right.clear()
        elif done == sets.ENDED:
            self._set = None
            self._stations.clear()
        elif done == CLEARED:
            station = self._stations.setdefault(row.about, _Station())
            station.missed.clear()
            station.cleared = row.at / 1000
        elif (seen := _seen(row)) is not None:
            self._photos.add(row.about)
            self._seen.append(seen)
            station = self._stations.setdefault(seen.station, _Station())
            if seen.word is Word.RIGHT and self._set is not None and seen.set == self._set.name:
                station.right[seen.part] = seen.at
            elif seen.word is Word.WRONG:
                station.missed.append(seen)


def clear(challenges: Challenges, station: str, *, actor: str, reason: str) -> None:
    """Lets a station go on until the next shift, on a person's word; what it missed stays on record.

    Raises ``CastingError`` where nobody says who or why, or it is neither blocked nor has parts to judge.
    """
    actor = require(Write.CHALLENGE, actor)
    if not actor.strip() or not reason.strip():
        raise CastingError(NOBODY)
    now = challenges.standing(station)
    if now.word is None:
        raise CastingError(f"station {station[:80]!r} may let parts pass: there is nothing to clear")
    body = {
        "done": CLEARED,
        "was": now.word.value,
        "missed": [one.part for one in now.missed],
        "left": [part.name for part in now.left],
    }
    ledger().add(Kind.CHALLENGE, about=station, body=body, actor=actor.strip(), reason=reason.strip())


def progress(known: ChallengeSet, standing: Standing) -> str:
    """How many of the parts a station has judged right in this shift: ``4 of 6``."""
    return f"{len(known.parts) - len(standing.left)} of {len(known.parts)}"


def _seen(row: Entry) -> Seen | None:
    """What a row says of a challenge part that was judged; none where it says something else."""
    said = row.values
    told = Challenged.read(said.get("challenge"))
    if told is None or not told.known:
        return None
    label = Label.DEFECTIVE if told.label == Label.DEFECTIVE.word else Label.OK
    score = as_number(said.get("score"), otherwise=None)
    return Seen(
        row=row.number,
        at=row.at / 1000,
        station=str(said.get("station", "")),
        part=str(said.get("part", "")),
        set=told.set,
        known=told.known,
        label=label,
        word=told.word,
        model=str(said.get("model", "")),
        score=score,
        margin=None if score is None else _margin(label, score, said),
    )


def _margin(label: Label, score: float, said: dict[str, object]) -> float | None:
    threshold = as_number(said.get("threshold"), otherwise=None)
    try:
        point = OperatingPoint(threshold=threshold or 0.0, upper=as_number(said.get("upper"), otherwise=None))
    except ValueError:
        return None
    return None if threshold is None else margin(label, score, point)
