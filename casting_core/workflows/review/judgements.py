"""What people say of photos that a version has judged: was the label right, what kind of defect is it, and why.

A judgement never overwrites another one: the latest counts, and the earlier ones stay. One that calls the label wrong
corrects the dataset, too; taking it back takes that back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.records.decisions import Kind as Decided
from casting_core.records.ledger import Entry, Kind, as_number
from casting_core.workflows.review import correct
from casting_core.workflows.stores import ledger

KINDS = (  # the international classes of casting defects (International Committee of Foundry Technical Associations)
    "metallic projections",
    "cavities",
    "discontinuities",
    "defective surface",
    "incomplete casting",
    "incorrect dimension or shape",
    "inclusions",
)
LONGEST = 300  # letters of a note


class Judged(StrEnum):
    """What a person may say of a photo."""

    LABEL_RIGHT = "label is right"  # so a missed defect is really missed, and a false alarm really false
    LABEL_WRONG = "label is wrong"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One judgement that still counts."""

    number: int  # of its row in the ledger
    at: float  # seconds since 1970, UTC
    who: str
    photo: str  # sha256
    judged: Judged
    label: str  # that the photo had then
    kind: str  # of defect; empty where nobody said
    note: str
    model: str  # the version that was reviewed
    score: float
    batch: str  # of the decision that corrected the label; empty where none did


def judge(
    dataset: Dataset,
    photo: str,
    judged: Judged,
    *,
    model: str,
    score: float,
    who: str,
    kind: str = "",
    note: str = "",
) -> Entry:
    """Writes down what a person says of a photo; a wrong label is corrected.

    Raises ``DatasetError`` where nobody is named, or the photo is not one of this dataset with a label.
    """
    if not who.strip():
        raise DatasetError("say who judges: an auditor will ask")
    rows = dataset.photos[(dataset.photos["photo"] == photo) & dataset.photos["label"].notna()]
    if rows.empty:
        raise DatasetError("this photo has no label in this dataset, so there is nothing to judge")
    label, batch = Label(int(rows["label"].iloc[0])), ""
    if judged is Judged.LABEL_WRONG:
        other = Label(1 - label).word
        batch = correct.decide(dataset, Decided.LABEL, [photo], value=other, why=note or "judged in review", who=who)
    body = {
        "dataset": str(dataset.root),
        "judged": judged.value,
        "label": label.word,
        "kind": kind.strip(),
        "model": model,
        "score": float(score),
        "batch": batch,
    }
    return ledger().add(Kind.JUDGEMENT, about=photo, body=body, actor=who.strip(), reason=note.strip()[:LONGEST])


def undo(dataset: Dataset, judgement: Judgement, *, who: str) -> None:
    """Takes a judgement back; a label that it corrected is again what it was before."""
    if judgement.batch:
        correct.undo(dataset, judgement.batch, who=who)
    body = {"dataset": str(dataset.root), "undoes": judgement.number}
    ledger().add(Kind.JUDGEMENT, about=judgement.photo, body=body, actor=who.strip())


def judgements(dataset: Dataset, *, photo: str | None = None) -> dict[str, list[Judgement]]:
    """The judgements of a dataset's photos that count, by photo, the latest first; of one ``photo`` if named."""
    root, rows = str(dataset.root), ledger().rows(kinds=[Kind.JUDGEMENT], about=photo)
    here = [row for row in rows if row.values.get("dataset") == root]
    return standing(here)


def standing(rows: Iterable[Entry]) -> dict[str, list[Judgement]]:
    """Of rows of judgements, the newest first, those that were not taken back, by photo.

    A row that somebody has altered beyond reading is passed over here; ``Ledger.verify`` names it.
    """
    undone: set[object] = set()
    found: dict[str, list[Judgement]] = {}
    for row in rows:
        said = row.values
        if "undoes" in said:
            undone.add(str(said["undoes"]))
        elif str(row.number) not in undone and said.get("judged") in set(Judged):
            found.setdefault(row.about, []).append(_read(row))
    return found


def _read(row: Entry) -> Judgement:
    said = row.values
    return Judgement(
        number=row.number,
        at=row.at / 1000,
        who=row.actor,
        photo=row.about,
        judged=Judged(said["judged"]),
        score=as_number(said.get("score"), otherwise=0.0),
        note=row.reason,
        **{name: str(said.get(name, "")) for name in ("label", "kind", "model", "batch")},
    )
