"""What people say of photos, written down: many at once, in order, each once, all of it or nothing.

What is said has an id that was made where it was said. So whoever sends it again, because no answer came, changes
nothing: the same id is one row of the ledger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from casting_core import roles
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.records.chain import Entry, Kind
from casting_core.records.decisions import Kind as Decided
from casting_core.records.decisions import Together
from casting_core.roles import Write
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.stores import decision_log

LONGEST = 300  # letters of a note
LONGEST_ID = 64  # letters of an id
NOBODY_KNOWN: Mapping[str, Label] = {}


class Judged(StrEnum):
    """What a person may say of a photo."""

    LABEL_RIGHT = "label is right"  # so a missed defect is really missed, and a false alarm really false
    LABEL_WRONG = "label is wrong"
    CANNOT_TELL = "cannot tell"
    LOOK_AGAIN = "look again"  # put back for another look, with a reason


@dataclass(frozen=True, kw_only=True)
class Region:
    """A rectangle that a person marked, in pixels of the photo as its file has it; nothing lies left of or above 0."""

    photo: str  # sha256
    left: int
    top: int
    width: int  # 1 at least
    height: int  # 1 at least

    def __post_init__(self) -> None:
        if min(self.left, self.top) < 0 or min(self.width, self.height) < 1:
            raise DatasetError("a region lies within its photo and is at least one pixel wide and high")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person says of a photo, or takes back."""

    id: str  # made where it was said; the same id is written once
    photo: str  # sha256
    who: str
    judged: Judged | None = None  # none where something is taken back
    undoes: str = ""  # the id of what is taken back
    undoes_row: int = 0  # or the number of its row in the ledger
    label: str = ""  # that the person saw; empty: the one that the dataset says
    kind: str = ""  # of defect; empty where nobody said
    note: str = ""
    model: str = ""  # the version that was reviewed
    score: float = 0.0
    also: tuple[str, ...] = ()  # other photos of the same casting that it is said of, too
    second: bool = False  # a second opinion: what others had said was hidden
    region: Region | None = None  # where the person saw it
    check: bool = False  # the truth of this casting is known: the person is measured, and nothing said of the dataset


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What became of it, by ids."""

    written: tuple[str, ...]  # on record now, or before already
    refused: dict[str, str]  # what can never be written, with the reason


@dataclass(kw_only=True)
class _Batch:
    """One transaction: the ledger's rows about its photos, and labels as they become by it."""

    both: Together
    root: str  # of the dataset
    names: frozenset[str]  # how it may be called on record
    labels: dict[str, Label]  # of its photos
    truths: Mapping[str, Label]  # of castings that are known
    by_id: dict[str, Entry] = field(default_factory=dict)  # rows by the ids they were said with
    by_number: dict[int, Entry] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)  # numbers of those taken back

    def learn(self, row: Entry) -> None:
        said = row.values
        if said.get("dataset") not in self.names:
            return
        self.by_number[row.number] = row
        if said.get("id"):
            self.by_id[str(said["id"])] = row
        if "undoes" in said:
            self.undone.add(str(said["undoes"]))


def record(dataset: Dataset, said: Sequence[Said], *, truths: Mapping[str, Label] = NOBODY_KNOWN) -> Recorded:
    """Writes down what is not on record yet, in this order and in one transaction; wrong labels are corrected.

    What is said of a known casting, to measure the person, is a row of another kind, and corrects nothing; ``truths``
    says what known castings are, by their photos. What can never be written is refused by itself, and the rest goes
    on. Raises ``CastingError`` where the database cannot be written; then nothing was.
    """
    said = [replace(one, who=roles.require(Write.JUDGE, one.who)) for one in said]
    if not said:
        return Recorded(written=(), refused={})
    written: list[str] = []
    refused: dict[str, str] = {}
    with decision_log().together() as both:
        batch = _Batch(
            both=both,
            root=str(dataset.root),
            names=names_of_folder(dataset.root),
            labels=_labels(dataset, said),
            truths=truths,
        )
        about = sorted({one.photo for one in said})
        for row in [row for kind in (Kind.JUDGEMENT, Kind.CHECK) for row in reversed(both.rows(kind, about))]:
            batch.learn(row)
        for one in said:
            try:
                _write(batch, one)
                written.append(one.id)
            except DatasetError as error:
                refused[one.id] = str(error)
    return Recorded(written=tuple(written), refused=refused)


def _labels(dataset: Dataset, said: Iterable[Said]) -> dict[str, Label]:
    wanted = {photo for one in said for photo in (one.photo, *one.also)}
    table = dataset.photos[dataset.photos["photo"].isin(wanted) & dataset.photos["label"].notna()]
    return {photo: Label(int(label)) for photo, label in zip(table["photo"], table["label"], strict=True)}


