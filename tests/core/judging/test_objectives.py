"""What a search tries to reach, against the definition written out."""

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.judging.objectives import Objective, reached


def photos(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Scores with many ties, labels, and castings of one to many photos."""
    rng = np.random.default_rng(seed)
    castings = rng.integers(0, 12, 40)
    labels = (castings % 3 == 0).astype(np.int64)
    return rng.integers(0, 8, 40) / 7 * 0.8 + 0.2 * labels, labels, castings


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("limit", [0.0, 0.1, 0.5, 1.0])
def test_escapes_are_the_least_share_missed_where_so_many_false_alarms_are_allowed(seed: int, limit: float) -> None:
    scores, labels, castings = photos(seed)
    weights = np.array([1 / (castings == one).sum() for one in castings])
    ok, bad = labels == 0, labels == 1
    missed = [
        weights[bad & (scores < threshold)].sum() / weights[bad].sum()
        for threshold in [*scores, 2.0]
        if weights[ok & (scores >= threshold)].sum() <= limit * weights[ok].sum() + 1e-9
    ]
    assert reached(Objective.ESCAPES, scores, labels, castings, false_alarms=limit) == pytest.approx(min(missed))


@pytest.mark.parametrize("seed", range(8))
def test_f1_is_of_the_defective_castings(seed: int) -> None:
    scores, labels, castings = photos(seed)
    weights = np.array([1 / (castings == one).sum() for one in castings])
    found = weights[(labels == 1) & (scores >= 0.5)].sum()
    wrong = weights[(labels == 1) != (scores >= 0.5)].sum()
    expected = 2 * found / (2 * found + wrong)
    assert reached(Objective.F1, scores, labels, castings, false_alarms=0) == pytest.approx(expected)


@pytest.mark.parametrize("label", [0, 1])
def test_where_one_class_is_missing_nothing_is_missed(label: int) -> None:
    scores, labels, castings = np.array([0.2, 0.8]), np.full(2, label), np.arange(2)
    assert reached(Objective.ESCAPES, scores, labels, castings, false_alarms=0.1) == 0
