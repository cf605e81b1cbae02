"""Two networks are compared on castings held out; the better one is kept, and validation photos choose nothing."""

import numpy as np
import pytest

from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.events import Compared, Event, Note
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training import comparison
from casting_core.learning.training.baselines import BASELINES
from casting_core.learning.training.train import Trained, train

RECIPE = Recipe(epochs=2, batch_size=8, seed=1, compare=True)


def compared(photos: Photos, recipe: Recipe = RECIPE) -> tuple[Trained, list[Event]]:
    validation = np.arange(len(photos)) >= len(photos) - 8
    trained = train(photos, recipe, report=lambda _: None, should_stop=lambda: False, validation=validation)
    told: list[Event] = []
    found = comparison.better(trained, photos, recipe, report=told.append, should_stop=lambda: False)
    return found, told


def test_the_public_network_is_kept_where_it_judges_better(textures: Photos) -> None:
    found, told = compared(textures)
    (said,) = [event for event in told if isinstance(event, Compared)]
    assert said.other_auc > said.auc
    assert found.recipe.network is NetworkName.BACKBONE
    assert found.compared == said
    assert (found.recipe.seed, found.recipe.epochs) == (1, 2), "what was said otherwise stays"
    assert found.recipe.calibrate, "and the rest is as the public network wants it"
    assert set(found.validation.rows) == set(range(32, 40)), "the same photos validate"
    score = found.model(textures.pixels[..., np.newaxis] / np.float32(255))
    assert np.asarray(score).shape == (40, 1)


def test_the_photos_of_validation_choose_nothing(textures: Photos) -> None:
    _, told = compared(textures)
    upside_down = textures.labels.copy()
    upside_down[-8:] = 1 - upside_down[-8:]
    other = Photos(pixels=textures.pixels, rows=textures.rows, labels=upside_down, castings=textures.castings)
    assert [one for one in told if isinstance(one, Compared)] == [
        one for one in compared(other)[1] if isinstance(one, Compared)
    ]


def test_the_network_of_the_recipe_is_kept_where_both_are_as_good(textures: Photos) -> None:
    """Marked photos: everybody tells them."""
    pixels = textures.pixels.copy()
    pixels[textures.labels == 1] //= 8
    marked = Photos(pixels=pixels, rows=textures.rows, labels=textures.labels, castings=textures.castings)
    found, told = compared(marked, RECIPE.model_copy(update={"epochs": 6}))
    (said,) = [event for event in told if isinstance(event, Compared)]
    assert said.auc == said.other_auc == 1.0
    assert found.recipe.network is NetworkName.CLASSIC


@pytest.mark.parametrize("castings", [4, 22])
def test_too_few_castings_are_no_reason_to_fail_nor_to_choose(textures: Photos, castings: int) -> None:
    few = textures.subset(np.array([*range(castings), *range(32, 40)]))
    found, told = compared(few)
    assert found.recipe.network is NetworkName.CLASSIC
    assert "Not compared with a public network: " in "".join(one.text for one in told if isinstance(one, Note))


def test_who_stops_the_comparison_keeps_the_network_that_was_trained(textures: Photos) -> None:
    trained = train(textures, RECIPE, report=lambda _: None, should_stop=lambda: False)
    kept = comparison.better(trained, textures, RECIPE, report=lambda _: None, should_stop=lambda: True)
    assert kept.model is trained.model
    assert kept.stopped


def test_a_recipe_for_the_public_network_says_what_was_said_otherwise_and_no_more() -> None:
    usual = recommended(NetworkName.EVIDENCE)
    assert comparison.on_backbone(usual) == recommended(NetworkName.BACKBONE)
    own = comparison.on_backbone(usual.model_copy(update={"seed": 7, "epochs": 3, "split": "honest"}))
    assert own == recommended(NetworkName.BACKBONE).model_copy(update={"seed": 7, "epochs": 3, "split": "honest"})


@pytest.mark.parametrize(
    ("method", "least"), [("guess", 0.5), ("grey histogram", 0.4), ("frozen public network", 0.95)]
)
def test_simple_methods_judge_photos_that_they_have_not_learned_from(
    textures: Photos, method: str, least: float
) -> None:
    learned, judged = textures.subset(np.arange(30)), textures.subset(np.arange(30, 40))
    scores = BASELINES[method](learned, judged)
    assert scores.shape == (10,)
    assert ((scores >= 0.5) == judged.labels).mean() >= least
