"""Batches: each is kept in a folder of its own and is one row of the ledger, with one root for all its items."""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from casting_core import files
from casting_core.domain import OperatingPoint, Verdict
from casting_core.errors import JobError, LedgerError
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.records.version_files import GRAPH
from casting_core.settings import settings
from casting_core.wording import count, printable
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.batch.results import Judged, finished, root_of, so_far, unlikely
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import ledger

ABOUT, ITEMS, RESULTS, PHOTOS, ZIPPED = "batch.json", "items.json", "results.jsonl", "photos", "photos.zip"
UNREAD = "unread"  # beside the verdicts: photos and files without one
COUNTED = (*(verdict.value for verdict in Verdict), UNREAD)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What a batch judges, and by what: written down before its first photo, and never changed."""

    mark: str  # by which it is found: 12 hexadecimal digits
    name: str  # for people: of the folder or zip file, or how many photos were dropped
    form: Form
    path: str  # where its photos lie
    model: str
    graph: str  # sha256 of the version's graph
    threshold: float
    upper: float | None  # between both a person looks; none where there is one threshold
    actor: str
    asked: float  # seconds since 1970, UTC
    warning: str = ""  # what is to be said beside its verdicts

    @property
    def found(self) -> Found:
        """Where its photos lie."""
        return Found(form=self.form, path=Path(self.path), ours=self.ours)

    @property
    def ours(self) -> bool:
        """Whether its photos were put down here for it."""
        return self.form is not Form.FOLDER and Path(self.path).parent == folder_of(self.mark)

    @property
    def point(self) -> OperatingPoint:
        """The threshold, or the two of them, that it judges at."""
        return OperatingPoint(threshold=self.threshold, upper=self.upper, chosen="as the batch was asked for")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A batch as its row in the ledger tells it."""

    number: int  # of the row
    at: float  # when it ended, seconds since 1970, UTC
    who: str
    mark: str
    name: str
    model: str
    threshold: float
    upper: float | None
    photos: int
    counts: Mapping[str, int] = field(default_factory=dict)  # by ``COUNTED``
    root: str = ""


def new_mark() -> str:
    """A mark that no batch has."""
    return uuid4().hex[:12]


def batches_dir() -> Path:
    """Where batches are kept."""
    return settings().data_dir / "batches"


def folder_of(mark: str) -> Path:
    """Where a batch is kept; ``JobError`` where this is no mark."""
    if len(mark) != 12 or set(mark) - set("0123456789abcdef"):
        raise JobError(f"there is no batch {printable(mark)[:40]!r}; 'batch list' shows them")
    return batches_dir() / mark


def begun(mark: str, model: Model, asked_for: Callable[[], Batch]) -> Batch:
    """Writes down what a batch judges, and by what; taken up again it is what it was. ``LedgerError`` if it cannot be.

    That is where the version has another graph than when it was begun.
    """
    about = folder_of(mark) / ABOUT
    if not about.exists():
        files.replace(about, json.dumps(asdict(asked_for())))
    kept = find(mark)
    if kept.graph != model.card.files.get(GRAPH, ""):
        raise LedgerError(f"the version {kept.model!r} is another one than when this batch was begun; begin it anew")
    return kept


