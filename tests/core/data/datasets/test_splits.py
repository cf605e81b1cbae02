"""Splits that keep a casting whole."""

import numpy as np
import pytest

from casting_core.data.datasets import splits
from casting_core.data.datasets.splits import held_out
from casting_core.domain import Label
from casting_core.errors import DatasetError

CASTINGS = np.repeat(np.arange(20), 5)  # twenty castings, five photos each
LABELS = np.repeat([Label.OK] * 8 + [Label.DEFECTIVE] * 12, 5)


@pytest.mark.parametrize("seed", range(5))
def test_no_casting_lies_on_both_sides(seed: int) -> None:
    out = held_out(CASTINGS, LABELS, share=0.3, seed=seed)
    assert 0 < out.sum() < len(out)
    assert not set(CASTINGS[out]) & set(CASTINGS[~out])


def test_both_labels_are_held_out_in_the_share_that_was_asked_for() -> None:
    out = held_out(CASTINGS, LABELS, share=0.25, seed=0)
    assert len(set(CASTINGS[out & (LABELS == Label.OK)])) == 2
    assert len(set(CASTINGS[out & (LABELS == Label.DEFECTIVE)])) == 3


def test_the_same_seed_holds_out_the_same_castings_and_another_seed_others() -> None:
    first, again, other = (held_out(CASTINGS, LABELS, share=0.3, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_a_casting_labelled_both_ways_is_kept_whole() -> None:
    labels = LABELS.copy()
    labels[0] = Label.DEFECTIVE  # a photo of casting 0, whose others are ok
    for seed in range(10):
        out = held_out(CASTINGS, labels, share=0.4, seed=seed)
        assert len(set(out[CASTINGS == 0])) == 1


def test_castings_that_all_have_photos_of_both_labels_are_kept_whole_too() -> None:
    """Twenty boards, each photographed before and after it was damaged."""
    castings, labels = np.repeat(np.arange(20), 2), np.tile([0, 1], 20)
    fold = splits.folds(castings, labels, number=5, seed=0)
    out = splits.held_out(castings, labels, share=0.3, seed=0)
    for side in (*(fold == number for number in range(1, 6)), out, ~out):
        assert set(labels[side].tolist()) == {0, 1}
    assert (fold[::2] == fold[1::2]).all()
    assert (out[::2] == out[1::2]).all()


def test_a_few_castings_of_both_labels_make_up_for_ok_ones_that_are_missing() -> None:
    castings, labels = np.array([*range(9), 7, 8]), np.array([1] * 9 + [0] * 2)  # 7 and 8 have both
    with pytest.raises(DatasetError, match="2 ok castings are too few"):
        splits.folds(castings, labels, number=3, seed=0)
    fold = splits.folds(castings, labels, number=2, seed=0)
    assert all(set(labels[fold == number].tolist()) == {0, 1} for number in (1, 2))


def test_too_few_castings_are_refused_with_the_number_there_is() -> None:
    with pytest.raises(DatasetError, match="1 ok castings are too few"):
        held_out(CASTINGS[35:], LABELS[35:], share=0.3, seed=0)
