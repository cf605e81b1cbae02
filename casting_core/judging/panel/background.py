"""What a version says where the part is painted over: one that still tells the classes apart reads what lies beside it.

Two questions. Do the version's scores tell the labels when only the background differs? And could they: do a few grey
levels of the background tell the label of castings by themselves?
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from casting_core.data.audit.separation import separation
from casting_core.data.datasets.weights import each_casting_once
from casting_core.domain import Checked, Count, Fraction, Label
from casting_core.judging.calibration import casting_weights, logit

ONE_IN_TWENTY = 1.645  # standard deviations that a guess exceeds so often
NO_DISTANCE = 1e-6  # logits
LITTLE = 0.02  # of a photo's pixels; what is beside the part must be at least so much to say anything


class Background(Checked):
    """What the background alone scores. An AUC is 0.5 for a guess and 1 for certainty; every casting counts once."""

    photos: Count  # in which the part was found, and painted over
    beside: Fraction  # of their pixels, left as they were
    auc: Fraction | None  # how well the version's scores of them tell the labels; none where a class is missing
    lucky: Fraction  # what a guess exceeds once in twenty times on so many castings
    rejected: Fraction  # share of the castings, both classes alike, that the version rejects then
    kept: float | None  # of the distance between the classes' mean logits; none where there was none to begin with
    told: Fraction | None  # AUC of a regression on grey levels of the background; none where castings are too few
    told_spread: float | None = None  # its standard error


def background(
    painted: NDArray[np.floating],
    as_taken: NDArray[np.floating],
    labels: NDArray[np.integer],
    castings: NDArray[np.integer],
    *,
    threshold: float,
    beside: float,
    looks: NDArray[np.float64],
) -> Background:
    """What came of photos whose part was painted over.

    Args:
        painted: the version's scores of them, (n,).
        as_taken: those of the same photos untouched, (n,).
        labels: 0 ok and 1 defective, (n,).
        castings: the casting of each photo, (n,).
        beside: the share of their pixels that was left.
        looks: numbers of what is beside the part, as ``looks_of`` gives them, (n, d).
    """
    truth, owners = np.asarray(labels, dtype=np.int64), np.asarray(castings, dtype=np.int64)
    both = len(np.unique(truth)) == 2
    weights = casting_weights(truth.astype(float), owners)
    found = separation(looks, truth, owners) if both else None
    return Background(
        photos=len(truth),
        beside=beside,
        auc=_auc(painted, truth, owners) if both else None,
        lucky=lucky(truth, owners),
        rejected=float(np.average(np.asarray(painted) >= threshold, weights=weights)),
        kept=_kept(logit(painted), logit(as_taken), truth, owners) if both else None,
        told=None if found is None else found.auc,
        told_spread=None if found is None else found.spread,
    )


def looks_of(photo: NDArray[np.uint8], beside: NDArray[np.bool_]) -> list[float]:
    """Numbers of what lies beside the part: its mean, its spread, and the mean of each quarter of the photo."""
    level, (height, width) = photo.astype(np.float64), photo.shape
    whole = float(level[beside].mean()) if beside.any() else 0.0
    spread = float(level[beside].std()) if beside.any() else 0.0
    quarters = []
    for rows in (slice(height // 2), slice(height // 2, None)):
        for columns in (slice(width // 2), slice(width // 2, None)):
            here = beside[rows, columns]
            quarters.append(float(level[rows, columns][here].mean()) if here.any() else whole)
    return [whole, spread, *quarters]


def lucky(labels: NDArray[np.integer], castings: NDArray[np.integer]) -> float:
    """The AUC that a guess exceeds once in twenty times, with so many castings of each class; 1 where one is missing.

    By the normal approximation of the rank sum (Mann and Whitney 1947).
    """
    ok, defective = (len(np.unique(np.asarray(castings)[np.asarray(labels) == label])) for label in Label)
    if not ok or not defective:
        return 1.0
    return min(1.0, 0.5 + ONE_IN_TWENTY * sqrt((ok + defective + 1) / (12 * ok * defective)))


def _auc(scores: NDArray[np.floating], labels: NDArray[np.int64], castings: NDArray[np.int64]) -> float:
    from sklearn.metrics import roc_auc_score  # a second that the first page needs not

    return float(roc_auc_score(labels, scores, sample_weight=each_casting_once(castings)))


def _kept(
    painted: NDArray[np.float64], before: NDArray[np.float64], labels: NDArray[np.int64], castings: NDArray[np.int64]
) -> float | None:
    """How far apart the classes' mean logits still are, as a share of how far they were."""
    weights = each_casting_once(castings)

    def apart(logits: NDArray[np.float64]) -> float:
        ok, defective = (np.average(logits[labels == one], weights=weights[labels == one]) for one in Label)
        return float(defective - ok)

    was = apart(before)
    return apart(painted) / was if was > NO_DISTANCE else None
