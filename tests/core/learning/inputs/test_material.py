"""What one training learns from: which photos go where, and which stand for their castings."""

from dataclasses import replace

import numpy as np
import pytest

from casting_core.errors import RunError
from casting_core.learning.inputs.material import PER_CASTING, prepare
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.choices import Sampling
from casting_core.learning.recipes.recipe import Recipe

RECIPE = Recipe(epochs=1, seed=3)


@pytest.fixture
def known(photos: Photos) -> Photos:
    """Twelve photos of each of two castings."""
    return replace(photos, castings=np.arange(24) % 2)


def test_photos_named_for_validation_are_used_for_it_and_for_nothing_else(photos: Photos) -> None:
    material = prepare(photos, RECIPE, np.arange(24) < 8)
    assert material.validation.rows.tolist() == list(range(8))
    assert material.train.rows.tolist() == list(range(8, 24))
    assert material.each_epoch is material.validation


def test_without_names_photos_are_split_at_random_by_the_seed(photos: Photos) -> None:
    one, same, other = (
        prepare(photos, recipe, None).validation.rows.tolist()
        for recipe in (RECIPE, RECIPE, RECIPE.model_copy(update={"seed": 4}))
    )
    assert one == same != other


def test_where_castings_are_sampled_a_few_photos_of_each_are_scored_after_an_epoch(known: Photos) -> None:
    material = prepare(known, RECIPE.model_copy(update={"sampling": Sampling.CASTING}), np.arange(24) < 12)
    assert len(material.validation) == 12
    assert len(material.each_epoch) == 2 * PER_CASTING


def test_sound_photos_are_ok_and_few_of_each_casting(known: Photos) -> None:
    sound = prepare(known, RECIPE, np.arange(24) < 8).sound
    assert not sound.labels.any()
    assert len(sound) == PER_CASTING


def test_a_class_of_which_validation_leaves_none_is_refused(photos: Photos) -> None:
    with pytest.raises(RunError, match="12 photos to learn from, 0 of them defective"):
        prepare(photos, RECIPE, photos.labels == 1)
