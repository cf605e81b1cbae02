"""What a threshold is chosen on: one score for each casting, and what happens to the castings at every threshold."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import CastingOutcomes, ClassOutcome, Label, OperatingPoint
from casting_core.judging.bounds import upper_bound

THRESHOLDS = np.arange(1, 1000) / 1000  # those that are tried, fixed before any score is seen; (999,)


class Counting(StrEnum):
    """How a casting with several photos counts."""

    ANY_PHOTO = "any photo"  # it goes wrong if at least one of its photos does: ``domain.WRONG_CASTING``
    ONE_PHOTO = "one photo"  # one of its photos is drawn at random, as at a line that takes one of each part


@dataclass(frozen=True, kw_only=True, eq=False)
class Castings:
    """The castings a threshold is chosen on, each with the one score that decides about it.

    A defective casting escapes at every threshold above its score, an ok casting does not pass at its score or below.
    """

    defective: NDArray[np.float64]  # (n,), 0..1, ascending
    ok: NDArray[np.float64]  # (m,), 0..1, ascending

    def escaped(self, thresholds: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many defective castings score below each threshold; of its shape."""
        return np.searchsorted(self.defective, thresholds, side="left")

    def stopped(self, thresholds: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many ok castings score at or above each threshold; of its shape."""
        return len(self.ok) - np.searchsorted(self.ok, thresholds, side="left")

    def outcomes(self, point: OperatingPoint) -> CastingOutcomes:
        """What becomes of them: defective castings that pass, and ok castings that do not."""
        at = np.array([point.threshold])
        return CastingOutcomes(
            defective=_outcome(int(self.escaped(at)[0]), len(self.defective)),
            ok=_outcome(int(self.stopped(at)[0]), len(self.ok)),
        )

    def to_inspect(self, point: OperatingPoint) -> tuple[int, int]:
        """How many defective and how many ok castings a person has to look at; none with a single threshold."""
        limits = np.array([point.threshold, point.rejects_from])
        low, high = np.searchsorted(self.defective, limits, side="left")
        first, last = np.searchsorted(self.ok, limits, side="left")
        return int(high - low), int(last - first)


def castings_of(
    scores: NDArray[np.floating],
    labels: NDArray[np.integer],
    castings: NDArray[np.integer],
    *,
    counting: Counting = Counting.ANY_PHOTO,
    seed: int = 0,
) -> Castings:
    """The castings behind scored photos, each with one score; those whose photos are labelled both ways are left out.

    Args:
        scores: of photos, (n,), 0..1.
        labels: of photos, (n,), 0 ok and 1 defective.
        castings: the casting of each photo, (n,).
        counting: which of its photos decides about a casting.
        seed: of the draw, where one photo of each is drawn.
    """
    order = np.random.default_rng(seed).permutation(len(scores))
    values = np.asarray(scores, dtype=np.float64)[order]
    truth, owners = np.asarray(labels, dtype=int)[order], np.asarray(castings)[order]
    disputed = np.intersect1d(owners[truth == Label.OK], owners[truth == Label.DEFECTIVE])
    kept = ~np.isin(owners, disputed)
    values, truth, owners = values[kept], truth[kept], owners[kept]
    known, first, member = np.unique(owners, return_index=True, return_inverse=True)
    lowest, highest = np.full(len(known), np.inf), np.full(len(known), -np.inf)
    np.minimum.at(lowest, member, values)
    np.maximum.at(highest, member, values)
    if counting is Counting.ONE_PHOTO:  # the first in an order at random
        lowest = highest = values[first]
    bad = truth[first] == Label.DEFECTIVE
    return Castings(defective=np.sort(lowest[bad]), ok=np.sort(highest[~bad]))


def middle(thresholds: NDArray[np.float64]) -> float:
    """The threshold in the middle of those that serve alike: as far from either side's castings as can be."""
    return float(thresholds[len(thresholds) // 2])


def _outcome(wrong: int, castings: int) -> ClassOutcome:
    return ClassOutcome(n=castings, wrong=wrong, upper=upper_bound(wrong, castings))
