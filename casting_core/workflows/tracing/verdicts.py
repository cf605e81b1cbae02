"""Every verdict on record that somebody asks for: of single photos, of stations, of watched folders and of batches.

The database finds the rows; only what is taken of them is read, the newest first.
"""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from casting_core.domain import Verdict
from casting_core.errors import CastingError, SettingsError
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.records.ledger import Sought
from casting_core.wording import printable, spreadsheet_cell
from casting_core.workflows.judging.batch import kept
from casting_core.workflows.stores import ledger


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which verdicts are wanted; whatever is left open is wanted in any way.

    Raises ``SettingsError`` where a distance is below 0, or the time or the rows end before they begin.
    """

    model: str = ""  # a version
    verdict: Verdict | None = None
    since: float | None = None  # seconds since 1970, UTC
    until: float | None = None  # seconds since 1970, UTC
    after: int | None = None  # a row of the ledger: only verdicts behind it
    before: int | None = None  # a row of the ledger: only verdicts in front of it
    within: float | None = None  # at most so far from a threshold, as a difference of scores
    text: str = ""  # in the part's number, the file's name, the photo's sha256 or the name of who judged
    who: str = ""  # judged for this person or station, by the whole name

    def __post_init__(self) -> None:
        if self.within is not None and not self.within >= 0:
            raise SettingsError(f"a distance from the threshold is at least 0, not {self.within:g}")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise SettingsError("the time ends before it begins")
        if self.after is not None and self.before is not None and self.before < self.after:
            raise SettingsError("the rows end before they begin")

    def wants(self, one: "Traced") -> bool:
        """Whether a verdict is one of those."""
        told = self.text.strip().casefold()
        return (
            (not self.model or one.model == self.model)
            and (self.verdict is None or one.verdict == self.verdict)
            and (self.since is None or one.at >= self.since)
            and (self.until is None or one.at <= self.until)
            and (self.within is None or (one.distance is not None and one.distance <= self.within))
            and (not self.who or one.who == self.who)
            and (not told or told in f"{one.part} {one.file} {one.photo} {one.who}".casefold())
        )


@dataclass(frozen=True, kw_only=True)
class Traced:
    """One verdict."""

    at: float  # seconds since 1970, UTC; of a batch when it ended
    who: str
    photo: str  # sha256
    file: str
    part: str  # its number, where somebody said
    model: str
    threshold: float
    upper: float | None
    score: float | None
    verdict: str  # empty where there was none
    kind: str  # of defect
    reason: str
    row: int  # of the ledger
    batch: str  # its mark; empty for a photo by itself

    @property
    def distance(self) -> float | None:
        """How far the score lies from the nearest threshold; none without a score."""
        if self.score is None:
            return None
        return min(abs(self.score - limit) for limit in (self.threshold, self.upper) if limit is not None)


def verdicts(wanted: Question, *, most: int | None = None) -> list[Traced]:
    """The verdicts on record that are wanted, the newest first; ``most``: so many at most."""
    return list(islice(walk(wanted), most))


def walk(wanted: Question) -> Iterator[Traced]:
    """The same one after the other; of the record no more is read than is taken."""
    after, upto = _range(wanted)
    for row in ledger().search(_sought(wanted), after=after, upto=upto):
        if row.kind != Kind.BATCH or _may_hold(row, wanted):
            yield from (one for one in _told_by(row) if wanted.wants(one))


def of_photos(photos: Collection[str], wanted: Question) -> dict[str, list[Traced]]:
    """The verdicts on these photos that are wanted, by photo, the newest first."""
    after, upto = _range(wanted)
    sought = [replace(one, about=tuple(photos) if one.kind is Kind.INSPECTION else ()) for one in _sought(wanted)]
    found: dict[str, list[Traced]] = {photo: [] for photo in photos}
    for row in ledger().search(sought, after=after, upto=upto) if photos else ():
        if row.kind != Kind.BATCH or _may_hold(row, wanted):
            for one in _told_by(row):
                if one.photo in found and wanted.wants(one):
                    found[one.photo].append(one)
    return found


def as_csv(found: Sequence[Traced]) -> str:
    """A line per verdict, for a spreadsheet, which runs none of its cells."""
    names = [field.name for field in fields(Traced)]
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(names)
    for one in found:
        told = {name: getattr(one, name) for name in names} | {"at": moment_of(one)}
        table.writerow(["" if told[name] is None else spreadsheet_cell(str(told[name])) for name in names])
    return written.getvalue()


def moment_of(one: Traced) -> str:
    """When a verdict was given, UTC."""
    return datetime.fromtimestamp(one.at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def seconds_of(text: str) -> float:
    """A day or a moment as people type it, ``2026-11-29`` or ``2026-11-29 06:00``, in seconds since 1970.

    It is UTC where it names no zone. Raises ``SettingsError`` where it is neither.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        wanted = "take a day, as 2026-11-29, or a moment, as '2026-11-29 06:00'"
        raise SettingsError(f"{printable(text)[:40]!r} is no time: {wanted}") from error
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).timestamp()


def _sought(wanted: Question) -> list[Sought]:
    """The rows that may tell of such verdicts; what a batch says of its photos stands in a file of its own."""
    by: dict[str, Any] = {"model": wanted.model} if wanted.model else {}
    said = by | ({} if wanted.verdict is None else {"verdict": wanted.verdict.value})
    alone = Sought(kind=Kind.INSPECTION, fields=said, text=wanted.text.strip() or wanted.who)
    return [alone, Sought(kind=Kind.BATCH, fields=by)]


def _range(wanted: Question) -> tuple[int, int | None]:
    """Numbers of rows: behind the first, up to the second. Rows are in the order of time."""
    after = max(wanted.after or 0, 0 if wanted.since is None else ledger().last_before(wanted.since))
    ends = [] if wanted.until is None else [ledger().last_before(wanted.until + 0.001)]
    ends += [] if wanted.before is None else [wanted.before - 1]
    return after, min(ends, default=None)


def _may_hold(row: Entry, wanted: Question) -> bool:
    """Whether one photo of a batch may be wanted, by what the row says of all of them."""
    counts = row.values.get("counts")
    return wanted.verdict is None or not isinstance(counts, dict) or counts.get(wanted.verdict.value) != 0


def _told_by(row: Entry) -> Iterator[Traced]:
    return _of_batch(row) if row.kind == Kind.BATCH else iter([_of_one(row)])


def _of_one(row: Entry) -> Traced:
    said = row.values
    return Traced(
        at=row.at / 1000,
        who=row.actor,
        photo=row.about,
        threshold=as_number(said.get("threshold"), otherwise=0.5),
        upper=as_number(said.get("upper"), otherwise=None),
        score=as_number(said.get("score"), otherwise=None),
        row=row.number,
        batch="",
        **{name: str(said.get(name, "")) for name in ("file", "part", "model", "verdict", "kind", "reason")},
    )


def _of_batch(row: Entry) -> Iterator[Traced]:
    """The photos of a batch, as its results say; nothing where they are gone, which ``batch verify`` says."""
    said = row.values
    try:
        judged = kept.results_of(row.about)
    except CastingError:
        return
    for one in reversed(judged):
        yield Traced(
            at=row.at / 1000,
            who=row.actor,
            photo=one.sha256,
            file=one.path,
            part="",
            model=str(said.get("model", "")),
            threshold=as_number(said.get("threshold"), otherwise=0.5),
            upper=as_number(said.get("upper"), otherwise=None),
            score=one.score,
            verdict=one.verdict.value if one.verdict is not None else "",
            kind=one.kind,
            reason=one.reason,
            row=row.number,
            batch=row.about,
        )
