"""What a search tries to reach on castings held out; every casting counts once, however many photos it has."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.weights import each_casting_once
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


USUAL_OBJECTIVE = Objective.ESCAPES  # where nobody says otherwise


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
    weights = each_casting_once(castings)
    defective = np.asarray(labels) == Label.DEFECTIVE
    if objective is Objective.F1:
        return _f1(np.asarray(scores) >= HALF, defective, weights)
    return _escapes(np.asarray(scores, dtype=float), defective, weights, false_alarms)


def _f1(judged: NDArray[np.bool_], defective: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    from sklearn.metrics import f1_score  # a second that the first page needs not

    return float(f1_score(defective, judged, sample_weight=weights, zero_division=0.0))


def _escapes(
    scores: NDArray[np.float64], defective: NDArray[np.bool_], weights: NDArray[np.float64], limit: float
) -> float:
    """The least share missed among all thresholds that reject at most ``limit`` of what is ok."""
    from sklearn.metrics import roc_curve

    if defective.all() or not defective.any():
        return 0.0  # nothing is ok that could be rejected, or nothing defective that could be missed
    rejected, found, _ = roc_curve(defective, scores, sample_weight=weights, drop_intermediate=False)
    return float(1 - found[rejected <= limit + 1e-9].max())  # a threshold above every score is always allowed
