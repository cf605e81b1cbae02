"""What a search tries to reach on castings held out; every casting counts once, however many photos it has."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Label

HALF = 0.5  # the threshold F1 is measured at


class Objective(StrEnum):
    """What a search tries to reach on castings held out; every casting counts once, however many photos it has.

    ``F1``: of the defective class, at a threshold of 0.5. ``ESCAPES``: the share of defective castings passed where at
    most a given share of the ok ones is rejected.
    """

    F1 = "f1"
    ESCAPES = "escapes"

    @property
    def more_is_better(self) -> bool:
        """Whether a greater value is the better one."""
        return self is Objective.F1


def reached(
    objective: Objective,
    scores: NDArray[np.floating],
    labels: NDArray[np.integer],
    castings: NDArray[np.int64],
    *,
    false_alarms: float,
) -> float:
    """The value of the objective for n photos: their scores, labels (1 defective) and castings, each of shape (n,).

    ``false_alarms`` is the share of ok castings that may be rejected; only ``ESCAPES`` asks for it.
    """
    _, place, photos = np.unique(castings, return_inverse=True, return_counts=True)
    weights = 1.0 / photos[place]
    defective = np.asarray(labels) == Label.DEFECTIVE
    if objective is Objective.F1:
        return _f1(np.asarray(scores) >= HALF, defective, weights)
    return _escapes(np.asarray(scores, dtype=float), defective, weights, false_alarms)


def _f1(judged: NDArray[np.bool_], defective: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    found = weights[judged & defective].sum()
    wrong = weights[judged ^ defective].sum()
    return float(2 * found / (2 * found + wrong)) if found else 0.0


def _escapes(
    scores: NDArray[np.float64], defective: NDArray[np.bool_], weights: NDArray[np.float64], limit: float
) -> float:
    """The least share missed among all thresholds that reject at most ``limit`` of what is ok."""
    ok, bad = weights[~defective], weights[defective]
    for threshold in np.unique(scores):  # from the least: the first that is allowed misses least
        if ok[scores[~defective] >= threshold].sum() <= limit * ok.sum() + 1e-9:
            return float(bad[scores[defective] < threshold].sum() / bad.sum())
    return 1.0  # only a threshold above every score is allowed
