"""Which passed parts are to be fetched back: all between two moments or rows, or those that look like a returned part.

The usual two rows are the last challenge that a station passed and the first that it failed.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from casting_core.domain import Verdict
from casting_core.errors import PhotoError, SettingsError
from casting_core.records.chain import Entry, Kind, root
from casting_core.roles import Write, require
from casting_core.wording import spreadsheet_cell
from casting_core.workflows.challenge.standing import Seen
from casting_core.workflows.challenge.values import Word
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.lookalikes.index import Of, missing, read
from casting_core.workflows.judging.lookalikes.nearest import most_alike
from casting_core.workflows.judging.model import Model
from casting_core.workflows.keeping import photos
from casting_core.workflows.stores import ledger
from casting_core.workflows.tracing.verdicts import Question, Traced, moment_of, of_photos, seconds_of, verdicts

SIGNED = "station {}"  # how the ledger names who judged for a station
MOST_ALIKE = 200  # kept photos that are nearest to a returned part, before passed ones are taken of them
COLUMNS = ("at", "part", "file", "who", "model", "score", "threshold", "likeness", "photo", "kept", "batch", "row")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which passed parts are looked for. Raises ``SettingsError`` where the end lies in front of the beginning."""

    start: str = ""  # a moment as people type it, or the number of a row; empty: from the first verdict on
    end: str = ""  # the same; empty: to the last one
    station: str = ""  # or person, by the whole name as verdicts are signed; empty: any

    @property
    def question(self) -> Question:
        """The same as a question about verdicts."""
        after, since = _bound(self.start)
        before, until = _bound(self.end)
        return Question(
            verdict=Verdict.PASS, since=since, until=until, after=after, before=before, who=self.station.strip()
        )


@dataclass(frozen=True, kw_only=True)
class Found:
    """One passed part that may have to come back."""

    verdict: Traced
    likeness: float | None = None  # to the returned part, 1 where both look the same; none where there is none
    kept: bool = False  # whether its photo is there


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A part that came back, as a version sees it, and the passed ones that look like it, the nearest first."""

    photo: str  # sha256
    found: tuple[Found, ...]
    not_looked_at: int  # kept photos that the version has not looked at yet: they are not among those compared


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A challenge part that a station judged wrongly, and what passed there since it was judged right last."""

    seen: Seen
    good: Seen | None  # where the station judged that part right last; none where it never did

    @property
    def wanted(self) -> Wanted:
        """The parts that it casts doubt on."""
        start = "" if self.good is None else str(self.good.row)
        return Wanted(start=start, end=str(self.seen.row), station=SIGNED.format(self.seen.station))


def misses(seen: Sequence[Seen]) -> list[Miss]:
    """The challenge parts among these, the oldest first, that were judged wrongly: the last miss first."""
    good: dict[tuple[str, str], Seen] = {}
    found: list[Miss] = []
    for one in seen:
        if one.word is Word.RIGHT:
            good[one.station, one.known] = one
        elif one.word is Word.WRONG:
            found.append(Miss(seen=one, good=good.get((one.station, one.known))))
    return found[::-1]


def passed(wanted: Wanted) -> list[Found]:
    """All parts that passed between start and end, the newest first."""
    return [Found(verdict=one, kept=photos.is_kept(one.photo)) for one in verdicts(wanted.question)]


def like(content: bytes, model: Model, wanted: Wanted, *, most: int) -> Returned:
    """The parts that passed between start and end and look most like the part in this photo.

    Raises ``PhotoError`` where that cannot be judged itself.
    """
    finding = judge(content, model)
    if finding.embedding is None:
        raise PhotoError(f"the photo of the returned part cannot be compared: {finding.reason}")
    index = read(model.card, Of.VERDICTS)
    left = len(missing(index, photos.readable()))
    if index is None:
        return Returned(photo=finding.sha256, found=(), not_looked_at=left)
    alike = most_alike(finding.sha256, finding.embedding, index, most=MOST_ALIKE)
    known = of_photos([one.photo for one in alike], wanted.question)
    found = [
        Found(verdict=verdict, likeness=one.likeness, kept=photos.is_kept(one.photo))
        for one in alike
        for verdict in known.get(one.photo, ())
    ]
    return Returned(photo=finding.sha256, found=tuple(found[:most]), not_looked_at=left)


def put_on_record(wanted: Wanted, found: Sequence[Found], *, returned: str, actor: str, reason: str) -> Entry:
    """Writes down that these parts are fetched back: one row, with one root hash of all of them.

    ``returned`` is the sha256 of a returned part's photo, or nothing. Raises ``SettingsError`` where nobody is named,
    or nothing is to be fetched back.
    """
    actor = require(Write.FETCH_BACK, actor)
    if not actor.strip():
        raise SettingsError("say who fetches these parts back: an auditor will ask")
    if not found:
        raise SettingsError("there is nothing to fetch back")
    parts = [{"row": one.verdict.row, "photo": one.verdict.photo, "part": one.verdict.part} for one in found]
    body = {
        "start": wanted.start.strip(),
        "end": wanted.end.strip(),
        "station": wanted.station.strip(),
        "returned": returned,
        "parts": len(parts),
        "root": root(parts),
    }
    return ledger().add(Kind.FETCH_BACK, about="passed parts", body=body, actor=actor.strip(), reason=reason.strip())


def as_csv(found: Sequence[Found]) -> str:
    """A line per part, for a spreadsheet, which runs none of its cells."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in found:
        likeness = "" if one.likeness is None else f"{one.likeness:.4f}"
        told = vars(one.verdict) | {
            "at": moment_of(one.verdict),
            "likeness": likeness,
            "kept": "yes" if one.kept else "no",
        }
        table.writerow(["" if told[name] is None else spreadsheet_cell(str(told[name])) for name in COLUMNS])
    return written.getvalue()


def _bound(text: str) -> tuple[int | None, float | None]:
    """A row or a moment; neither where nothing was said. Raises ``SettingsError`` where it is none of both."""
    told = text.strip().removeprefix("row").strip()
    if not told:
        return None, None
    if told.isdecimal() and len(told) < 16 and not (len(told) == 8 and told.startswith("20")):
        return int(told), None
    try:
        return None, seconds_of(told)
    except SettingsError as error:
        raise SettingsError(f"{error}, or the number of a row of the ledger") from error