def _write(batch: _Batch, one: Said) -> None:
    """Writes one down, where it is not on record; ``DatasetError`` where it can never be."""
    if one.id in batch.by_id:
        return
    if not one.who.strip():
        raise DatasetError("say who judges: an auditor will ask")
    if one.judged is None:
        _take_back(batch, one)
        return
    if one.judged is Judged.LOOK_AGAIN and not one.note.strip():
        raise DatasetError("say in the note why it is to be looked at again")
    if one.photo not in batch.labels:
        raise DatasetError("this photo has no label in this dataset, so there is nothing to judge")
    seen = _seen(one, batch.labels[one.photo])
    if one.check:
        _add(batch, one, _checked(batch, one, one.judged, seen), Kind.CHECK)
        return
    others = [photo for photo in dict.fromkeys(one.also) if photo in batch.labels and photo != one.photo]
    corrected = _correct(batch, one, [one.photo, *others], seen) if one.judged is Judged.LABEL_WRONG else ""
    body: dict[str, Any] = {
        "id": one.id,
        "dataset": batch.root,
        "judged": one.judged.value,
        "label": seen.word,
        "kind": one.kind.strip(),
        "model": one.model,
        "score": float(one.score),
        "batch": corrected,
    }
    body |= {"also": others} if others else {}
    body |= {"second": True} if one.second else {}
    body |= {"region": asdict(one.region)} if one.region is not None else {}
    _add(batch, one, body, Kind.JUDGEMENT)


def _checked(batch: _Batch, one: Said, judged: Judged, seen: Label) -> dict[str, Any]:
    """What a row says of a known casting: ``right`` is missing where the person left it open."""
    truth = batch.truths.get(one.photo)
    if truth is None:
        raise DatasetError("it is not known any more what this casting is, so nobody is measured by it")
    meant = {Judged.LABEL_RIGHT: seen, Judged.LABEL_WRONG: Label(1 - seen)}.get(judged)
    body = {
        "id": one.id,
        "dataset": batch.root,
        "judged": judged.value,
        "label": seen.word,
        "truth": truth.word,
        "model": one.model,
    }
    return body if meant is None else body | {"right": meant is truth}


def _seen(one: Said, now: Label) -> Label:
    if not one.label:
        return now
    if one.label not in {label.word for label in Label}:
        raise DatasetError(f"a label is one of {', '.join(label.word for label in Label)}, not {one.label[:20]!r}")
    return Label[one.label.upper()]


def _correct(batch: _Batch, one: Said, photos: list[str], seen: Label) -> str:
    """Gives these photos the other label than the one that was seen; the batch that takes it back."""
    other = Label(1 - seen)
    items = [(photo, batch.labels[photo].word, other.word) for photo in photos]
    batch.labels |= dict.fromkeys(photos, other)
    why = one.note.strip() or "judged in review"
    return batch.both.decide(batch.root, Decided.LABEL, items, why=why, who=one.who.strip())


def _take_back(batch: _Batch, one: Said) -> None:
    row = batch.by_id.get(one.undoes) if one.undoes else batch.by_number.get(one.undoes_row)
    if row is None or "judged" not in row.values:
        raise DatasetError("what is to be taken back is not on record")
    if str(row.number) in batch.undone:
        return
    if corrected := str(row.values.get("batch", "")):
        batch.both.undo(batch.root, corrected, who=one.who.strip())
        before = {label.word: label for label in Label}.get(str(row.values.get("label", "")))
        if before is not None:  # a row that somebody has altered says nothing of it
            batch.labels |= dict.fromkeys([row.about, *also(row)], before)
    _add(batch, one, {"id": one.id, "dataset": batch.root, "undoes": row.number}, Kind(row.kind))


def also(row: Entry) -> list[str]:
    """The other photos of the same casting that a judgement was said of, too."""
    told = row.values.get("also", [])
    return [str(photo) for photo in told] if isinstance(told, list) else []


def region_of(row: Entry) -> Region | None:
    """The region that a judgement marked; none where it marked none, or somebody has altered it."""
    told = row.values.get("region")
    try:
        return Region(**told) if isinstance(told, dict) else None
    except (TypeError, DatasetError):
        return None


def _add(batch: _Batch, one: Said, body: dict[str, Any], kind: Kind) -> None:
    note = one.note.strip()[:LONGEST]
    about, who = one.photo, one.who.strip()
    batch.learn(batch.both.write(kind, about=about, body=body, actor=who, reason=note))
