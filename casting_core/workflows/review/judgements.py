"""What people say of photos that a version has judged: was the label right, what kind of defect is it, and why.

A judgement never overwrites another one: the latest counts, and the earlier ones stay. One that calls the label wrong
corrects the dataset, too; taking it back takes that back. How many are written at once, ``recording`` knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import DatasetError
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.review.recording import (
    LONGEST,
    LONGEST_ID,
    Judged,
    Recorded,
    Region,
    Said,
    also,
    record,
    region_of,
)
from casting_core.workflows.stores import ledger

__all__ = [
    "KINDS", "LONGEST", "LONGEST_ID", "Judged", "Judgement", "Recorded", "Region", "Said", "folder_of", "judge",
    "judgements", "record", "rows_from", "standing", "undo",
]  # fmt: skip

KINDS = (  # the international classes of casting defects (International Committee of Foundry Technical Associations)
    "metallic projections",
    "cavities",
    "discontinuities",
    "defective surface",
    "incomplete casting",
    "incorrect dimension or shape",
    "inclusions",
)


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
    second: bool = False  # given without knowing what others had said
    region: Region | None = None  # that the person marked
    others: int = 0  # photos of the same casting that it was said of, too


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
) -> None:
    """Writes down what a person says of a photo; a wrong label is corrected.

    Raises ``DatasetError`` where nobody is named, or the photo is not one of this dataset with a label.
    """
    said = Said(
        id=uuid4().hex, photo=photo, judged=judged, model=model, score=float(score), who=who, kind=kind, note=note
    )
    for reason in record(dataset, [said]).refused.values():
        raise DatasetError(reason)


def undo(dataset: Dataset, judgement: Judgement, *, who: str) -> None:
    """Takes a judgement back; a label that it corrected is again what it was before."""
    said = Said(id=uuid4().hex, photo=judgement.photo, undoes_row=judgement.number, who=who)
    for reason in record(dataset, [said]).refused.values():
        raise DatasetError(reason)


def judgements(dataset: Dataset, *, photo: str | None = None) -> dict[str, list[Judgement]]:
    """The judgements of a dataset's photos that count, by photo, the latest first; of one ``photo`` if named."""
    names, rows = names_of_folder(dataset.root), ledger().rows(kinds=[Kind.JUDGEMENT], naming=photo)
    found = standing(row for row in rows if row.values.get("dataset") in names)
    return found if photo is None else {photo: found[photo]} if photo in found else {}


def rows_from(number: int) -> list[Entry]:
    """The rows of judgements of all datasets from this number on, the oldest first; ``standing`` reads them."""
    return list(ledger().walk(kinds=[Kind.JUDGEMENT], after=number - 1))


def folder_of(row: Entry) -> str:
    """The folder of the dataset that the row of a judgement is about."""
    return str(row.values.get("dataset", ""))


def settled(found: Mapping[str, Sequence[Judgement]]) -> set[str]:
    """The photos about which nothing is left to say: judged, and not put back for another look since."""
    return {photo for photo, some in found.items() if some[0].judged is not Judged.LOOK_AGAIN}


def differing(found: Mapping[str, Sequence[Judgement]]) -> set[str]:
    """The photos of which people say different things: by the latest judgement of each of them."""
    latest = {photo: {one.who: one.judged for one in reversed(some)} for photo, some in found.items()}
    return {photo for photo, by in latest.items() if len(set(by.values())) > 1}


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
            one = _read(row)
            for photo in (row.about, *also(row)):
                found.setdefault(photo, []).append(replace(one, photo=photo))
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
        others=len(also(row)),
        second=said.get("second") is True,
        region=region_of(row),
        **{name: str(said.get(name, "")) for name in ("label", "kind", "model", "batch")},
    )
