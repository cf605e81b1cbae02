"""The figures of a whole split: photos judged rightly, defective castings missed, ok castings rejected."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import classification_report, confusion_matrix, roc_auc_score

from casting_core.domain import Label, OperatingPoint

CLASSES = [label.word for label in Label]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What scores are worth at a threshold, against the labels."""

    photos: int
    accuracy: float
    missed: int  # defective photos scored below the threshold
    false_alarms: int  # ok photos scored at or above it
    auc: float | None  # area under the ROC curve; none where only one class is present
    confusion: list[list[int]]  # rows: truth ok, defective; columns: prediction ok, defective
    report: dict[str, Any]  # scikit-learn's classification report
    text: str  # the same report as scikit-learn prints it


def evaluate(scores: NDArray[np.floating], labels: NDArray[np.integer], point: OperatingPoint) -> Evaluation:
    """Compares scores (n,) at an operating point with labels (n,), 0 ok and 1 defective; n must not be 0."""
    truth = np.asarray(labels, dtype=int)
    predicted = (np.asarray(scores) >= point.threshold).astype(int)
    confusion = confusion_matrix(truth, predicted, labels=list(Label))
    shared: dict[str, Any] = {"labels": list(Label), "target_names": CLASSES, "zero_division": 0}
    return Evaluation(
        photos=len(truth),
        accuracy=float((truth == predicted).mean()),
        missed=int(confusion[Label.DEFECTIVE, Label.OK]),
        false_alarms=int(confusion[Label.OK, Label.DEFECTIVE]),
        auc=float(roc_auc_score(truth, scores)) if len(set(truth)) == 2 else None,
        confusion=confusion.tolist(),
        report=classification_report(truth, predicted, output_dict=True, **shared),
        text=classification_report(truth, predicted, digits=4, **shared),
    )
