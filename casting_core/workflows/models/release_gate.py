"""The gate before production: whether a version is no worse, on castings that neither has learned from.

For each class the share of castings that it judges wrongly more often than the version in production is bounded. Where
the upper bound lies below the margin, it is no worse (non-inferiority); where the lower bound lies above 0, it is
worse, and blocked. In between nobody knows, and whoever puts it in production signs for each casting that would newly
go wrong. Photos tagged as golden must be right in any case.
"""

from dataclasses import dataclass
from enum import StrEnum

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.card import ModelCard
from casting_core.wording import count, percent
from casting_core.workflows.judging.evaluate import score_table
from casting_core.workflows.judging.learned import nothing_learned
from casting_core.workflows.judging.model import Model
from casting_core.workflows.models.comparison import Compared

MARGIN = {Label.DEFECTIVE: 0.05, Label.OK: 0.05}  # share of castings by which it may be worse; said on the page
GOLDEN = "golden"  # the tag of photos that every version in production must judge rightly


class Gate(StrEnum):
    """What the gate says."""

    OPEN = "open"  # shown to be no worse
    UNDECIDED = "undecided"  # neither shown to be no worse, nor to be worse
    BLOCKED = "blocked"  # worse, or wrong on what must be right: it takes a second name


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the gate says, and why, a sentence each."""

    gate: Gate
    reasons: tuple[str, ...]


def check(card: ModelCard, compared: Compared | None, golden_wrong: tuple[str, ...] | None) -> Checked:
    """What the gate says of a version.

    Args:
        card: of the version.
        compared: with the one in production; none where there is none to compare with.
        golden_wrong: the golden photos that it judges wrongly, by their paths; none where there are no golden photos.
    """
    blocked, open_, unknown = [], [], []
    if said := nothing_learned(card):
        blocked.append(said)
    if golden_wrong:
        blocked.append(f"It judges {count(len(golden_wrong), 'golden photo')} wrongly: {', '.join(golden_wrong[:5])}.")
    if compared is None or not compared.classes:
        unknown.append(
            "It was not compared on castings that are new to both versions." if compared is None else compared.words
        )
    for label, one in [] if compared is None else compared.classes:
        lower, upper = one.difference
        what = f"{label.word} castings go wrong"
        if lower > 0:
            blocked.append(f"More {what} than now: at least {percent(lower)} of them, with 95 % confidence.")
        elif upper <= MARGIN[label]:
            open_.append(f"At most {percent(upper)} more {what} than now, with 95 % confidence.")
        else:
            unknown.append(
                f"Up to {percent(upper)} more {what} than now; {count(one.n, 'casting')} of that class cannot tell "
                f"whether it is less than {percent(MARGIN[label])}."
            )
    gate = Gate.BLOCKED if blocked else Gate.UNDECIDED if unknown else Gate.OPEN
    return Checked(gate=gate, reasons=(*blocked, *unknown, *open_))


def golden_wrong(model: Model, dataset: Dataset) -> tuple[str, ...] | None:
    """The golden photos of a dataset that a version judges wrongly, by path; none where there are no golden ones."""
    photos = dataset.usable
    golden = photos[photos["tags"].str.contains(f"|{GOLDEN}|", regex=False) & photos["label"].notna()]
    if golden.empty:
        return None
    scored = score_table(model.scorer, golden)
    said = (scored["score"] >= model.point.threshold).astype(int)
    return tuple(scored.loc[said != scored["label"].astype(int), "path"])
