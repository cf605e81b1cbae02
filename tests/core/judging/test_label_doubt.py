"""Castings whose labels are doubtful: those under two labels first, then those that look like the other class."""

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from cleanlab.rank import order_label_issues
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.judging.label_doubt import LabelDoubt, label_doubts


def doubts(photos: list[tuple[int, int, float]]) -> list[LabelDoubt]:
    """Of photos given as casting, label and score."""
    castings, labels, scores = zip(*photos, strict=True)
    return label_doubts(np.array(scores), np.array(labels), np.array(castings))


PLAIN = [(1, 0, 0.1), (2, 0, 0.2), (3, 1, 0.9), (4, 1, 0.8)]


def test_a_casting_that_looks_like_the_other_class_is_doubtful_and_says_why() -> None:
    first, *rest = doubts([*PLAIN, (5, 0, 0.95), (5, 0, 0.97)])
    assert (first.casting, first.doubtful, first.label) == (5, True, Label.OK)
    assert (
        first.reason == "Labelled ok, but the score of its 2 photos is 0.96; defective castings have 0.85 on average."
    )
    assert not any(one.doubtful or one.reason for one in rest)
    first, *_ = doubts([*PLAIN, (5, 1, 0.02)])
    assert first.reason.startswith("Labelled defective, but the score of its 1 photo is 0.02; ok castings have 0.15")


def test_a_casting_under_both_labels_comes_first_whatever_its_scores_and_the_most_even_one_before_others() -> None:
    both = [(7, 0, 0.01), (7, 0, 0.02), (7, 0, 0.01), (7, 1, 0.03), (8, 0, 0.0), (8, 1, 1.0)]
    found = doubts([*PLAIN, *both, (5, 0, 0.99)])
    assert [one.casting for one in found][:3] == [8, 7, 5]
    assert found[1].label is None
    assert found[1].reason == "Its photos are under both labels: 3 ok, 1 defective."


def test_one_odd_photo_does_not_make_a_casting_doubtful() -> None:
    found = doubts([*PLAIN, *[(6, 0, score) for score in (0.1, 0.1, 0.99)]])
    assert not any(one.doubtful for one in found)


def test_a_score_in_between_orders_castings_but_makes_none_doubtful() -> None:
    first, *_ = doubts([*PLAIN, (5, 0, 0.6)])
    assert (first.casting, first.doubtful) == (5, False)
    assert first.margin == pytest.approx(-0.2)


def test_castings_without_a_score_come_last_and_are_not_doubted() -> None:
    found = doubts([*PLAIN, (0, 1, float("nan"))])
    assert (found[-1].casting, found[-1].score, found[-1].doubtful) == (0, None, False)
    assert [one.casting for one in doubts([(2, 0, float("nan")), (1, 1, float("nan"))])] == [1, 2]


@pytest.mark.parametrize("labels", [[0, 0, 0], [1, 1, 1]])
def test_one_class_alone_is_no_error(labels: list[int]) -> None:
    found = label_doubts(np.array([0.2, 0.5, 0.9]), np.array(labels), np.arange(3))
    assert len(found) == 3


def noisy(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Scores, labels and castings of photos: 120 castings of 1 to 5 photos, some of them labelled wrongly."""
    rng = np.random.default_rng(seed)
    castings = np.repeat(np.arange(120), rng.integers(1, 6, size=120))
    truth = rng.random(120) < 0.4
    flipped = rng.random(120) < 0.1
    scores = np.clip(np.where(truth, 0.8, 0.25)[castings] + rng.normal(0, 0.22, len(castings)), 0, 1)
    return scores, (truth ^ flipped).astype(int)[castings], castings


@pytest.mark.parametrize("seed", range(5))
def test_cleanlab_doubts_the_same_castings_in_the_same_order(seed: int) -> None:
    scores, labels, castings = noisy(seed)
    found = label_doubts(scores, labels, castings)
    median = np.array([np.median(scores[castings == one]) for one in range(120)])
    given = np.array([labels[castings == one][0] for one in range(120)])
    both = np.column_stack([1 - median, median])
    reference = find_label_issues(given, both, filter_by="confident_learning", n_jobs=1)
    assert 0 < reference.sum() < 40
    assert {one.casting for one in found if one.doubtful} == set(np.flatnonzero(reference))
    ranked = order_label_issues(np.ones(120, dtype=bool), given, both, rank_by="normalized_margin")
    order = {one.casting: one.margin for one in found}
    assert [order[one] for one in ranked] == pytest.approx([one.margin for one in found])


def test_castings_without_any_score_are_doubted_by_their_labels_only() -> None:
    nothing = float("nan")
    found = doubts([(1, 0, nothing), (2, 1, nothing), (3, 0, nothing), (3, 1, nothing)])
    assert [one.casting for one in found if one.doubtful] == [3]
