"""Augmented views: the same casting as it might have been photographed too, the same for the same seed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment, Kind, free
from casting_core.data.imaging.alignment.choice import learn
from casting_core.data.imaging.images import Grey
from casting_core.learning.inputs.augmentation import augmented, relit
from casting_core.learning.inputs.photos import Photos

FREE = free(300, reason="for a test")


def copies(grey: Grey, seed: int, alignment: Alignment = FREE, *, number: int = 8) -> Grey:
    rng = np.random.default_rng(seed)
    return np.stack([augmented(grey, alignment.place(grey), alignment, rng) for _ in range(number)])


@pytest.mark.parametrize("kind", Kind)
def test_copies_have_the_shape_of_views(photos: Photos, kind: Kind) -> None:
    alignment = learn(list(photos.pixels), wanted=kind)
    made = copies(photos.pixels[0], 1, alignment)
    assert made.shape == (8, *alignment.shape)
    assert made.dtype == np.uint8


def test_the_same_seed_gives_the_same_copies_and_another_others(photos: Photos) -> None:
    one = photos.pixels[0]
    assert np.array_equal(copies(one, 1), copies(one, 1))
    assert not np.array_equal(copies(one, 1), copies(one, 2))


def test_every_copy_is_moved_and_lit_in_its_own_way(photos: Photos) -> None:
    made = copies(photos.pixels[0], 3).astype(float)
    assert len({float(copy.mean()) for copy in made}) == 8
    assert min(np.abs(one - made[0]).mean() for one in made[1:]) > 5


def test_the_part_stays_in_the_middle() -> None:
    """A bright disc in the middle is still there; a bright corner has been turned away in some copy."""
    pixels: NDArray[np.uint8] = np.full((300, 300), 60, dtype=np.uint8)
    y, x = np.mgrid[:300, :300]
    pixels[(y - 150) ** 2 + (x - 150) ** 2 < 30**2] = 140
    pixels[60:90, 60:90] = 160
    made = copies(pixels, 5, number=24)
    assert all(copy[140:160, 140:160].mean() > 1.3 * np.median(copy) for copy in made)
    assert len({round(float(copy[60:90, 60:90].mean() / copy.mean()), 3) for copy in made}) > 4


def test_other_light_leaves_everything_where_it_was(photos: Photos) -> None:
    grey = photos.pixels[1]
    edges = np.abs(np.diff(grey.astype(float), axis=1)) > 40
    rng = np.random.default_rng(1)
    for made in [relit(grey, Kind.ROUND, rng) for _ in range(8)]:
        steps = np.abs(np.diff(made.astype(float), axis=1))
        assert steps[edges].mean() > 2 * steps[~edges].mean()
