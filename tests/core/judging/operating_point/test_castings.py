"""One score for each casting, and what happens to castings at every threshold."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from casting_core.domain import OperatingPoint
from casting_core.judging.bounds import outcomes
from casting_core.judging.operating_point.castings import THRESHOLDS, Castings, Counting, castings_of

N = 40


@given(
    scores=arrays.arrays(np.float64, N, elements=st.floats(0, 1)),
    labels=arrays.arrays(np.int64, N, elements=st.integers(0, 1)),
    owners=arrays.arrays(np.int64, N, elements=st.integers(0, 12)),
    at=st.sampled_from(THRESHOLDS.tolist()),
)
def test_a_threshold_does_to_castings_what_the_figures_of_a_split_say(
    scores: np.ndarray, labels: np.ndarray, owners: np.ndarray, at: float
) -> None:
    point = OperatingPoint(threshold=at)
    found = castings_of(scores, labels, owners).outcomes(point)
    counted = outcomes(labels, (scores >= at).astype(int), owners)
    assert (found.defective, found.ok) == (counted.defective, counted.ok)


def test_one_photo_of_each_casting_is_drawn_at_random() -> None:
    scores, owners = np.array([0.1, 0.9, 0.3, 0.8]), np.array([1, 1, 2, 2])
    labels = np.array([1, 1, 0, 0])
    drawn = [castings_of(scores, labels, owners, counting=Counting.ONE_PHOTO, seed=seed) for seed in range(40)]
    assert {float(one.defective[0]) for one in drawn} == {0.1, 0.9}
    assert {float(one.ok[0]) for one in drawn} == {0.3, 0.8}
    again = castings_of(scores, labels, owners, counting=Counting.ONE_PHOTO, seed=7)
    assert again.defective == drawn[7].defective


def test_what_lies_between_two_thresholds_is_for_a_person() -> None:
    castings = Castings(defective=np.array([0.2, 0.5, 0.9]), ok=np.array([0.1, 0.4, 0.6, 0.8]))
    point = OperatingPoint(threshold=0.3, upper=0.7)
    assert castings.to_inspect(point) == (1, 2)
    assert castings.outcomes(point).defective.wrong == 1  # passes
    assert castings.outcomes(point).ok.wrong == 3  # does not pass: two are looked at, one is rejected
    assert castings.to_inspect(OperatingPoint(threshold=0.3)) == (0, 0)
