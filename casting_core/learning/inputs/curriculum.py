"""What is learned when: on painted defects before the first epoch, and on photos in each epoch, and how many these are.

Before that a network knows what random castings taught (``pretrained``). Of a round part painted defects show it this
product's surfaces, and photos teach it the rest. Of any other painted defects are all that the places learn, for its
skins would be learned by heart (docs/recipes.md); the epochs only find out how much a suspicious place weighs.
"""

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.recipe import NetworkName, Recipe, Sampling

DRAWN = 512  # photos in an epoch that draws by casting: enough for a point of a curve, and few enough for many
WEIGHED = 168  # of them, where an epoch learns two numbers only
FASTER = 25.0  # times the learning rate of the recipe, there: two numbers have a long way to go and little to overdo


def begins_on_painted(recipe: Recipe) -> bool:
    """Whether the recipe asks for painted defects, and for a network of places."""
    return recipe.painted > 0 and recipe.network is NetworkName.EVIDENCE


def only_weighs(recipe: Recipe, kind: Kind) -> bool:
    """Whether the epochs leave alone what the places have learned on painted defects."""
    return begins_on_painted(recipe) and kind is not Kind.ROUND


def shown(photos: Photos, recipe: Recipe, kind: Kind) -> int:
    """The number of photos in one epoch; those that are drawn twice count twice."""
    if recipe.sampling is Sampling.PHOTO:
        return len(photos)
    return WEIGHED if only_weighs(recipe, kind) else DRAWN


def height(recipe: Recipe, kind: Kind) -> float:
    """The highest learning rate of the epochs."""
    return recipe.learning_rate * (FASTER if only_weighs(recipe, kind) else 1.0)


def batches(photos: Photos, recipe: Recipe, kind: Kind) -> int:
    """The number of batches in one epoch."""
    return -(-shown(photos, recipe, kind) // recipe.batch_size)
