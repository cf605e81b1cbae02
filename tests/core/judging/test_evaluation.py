"""The figures of a split, against confusion counted by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.domain import OperatingPoint, Verdict
from casting_core.judging.evaluation import evaluate

HALF = OperatingPoint(threshold=0.5)
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
SCORES = np.array([0.1, 0.2, 0.3, 0.9, 0.05, 0.4, 0.6, 0.7, 0.8, 0.99], dtype=np.float32)


def test_the_figures_are_those_counted_by_hand() -> None:
    result = evaluate(SCORES, LABELS, HALF)
    assert (result.photos, result.missed, result.false_alarms) == (10, 2, 1)
    assert result.confusion == [[3, 1], [2, 4]]
    assert result.accuracy == pytest.approx(0.7)
    assert result.report["defective"]["recall"] == pytest.approx(4 / 6)
    assert result.report["ok"]["precision"] == pytest.approx(3 / 5)
    assert result.report["defective"]["f1-score"] == pytest.approx(2 * 4 / (2 * 4 + 1 + 2))
    pairs = [float(bad > good) for bad in SCORES[4:] for good in SCORES[:4]]
    assert result.auc == pytest.approx(np.mean(pairs))
    assert "defective" in result.text


@pytest.mark.parametrize(("scores", "accuracy", "auc"), [(LABELS, 1.0, 1.0), (1 - LABELS, 0.0, 0.0)])
def test_all_right_and_all_wrong(scores: NDArray[np.int64], accuracy: float, auc: float) -> None:
    result = evaluate(scores.astype(np.float32), LABELS, HALF)
    assert (result.accuracy, result.auc) == (accuracy, auc)
    assert (result.missed, result.false_alarms) == ((0, 0) if accuracy else (6, 4))


@pytest.mark.parametrize("label", [0, 1])
def test_a_split_of_one_class_has_figures_but_no_curve(label: int) -> None:
    result = evaluate(SCORES, np.full(10, label), HALF)
    assert result.auc is None
    assert result.missed == (5 if label else 0)
    assert result.false_alarms == (0 if label else 5)
    assert sum(map(sum, result.confusion)) == 10


def test_a_lower_threshold_misses_less_and_alarms_more() -> None:
    result = evaluate(SCORES, LABELS, OperatingPoint(threshold=0.25))
    assert (result.missed, result.false_alarms) == (1, 2)


def test_a_score_at_the_threshold_is_a_reject() -> None:
    assert HALF.verdict(0.5) is Verdict.REJECT
    assert HALF.verdict(np.nextafter(0.5, 0.0)) is Verdict.PASS
    assert evaluate(np.array([0.5], dtype=np.float32), np.array([0]), HALF).false_alarms == 1
    assert OperatingPoint(threshold=0.0).verdict(0.0) is Verdict.REJECT
    assert OperatingPoint(threshold=1.0).verdict(0.999) is Verdict.PASS


@pytest.mark.parametrize("threshold", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_threshold_lies_between_0_and_1(threshold: float) -> None:
    with pytest.raises(ValueError, match="a threshold lies between 0 and 1"):
        OperatingPoint(threshold=threshold)
