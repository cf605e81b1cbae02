"""Whether scores mean what they say: of castings with score 0.8, four in five are defective, if both kinds are as many.

Bins of equal width; each casting counts once, however many photos it has, and both classes alike.
"""

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Checked, Count, Fraction, Label
from casting_core.judging.calibration import casting_weights

BINS = 10


class Bin(Checked):
    """The photos whose scores lie in one bin."""

    low: Fraction
    high: Fraction
    photos: Count
    castings: Count
    weight: Fraction  # of all that was counted
    score: Fraction  # their mean
    defective: Fraction  # the share of them that is


class Reliability(Checked):
    """The bins that hold photos, and how far their scores are off in the mean (expected calibration error)."""

    bins: tuple[Bin, ...]
    error: Fraction  # Naeini et al. 2015: distance of score and share, by the weight of each bin


def reliability(
    scores: NDArray[np.floating], labels: NDArray[np.integer], castings: NDArray[np.integer], *, bins: int = BINS
) -> Reliability | None:
    """The bins for scores (n,) of photos, their labels and castings; none where a class is missing."""
    truth, said = np.asarray(labels, dtype=float), np.asarray(scores, dtype=float)
    if len(np.unique(truth)) < len(Label):
        return None
    weights = casting_weights(truth, np.asarray(castings, dtype=np.int64))
    weights = weights / weights.sum()
    which, found = np.minimum((said * bins).astype(int), bins - 1), []
    for number in np.unique(which).tolist():
        here = which == number
        found.append(
            Bin(
                low=number / bins,
                high=(number + 1) / bins,
                photos=int(here.sum()),
                castings=len(np.unique(np.asarray(castings)[here])),
                weight=float(weights[here].sum()),
                score=float(np.average(said[here], weights=weights[here])),
                defective=float(np.average(truth[here], weights=weights[here])),
            )
        )
    return Reliability(bins=tuple(found), error=sum(one.weight * abs(one.score - one.defective) for one in found))
