"""Castings whose labels are doubtful: confident learning (Northcutt, Jiang and Chuang 2021), with castings as examples.

It only ever points at a label; a person looks at the part and decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.wording import count


@dataclass(frozen=True, kw_only=True)
class LabelDoubt:
    """How much speaks against the label of one casting, and what."""

    casting: int
    label: Label | None  # none where its photos are under both labels
    ok_photos: int
    defective_photos: int
    score: float | None  # the median of its photos, 0 to 1; none where none was scored
    margin: float | None  # of its label over the other one, -1 (wholly against it) to 1; none without label or score
    doubtful: bool
    reason: str  # a sentence; empty where it is not doubtful

    @property
    def photos(self) -> int:
        """How many photos show it."""
        return self.ok_photos + self.defective_photos


def label_doubts(
    scores: NDArray[np.floating], labels: NDArray[np.integer], castings: NDArray[np.integer]
) -> list[LabelDoubt]:
    """A doubt for each casting, the most doubtful first.

    Args:
        scores: of photos, (n,), 0 to 1, by a network that has not learned from the casting; NaN where there is none.
        labels: of photos, (n,), 0 ok and 1 defective.
        castings: the casting of each photo, (n,).

    A casting with photos under both labels is doubtful by itself and comes first, whatever its scores. Of the others,
    each casting is one example: its score is the median of its photos'. It is doubtful where it looks at least as
    much like the other class as castings of that class do on average, and more like it than like its own
    (``cleanlab.filter.find_label_issues`` with ``filter_by="confident_learning"`` finds the same). The order is that
    of the margin: the probability of its label less that of the other.
    """
    values, truth, owners = np.asarray(scores, dtype=float), np.asarray(labels, dtype=int), np.asarray(castings)
    numbers, place = np.unique(owners, return_inverse=True)
    bad = np.bincount(place, weights=truth, minlength=len(numbers)).astype(int)
    good = np.bincount(place, minlength=len(numbers)) - bad
    median = _medians(values, place, len(numbers))
    usual = thresholds(median[(bad == 0) | (good == 0)], (bad > 0)[(bad == 0) | (good == 0)])
    found = [
        _doubt(int(one), ok=int(ok), defective=int(defective), score=float(score), usual=usual)
        for one, ok, defective, score in zip(numbers, good, bad, median, strict=True)
    ]
    return in_order(found)


def in_order(doubts: Sequence[LabelDoubt]) -> list[LabelDoubt]:
    """The most doubtful first: those under two labels (the most evenly labelled first), then by margin."""
    return sorted(doubts, key=_rank)


def thresholds(scores: NDArray[np.floating], labels: NDArray[np.integer] | NDArray[np.bool_]) -> tuple[float, float]:
    """How probable its own class is of an ok and of a defective casting on average; 0.5 where there is none.

    Args:
        scores: of castings, (n,); NaN where there is none.
        labels: of castings, (n,).
    """
    known = ~np.isnan(scores)
    probable = ((1 - scores)[known & (labels == Label.OK)], scores[known & (labels == Label.DEFECTIVE)])
    ok, defective = (float(one.mean()) if len(one) else 0.5 for one in probable)
    return ok, defective


def _medians(values: NDArray[np.floating], place: NDArray[np.integer], number: int) -> NDArray[np.float64]:
    """The median of the values at each place, (number,); NaN where there is none."""
    found = np.full(number, np.nan)
    known = ~np.isnan(values)
    if not known.any():
        return found
    order = np.argsort(place[known], kind="stable")
    here, starts = np.unique(place[known][order], return_index=True)
    for one, some in zip(here, np.split(values[known][order], starts[1:]), strict=True):
        found[one] = np.median(some)
    return found


def _doubt(casting: int, *, ok: int, defective: int, score: float, usual: tuple[float, float]) -> LabelDoubt:
    known = None if np.isnan(score) else score
    if ok and defective:
        reason = f"Its photos are under both labels: {ok:,} ok, {defective:,} defective."
        return LabelDoubt(
            casting=casting, label=None, ok_photos=ok, defective_photos=defective, score=known, margin=None,
            doubtful=True, reason=reason,
        )  # fmt: skip
    label = Label.DEFECTIVE if defective else Label.OK
    margin, reason = None, ""
    if known is not None:
        margin = (2 * known - 1) * (1 if label is Label.DEFECTIVE else -1)
        other = 1 - label
        probable = known if other == Label.DEFECTIVE else 1 - known
        if probable >= usual[other] and margin < 0:
            reason = _against(label, known, usual, count(ok + defective, "photo"))
    return LabelDoubt(
        casting=casting, label=label, ok_photos=ok, defective_photos=defective, score=known, margin=margin,
        doubtful=bool(reason), reason=reason,
    )  # fmt: skip


def _against(label: Label, score: float, usual: tuple[float, float], photos: str) -> str:
    """What speaks against a label, in a sentence."""
    if label is Label.OK:
        return (
            f"Labelled ok, but the score of its {photos} is {score:.2f}; defective castings have "
            f"{usual[Label.DEFECTIVE]:.2f} on average."
        )
    return (
        f"Labelled defective, but the score of its {photos} is {score:.2f}; ok castings have "
        f"{1 - usual[Label.OK]:.2f} on average."
    )


def _rank(doubt: LabelDoubt) -> tuple[int, float, int]:
    if doubt.label is None:
        even = min(doubt.ok_photos, doubt.defective_photos) / doubt.photos
        return 0, -even, doubt.casting
    return (2, 0.0, doubt.casting) if doubt.margin is None else (1, doubt.margin, doubt.casting)
