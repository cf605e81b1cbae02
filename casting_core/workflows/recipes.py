"""The recipe and the alignment on a card, or of a run, as the values of their own rooms."""

from collections.abc import Mapping

from pydantic import ValidationError

from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.data.imaging.alignment.rings import BINS
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.card import ModelCard, damage


def recipe_of(values: Mapping[str, object]) -> Recipe | None:
    """The recipe in these plain values; none where they are no recipe of this program."""
    try:
        return Recipe.model_validate(dict(values))
    except ValidationError:
        return None


def recipe_on(card: ModelCard) -> Recipe:
    """The recipe that a version was made by; its card was checked when it was read."""
    return Recipe.model_validate(dict(card.recipe))


def alignment_on(card: ModelCard) -> Alignment | None:
    """How a version aligns photos, if it does; ``ValueError`` where the values will not do."""
    if card.alignment is None:
        return None
    try:
        made = Alignment.of(card.alignment.model_dump(mode="json"))
        if made.size != card.image_size or (made.kind is Kind.ROUND and len(made.profile) != BINS):
            raise ValueError("it is that of other photos")
        if not all(0 < side <= 2 * made.size for side in made.shape):  # a hostile window asks for gigabytes
            raise ValueError("its window does not fit its photos")
        made.part()  # asks for the reference
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error
    return made


def check_card(card: ModelCard) -> None:
    """Raises ``ValueError`` with what is wrong where its recipe is none, or its alignment."""
    try:
        recipe_on(card)
    except ValidationError as error:
        raise ValueError(damage(error, "recipe")) from error
    try:
        alignment_on(card)
    except ValueError as error:
        raise ValueError("its card does not say how photos are aligned") from error