def find(mark: str) -> Batch:
    """A batch that was begun; ``JobError`` where there is none."""
    try:
        told = json.loads((folder_of(mark) / ABOUT).read_text("utf-8"))
        return Batch(**told | {"form": Form(told["form"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise JobError(f"there is no batch {printable(mark)!r} here; 'batch list' shows them") from error


def results_of(mark: str) -> list[Judged]:
    """What was said of the photos of a batch so far."""
    return so_far(folder_of(mark) / RESULTS)


def results_stamp(mark: str) -> tuple[int, int]:
    """Size and time of change of the results of a batch: who has read them reads again when it changes."""
    try:
        about = (folder_of(mark) / RESULTS).stat()
    except OSError:
        return (0, 0)
    return (about.st_size, about.st_mtime_ns)


def counts_of(judged: Sequence[Judged]) -> dict[str, int]:
    """How many photos got which verdict, and how many none."""
    found = Counter(UNREAD if one.verdict is None else one.verdict.value for one in judged)
    return {name: found[name] for name in COUNTED}


def record(batch: Batch, judged: Sequence[Judged]) -> Entry:
    """Writes the one row of a batch that has come to its end; once, however often its process was killed."""
    known = ledger().rows(kinds=[Kind.BATCH], about=batch.mark, newest=1)
    if known:
        return known[0]
    body = {
        "name": batch.name,
        "from": batch.form.value,
        "model": batch.model,
        "graph": batch.graph,
        "threshold": batch.threshold,
        "upper": batch.upper,
        "photos": len(judged),
        "counts": counts_of(judged),
        "root": root_of(judged),
    }
    return ledger().add(Kind.BATCH, about=batch.mark, body=body, actor=batch.actor)


def recorded(*, newest: int | None = None) -> list[Recorded]:
    """The batches on record, the newest first."""
    return [_read(row) for row in ledger().rows(kinds=[Kind.BATCH], newest=newest)]


def verify(mark: str) -> Recorded:
    """The batch on record, where its results are those that the ledger's row stands for.

    Raises ``LedgerError`` where one was altered, taken out or put in, ``JobError`` where it is not on record.
    """
    rows = ledger().rows(kinds=[Kind.BATCH], about=mark)
    if not rows:
        raise JobError(f"no batch {printable(mark)[:40]!r} is on record; 'batch list' shows them")
    told = _read(rows[-1])  # the first: rows are only added
    judged = finished(folder_of(mark) / RESULTS, told.photos)
    if root_of(judged) != told.root:
        which = unlikely(judged, told.threshold, told.upper)
        raise LedgerError(
            f"the results of batch {mark} are not those that row {told.number} of the ledger stands for: one was "
            "altered" + (f"; {which}" if which else "")
        )
    return told


def kept_bytes(batch: Batch) -> int:
    """How much room the photos take that were put down here for a batch; 0 where they lie elsewhere, or are gone."""
    if not batch.ours:
        return 0
    place = Path(batch.path)
    return sum(one.stat().st_size for one in (place.iterdir() if place.is_dir() else [place]) if one.is_file())


def forget_photos(batch: Batch) -> None:
    """Removes the photos that were put down here for a batch; what was said of them stays."""
    if batch.ours:
        place = Path(batch.path)
        rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink(missing_ok=True)


def in_words(counts: Mapping[str, int]) -> str:
    """How many photos, and how many of each verdict: ``12 photos: 3 reject, 8 pass, 1 without a verdict``."""
    words = {Verdict.REJECT.value: "reject", Verdict.INSPECT.value: "inspect", Verdict.PASS.value: "pass"}
    told = [f"{counts[name]:,} {word}" for name, word in words.items() if counts.get(name)]
    told += [f"{counts[UNREAD]:,} without a verdict"] * bool(counts.get(UNREAD))
    return f"{count(sum(counts.values()), 'photo')}: {', '.join(told) or 'none judged'}"


def now() -> float:
    """This moment, as batches keep it."""
    return time.time()


def _read(row: Entry) -> Recorded:
    said = row.values
    counts = said.get("counts")
    return Recorded(
        number=row.number,
        at=row.at / 1000,
        who=row.actor,
        mark=row.about,
        threshold=as_number(said.get("threshold"), otherwise=0.5),
        upper=as_number(said.get("upper"), otherwise=None),
        photos=int(as_number(said.get("photos"), otherwise=0.0)),
        counts={name: int(as_number(counts.get(name), otherwise=0.0)) for name in COUNTED}
        if isinstance(counts, dict)
        else {},
        **{name: str(said.get(name, "")) for name in ("name", "model", "root")},
    )
