"""What a training is told, and what it tells: nonsense is refused, and nothing is lost on the way through a table."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from casting_core.learning.recipes.choices import DESCRIPTIONS, NetworkName
from casting_core.learning.recipes.events import (
    KINDS,
    BatchDone,
    Compared,
    EpochDone,
    Event,
    FoldDone,
    Further,
    Layer,
    LightTested,
    Note,
    PaintedDone,
    Prepared,
    ShareDone,
    decode,
    encode,
)
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import Recipe

EVENTS: list[Event] = [
    Prepared(epochs=2, batches=3, train_photos=40, validation_photos=17, parameters=668_753),
    PaintedDone(step=4, steps=200, loss=0.2),
    BatchDone(epoch=1, batch=2, loss=0.69, accuracy=0.5),
    EpochDone(
        epoch=1,
        loss=0.6,
        accuracy=0.7,
        validation_loss=0.65,
        validation_accuracy=0.6,
        seconds=1.5,
        photos_per_second=300.0,
    ),
    Layer(name="conv (Conv2D)", shape="148 x 148 x 32", parameters=320),
    LightTested(photos=100, accuracy=0.99, accuracy_even=0.5),
    Compared(castings=30, network="evidence", auc=0.79, other="backbone", other_auc=0.95, chosen="backbone"),
    Further(task="cross-validation", number=2, of=5, epoch=3, epochs=15),
    FoldDone(fold=2, folds=5, castings=19, photos=40, auc=0.99, seconds=51.2),
    ShareDone(castings=24, photos=48, accuracy=0.9, auc=0.97),
    Note(text="Starting"),
]


def test_the_recipe_is_the_guides_unless_told_otherwise() -> None:
    recipe = Recipe()
    assert (recipe.network, recipe.epochs, recipe.batch_size, recipe.validation_share) == ("classic", 15, 64, 0.3)
    assert not recipe.augmentation
    assert not recipe.class_weights
    assert recommended(NetworkName.CLASSIC) == recipe


@pytest.mark.parametrize(
    "nonsense",
    [
        {"epochs": 0},
        {"epochs": 2.5},
        {"epochs": 10_000},
        {"batch_size": 0},
        {"learning_rate": 0},
        {"learning_rate": 2},
        {"learning_rate": float("nan")},
        {"validation_share": 0},
        {"folds": 1},
        {"folds": 21},
        {"validation_share": 1},
        {"seed": -1},
        {"early_stopping": -1},
        {"network": "resnet"},
        {"validation": "none"},
        {"epoch": 3},
    ],
    ids=str,
)
def test_a_recipe_of_nonsense_is_refused(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Recipe.model_validate(nonsense)


def test_a_recipe_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Recipe().epochs = 3


@pytest.mark.parametrize("network", NetworkName)
def test_a_recipe_comes_back_from_json(network: NetworkName) -> None:
    recipe = recommended(network)
    assert Recipe.model_validate(json.loads(json.dumps(recipe.model_dump(mode="json")))) == recipe


def test_every_network_is_described_for_the_person_who_chooses() -> None:
    assert set(DESCRIPTIONS) == set(NetworkName)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_from_its_row(event: Event) -> None:
    kind, values = encode(event)
    assert decode(kind, json.loads(json.dumps(values))) == event


def test_there_is_an_event_of_every_kind_above() -> None:
    assert {type(event) for event in EVENTS} == set(KINDS.values())
