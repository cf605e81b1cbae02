"""Under stress castings are counted class by class, and photos are drawn so that each casting counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casting_core.data.imaging.disturbances import Disturbance
from casting_core.judging.bounds import upper_bound
from casting_core.judging.panel.sample import OF_EACH, chosen
from casting_core.judging.panel.stress import LADDERS, borne, curve, told

LABELS, CASTINGS = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 2, 3, 3])


def test_castings_are_counted_by_their_worst_photo_and_both_classes_alike() -> None:
    point = borne(0.6, np.array([0.1, 0.9, 0.2, 0.8, 0.9, 0.1]), LABELS, CASTINGS, threshold=0.5, asked=4, refused=2)
    assert (point.outcomes.ok.wrong, point.outcomes.ok.n) == (1, 2)
    assert (point.outcomes.defective.wrong, point.outcomes.defective.n) == (1, 2)
    assert point.outcomes.ok.upper == upper_bound(1, 2)
    assert point.balanced == 0.5
    assert (point.asked, point.refused) == (4, 2)


def test_a_curve_runs_from_weak_to_strong_with_the_photos_as_taken_in_their_place() -> None:
    good, bad = np.array([0.1, 0.1, 0.2, 0.8, 0.9, 0.9]), np.full(6, 0.9)
    as_taken = borne(0.0, good, LABELS, CASTINGS, threshold=0.5)
    points = [borne(one, bad, LABELS, CASTINGS, threshold=0.5) for one in (0.6, 1.25)]
    made = curve(Disturbance.LIGHT, as_taken, points)
    assert [point.strength for point in made.points] == [0.6, 1.0, 1.25]
    assert made.as_taken.balanced == 1.0
    assert [point.strength for point in made.stressed] == [1.25, 0.6], "the mildest first"


@pytest.mark.parametrize("what", Disturbance)
def test_every_disturbance_has_strengths_and_words_for_them(what: Disturbance) -> None:
    ladder = LADDERS[what]
    assert len(ladder.strengths) >= 3
    assert ladder.as_taken not in ladder.strengths
    assert len({told(what, one) for one in ladder.strengths}) == len(ladder.strengths)
    assert told(Disturbance.LIGHT, 0.6) == "60 % of the light"


@given(
    castings=st.lists(st.integers(0, 30), min_size=1, max_size=200),
    most=st.integers(2, 40),
    seed=st.integers(0, 5),
)
def test_a_casting_gives_a_second_photo_only_once_all_of_its_class_have_given_one(
    castings: list[int], most: int, seed: int
) -> None:
    owners = np.array(castings)
    labels = owners % 2  # each casting has one label
    rows = chosen(labels, owners, most=most, seed=seed)
    assert rows.tolist() == sorted(set(rows.tolist()))
    assert rows.tolist() == chosen(labels, owners, most=most, seed=seed).tolist()
    for label in (0, 1):
        here = owners[rows][labels[rows] == label]
        _, photos = np.unique(here, return_counts=True)
        all_of_them = np.unique(owners[labels == label])
        assert len(here) <= most // 2
        assert photos.max(initial=0) <= OF_EACH
        assert len(photos) == min(len(all_of_them), most // 2), "as many castings as can be"
