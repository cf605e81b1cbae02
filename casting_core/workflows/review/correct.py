"""Deciding about photos, many at once, and taking it back: labels, photos left out, tags, castings."""

from collections.abc import Sequence

from casting_core import roles
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.records.decisions import Decision, Kind
from casting_core.roles import Write
from casting_core.workflows.stores import decision_log

VALUED = {Kind.LABEL: {label.word for label in Label}, Kind.TAG: None, Kind.UNTAG: None}  # what a value may be
LONGEST = 60  # letters of a tag


def decide(dataset: Dataset, kind: Kind, photos: Sequence[str], *, value: str = "", why: str = "", who: str) -> str:
    """Writes down a decision about these photos of a dataset; the batch by which ``undo`` takes it back.

    Raises ``DatasetError`` where nothing is chosen or the value will not do.
    """
    who = roles.require(Write.DECIDE, who)
    labels = dataset.photos.drop_duplicates("photo").set_index("photo")["label"]
    chosen = [photo for photo in dict.fromkeys(photos) if photo and photo in labels.index]
    if not chosen:
        raise DatasetError("no photo is chosen; choose at least one first")
    if kind is Kind.JOIN and len(chosen) < 2:
        raise DatasetError("one photo cannot be joined with itself; choose photos of two castings")
    known = labels[chosen].dropna() if kind is Kind.LABEL else labels[:0]
    before = {photo: Label(int(known[photo])).word if photo in known.index else "" for photo in chosen}
    return decision_log().add(
        str(dataset.root), kind, before.items(), value=_value(kind, value), why=why.strip(), who=who.strip()
    )


def leave_out_files(dataset: Dataset, paths: Sequence[str], *, why: str = "", who: str) -> str:
    """Leaves out these files only, and not the same photo elsewhere; the batch by which ``undo`` takes it back.

    Raises ``DatasetError`` where none of them is a readable photo of the dataset.
    """
    who = roles.require(Write.DECIDE, who)
    table = dataset.photos[dataset.photos["path"].isin(set(paths)) & (dataset.photos["photo"] != "")]
    if table.empty:
        raise DatasetError("none of these files is a photo of this dataset")
    files = [(photo, "", path) for photo, path in zip(table["photo"], table["path"], strict=True)]
    return decision_log().add_each(str(dataset.root), Kind.LEAVE_OUT, files, why=why.strip(), who=who.strip())


def undo(dataset: Dataset, batch: str, *, who: str) -> None:
    """Takes back what was decided at once."""
    who = roles.require(Write.DECIDE, who)
    decision_log().undo(str(dataset.root), batch, who=who.strip())


def history(dataset: Dataset, photo: str) -> list[Decision]:
    """Everything that was ever decided about a photo, the latest first; what was taken back is followed by that."""
    made = decision_log().all(str(dataset.root))
    batches = {one.batch for one in made if one.photo == photo}
    return [one for one in reversed(made) if one.photo == photo or (one.kind is Kind.UNDO and one.value in batches)]


def _value(kind: Kind, value: str) -> str:
    value = value.strip()
    if kind not in VALUED:
        return ""
    known = VALUED[kind]
    if known is not None and value not in known:
        raise DatasetError(f"a label is one of {', '.join(sorted(known))}, not {value!r}")
    if not value or "|" in value or len(value) > LONGEST:
        raise DatasetError(f"a tag has 1 to {LONGEST} letters and no '|'")
    return value
