"""Castings whose truth is known: mixed in among others, they measure whoever judges, and are judged no other way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import ClassOutcome, Label
from casting_core.judging.bounds import upper_bound
from casting_core.records.chain import Kind
from casting_core.wording import at_most
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.review.judgements import Judged, Judgement
from casting_core.workflows.stores import ledger

AGREE = 2  # people who must have said the same, and nobody anything else


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How one person judged castings whose truth is known."""

    right: int
    wrong: int
    left_open: int  # cannot tell, or look again

    @property
    def told(self) -> int:
        """How many were called one or the other."""
        return self.right + self.wrong

    @property
    def outcome(self) -> ClassOutcome:
        """The wrong ones among those, with what they prove."""
        return ClassOutcome(n=self.told, wrong=self.wrong, upper=upper_bound(self.wrong, self.told))

    @property
    def words(self) -> str:
        """Both in a sentence; empty where none was judged."""
        if not self.told + self.left_open:
            return ""
        left = f" {self.left_open:,} left open." if self.left_open else ""
        if not self.told:
            return f"Known castings mixed in: none called one or the other.{left}"
        proven = f"With 95 % confidence {at_most(self.outcome)} of such castings are judged wrongly."
        return f"Known castings mixed in: {self.right:,} of {self.told:,} judged rightly.{left} {proven}"


def truths(dataset: Dataset, found: Mapping[str, Sequence[Judgement]]) -> dict[str, Label]:
    """What is known of photos, by their sha256: as they were drawn, or as two people and nobody against them said.

    ``found`` are the judgements that count, by photo, the latest first.
    """
    from casting_core.data.drawing.synthetic import read_labels  # SciPy is slow to come

    known = {photo: said for photo, some in found.items() if (said := _agreed(some)) is not None}
    drawn = read_labels(dataset.root)
    paths = zip(dataset.usable["photo"], dataset.usable["path"], strict=True) if drawn else ()
    return known | {str(photo): drawn[path] for photo, path in paths if path in drawn}


def answered(dataset: Dataset, who: str, *, after: int) -> Answered:
    """How a person judged known castings of a dataset in rows of the ledger after this number."""
    rows = [row for row in ledger().walk(kinds=[Kind.CHECK], after=after) if row.actor == who]
    names = names_of_folder(dataset.root)
    rows = [row for row in rows if row.values.get("dataset") in names]
    undone = {str(row.values["undoes"]) for row in rows if "undoes" in row.values}
    latest = {row.about: row for row in rows if "judged" in row.values and str(row.number) not in undone}
    said = [row.values.get("right") for row in latest.values()]
    return Answered(right=said.count(True), wrong=said.count(False), left_open=said.count(None))


def _agreed(some: Sequence[Judgement]) -> Label | None:
    """What people say of a photo, by the latest judgement of each; none where too few do, or not alike."""
    latest = {one.who: _meant(one) for one in reversed(some)}
    said = set(latest.values())
    return said.pop() if len(latest) >= AGREE and len(said) == 1 else None


def _meant(one: Judgement) -> Label | None:
    seen = {label.word: label for label in Label}.get(one.label)
    if seen is None or one.judged not in (Judged.LABEL_RIGHT, Judged.LABEL_WRONG):
        return None
    return seen if one.judged is Judged.LABEL_RIGHT else Label(1 - seen)
