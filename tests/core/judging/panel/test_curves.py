"""Curves and calibration are scikit-learn's where every casting has one photo, and castings count where it has more."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, roc_auc_score

from casting_core.judging.bounds import outcomes
from casting_core.judging.panel.curves import curves
from casting_core.judging.panel.reliability import reliability

Photos = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]


@pytest.fixture
def photos() -> Photos:
    """Scores, labels and castings of 200 photos, half of them defective, each of a casting of its own."""
    rng = np.random.default_rng(3)
    labels = np.arange(200) % 2
    return np.clip(rng.normal(0.35 + 0.3 * labels, 0.2), 0.0, 1.0), labels, np.arange(200)


def test_with_one_photo_a_casting_they_are_the_fields_own(photos: Photos) -> None:
    scores, labels, castings = photos
    found = curves(scores, labels, castings, threshold=0.5)
    assert found is not None
    assert found.auc == pytest.approx(roc_auc_score(labels, scores))
    assert found.average_precision == pytest.approx(average_precision_score(labels, scores))
    measured = reliability(scores, labels, castings)
    assert measured is not None
    share, mean = calibration_curve(labels, scores, n_bins=10)
    assert [one.score for one in measured.bins] == pytest.approx(mean.tolist())
    assert [one.defective for one in measured.bins] == pytest.approx(share.tolist())
    off = sum(one.photos * abs(one.score - one.defective) for one in measured.bins) / 200
    assert measured.error == pytest.approx(off)


def test_the_point_of_the_threshold_is_what_the_outcomes_of_castings_say(photos: Photos) -> None:
    scores, labels, castings = photos
    shared = castings // 6 * 2 + labels  # three photos a casting
    found = curves(scores, labels, shared, threshold=0.6)
    assert found is not None
    counted = outcomes(labels, (scores >= 0.6).astype(int), shared)
    assert found.at.recall == pytest.approx(1 - counted.defective.wrong / counted.defective.n)
    assert found.at.false_alarms == pytest.approx(counted.ok.wrong / counted.ok.n)


def test_copies_of_one_casting_change_no_calibration(photos: Photos) -> None:
    scores, labels, castings = photos
    rows = np.concatenate([np.arange(200), np.full(500, 7)])  # one casting has 501 photos
    once, many = reliability(scores, labels, castings), reliability(scores[rows], labels[rows], castings[rows])
    assert once is not None and many is not None
    assert many.error == pytest.approx(once.error)
    assert sum(one.weight for one in many.bins) == pytest.approx(1.0)


def test_scores_that_are_too_sure_are_off_and_one_class_alone_says_nothing() -> None:
    labels, castings = np.arange(40) % 2, np.arange(40)
    sure = np.where(np.arange(40) % 8 < 2, 1 - labels, labels) * 0.98 + 0.01  # a quarter of them wrong
    found = reliability(sure, labels, castings)
    assert found is not None and found.error == pytest.approx(0.24)
    assert reliability(np.array([0.2]), np.array([0]), np.array([0])) is None
    assert curves(np.array([0.2]), np.array([0]), np.array([0]), threshold=0.5) is None
