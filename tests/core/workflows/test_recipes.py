"""A card whose recipe is none of this program's, or whose alignment cannot be made, is damaged."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.version_files import CARD
from casting_core.settings import settings
from casting_core.workflows.recipes import recipe_of, recipe_on
from casting_core.workflows.stores import registry

REGISTERED = {"kind": "registered", "reason": "by hand", "size": 300, "reference": "no edges"}
SHORT = {"kind": "round", "reason": "by hand", "size": 300, "profile": [0.5, 0.5], "radius": 0.9}
OTHER = {"kind": "free", "reason": "by hand", "size": 200}
TRIANGLE = {"kind": "free", "reason": "by hand", "size": 300, "window": [1.0, 2.0, 3.0]}
WRONG: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda card: card["recipe"].update(epochs="many"), 'recipe.epochs = "many": it must be a whole number'),
    (lambda card: card["recipe"].update(learning_rate=-1.0), "recipe.learning_rate = -1.0: it must be greater than 0"),
    (lambda card: card["recipe"].update(spice=1), "recipe.spice, which this program does not know"),
    *(
        (lambda card, one=one: card.update(alignment=one), "does not say how photos are aligned")
        for one in (REGISTERED, SHORT, OTHER, TRIANGLE)
    ),
    (lambda card: card["files"].pop("serving.onnx"), "its card does not say files.serving.onnx"),
]


@pytest.mark.parametrize(("change", "reason"), WRONG)
def test_what_the_rooms_of_its_own_refuse_is_damage(
    version: str, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    path = settings().model_dir / version / CARD
    values = json.loads(path.read_bytes())
    change(values)
    path.write_text(json.dumps(values))
    assert reason in registry().damaged()[version]


def test_the_recipe_on_a_card_is_the_one_that_was_asked_for(version: str) -> None:
    assert recipe_on(registry().card(version)) == Recipe(epochs=2, batch_size=16)
    assert recipe_of({"epochs": 3}) == Recipe(epochs=3)
    assert recipe_of({"epochs": "many"}) is None
