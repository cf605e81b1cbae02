"""What is learned when: on painted defects before the first epoch, on photos in each epoch, and on how many.

Before that a network knows what random castings taught (``pretrained``). Of a round part painted defects show it this
product's surfaces, and photos teach it the rest. Of any other, painted defects are all that the places learn from, for
they would learn the skins of its photos by heart (docs/lab-notes.md); its epochs only train the head.
"""

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.choices import NetworkName, Sampling
from casting_core.learning.recipes.recipe import Recipe

BY_CASTING = 512  # photos of an epoch sampled by casting: enough for a point of a curve, and few enough for many
HEAD_ONLY = 168  # of them, where an epoch trains the head's two numbers only
HEAD_RATE = 25.0  # times the learning rate of the recipe, there: two numbers have a long way to go, and seldom overdo


def pretrains_on_product(recipe: Recipe) -> bool:
    """Whether the recipe asks for painted defects, and for a network that can learn from them."""
    return recipe.painted > 0 and recipe.network is NetworkName.EVIDENCE


def trains_head_only(recipe: Recipe, kind: Kind) -> bool:
    """Whether the epochs leave alone what the places have learned on painted defects."""
    return pretrains_on_product(recipe) and kind is not Kind.ROUND


def photos_per_epoch(photos: Photos, recipe: Recipe, kind: Kind) -> int:
    """The number of photos in one epoch; those that are drawn twice count twice."""
    if recipe.sampling is Sampling.PHOTO:
        return len(photos.once_through)
    return HEAD_ONLY if trains_head_only(recipe, kind) else BY_CASTING


def batches_per_epoch(photos: Photos, recipe: Recipe, kind: Kind) -> int:
    """The number of batches in one epoch."""
    return -(-photos_per_epoch(photos, recipe, kind) // recipe.batch_size)


def peak_rate(recipe: Recipe, kind: Kind) -> float:
    """The highest learning rate of the epochs."""
    return recipe.learning_rate * (HEAD_RATE if trains_head_only(recipe, kind) else 1.0)
