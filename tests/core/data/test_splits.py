"""Splits that keep a casting whole."""

import numpy as np
import pandas as pd
import pytest

from casting_core.data.splits import by_casting, held_out, seen
from casting_core.domain import Label
from casting_core.errors import DatasetError

CASTINGS = np.repeat(np.arange(20), 5)  # twenty castings, five photos each
LABELS = np.repeat([Label.OK] * 8 + [Label.DEFECTIVE] * 12, 5)


def photos() -> pd.DataFrame:
    return pd.DataFrame({"label": LABELS, "split": ["test" if number % 5 == 0 else "train" for number in range(100)]})


@pytest.mark.parametrize("seed", range(5))
def test_no_casting_lies_on_both_sides(seed: int) -> None:
    table = by_casting(photos(), CASTINGS, test_share=0.3, seed=seed)
    sides = table.groupby(CASTINGS)["split"].nunique()
    assert (sides == 1).all()
    assert len(table) == 100


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


def test_too_few_castings_are_refused_with_the_number_there_is() -> None:
    with pytest.raises(DatasetError, match="1 ok castings are too few"):
        held_out(CASTINGS[35:], LABELS[35:], share=0.3, seed=0)


def test_photos_of_castings_that_were_trained_on_are_found() -> None:
    table = photos()
    assert seen(table, CASTINGS).all()  # every casting has a photo in train
    honest = by_casting(table, CASTINGS, test_share=0.3, seed=0)
    assert not seen(honest, CASTINGS)[(honest["split"] == "test").to_numpy()].any()
