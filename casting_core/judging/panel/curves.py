"""ROC and precision-recall over castings: each counts by its worst photo, by the one rule of ``domain.WRONG_CASTING``.

So the point of the threshold on either curve is what the outcomes of castings say.
"""

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Checked, Fraction, Label


class Point(Checked):
    """What one threshold comes to, as shares of castings."""

    false_alarms: Fraction  # of ok castings
    recall: Fraction  # of defective castings
    precision: Fraction | None  # of those rejected, were both classes as many; none where nothing is rejected


class Curves(Checked):
    """Both curves, the strictest threshold first; shares of castings."""

    false_alarms: tuple[Fraction, ...]  # of the ROC curve
    found: tuple[Fraction, ...]  # recall on it
    recall: tuple[Fraction, ...]  # of the precision-recall curve, falling
    precision: tuple[Fraction, ...]  # on it, were both classes as many
    auc: Fraction  # under the ROC curve
    average_precision: Fraction
    at: Point  # of the version's threshold


def curves(
    scores: NDArray[np.floating], labels: NDArray[np.integer], castings: NDArray[np.integer], *, threshold: float
) -> Curves | None:
    """The curves for scores (n,) of photos, their labels and castings; none where a class has no casting.

    A casting whose photos are labelled both ways counts in neither class.
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

    worst, truth = by_casting(scores, labels, castings)
    sizes = np.bincount(truth, minlength=len(Label))
    if not sizes.all():
        return None
    alike = 1 / sizes[truth]  # both classes as many: how many a dataset holds of each says nothing of a plant
    false_alarms, found, _ = roc_curve(truth, worst)
    precision, recall, _ = precision_recall_curve(truth, worst, sample_weight=alike, drop_intermediate=True)
    return Curves(
        false_alarms=tuple(false_alarms.tolist()),
        found=tuple(found.tolist()),
        recall=tuple(recall.tolist()),
        precision=tuple(precision.tolist()),
        auc=float(roc_auc_score(truth, worst)),
        average_precision=float(average_precision_score(truth, worst, sample_weight=alike)),
        at=_at(worst >= threshold, truth),
    )


def by_casting(
    scores: NDArray[np.floating], labels: NDArray[np.integer], castings: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """One score and one label for each casting: of a defective one its lowest score, of an ok one its highest."""
    worst, truth = [], []
    for casting in np.unique(castings).tolist():
        here = np.asarray(castings) == casting
        known = set(np.asarray(labels)[here].tolist())
        if len(known) == 1:
            (label,) = known
            pick = np.min if label == Label.DEFECTIVE else np.max
            worst.append(float(pick(np.asarray(scores)[here])))
            truth.append(int(label))
    return np.array(worst, dtype=np.float64), np.array(truth, dtype=np.int64)


def _at(rejected: NDArray[np.bool_], truth: NDArray[np.int64]) -> Point:
    alarms, recall = float(rejected[truth == Label.OK].mean()), float(rejected[truth == Label.DEFECTIVE].mean())
    precision = recall / (recall + alarms) if recall + alarms else None
    return Point(false_alarms=alarms, recall=recall, precision=precision)
