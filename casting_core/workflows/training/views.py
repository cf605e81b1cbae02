"""What a network would be shown of the photos of a dataset: how they would be aligned, and views of one of them."""

import numpy as np

from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.data.imaging.images import Grey
from casting_core.learning.inputs.views import Views, choose_alignment
from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows import stores
from casting_core.workflows.training.learnable import learnable


def alignment_for(dataset: Dataset, recipe: Recipe) -> Alignment:
    """How the photos to train on would be aligned for this recipe."""
    return choose_alignment(learnable(dataset.to_train), recipe)


def views_of(identity: str, alignment: Alignment, *, copies: int) -> list[Grey]:
    """A photo, by its sha256, as networks see it, and then as many augmented copies as training might make of it."""
    seen = Views(stores.pixel_cache().take([identity]), alignment)
    row, rng = np.zeros(1, dtype=np.int64), np.random.default_rng(0)
    return [seen.take(row)[0], *(seen.take(row, rng=rng)[0] for _ in range(copies))]
