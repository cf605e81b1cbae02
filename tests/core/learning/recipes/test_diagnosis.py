"""The fit reader names what drawn curves of each kind say, and every remedy is a recipe that can be trained."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from casting_core.learning.recipes.choices import NetworkName, Schedule
from casting_core.learning.recipes.diagnosis import ENOUGH, FIRST, Curves, Kind, Reading, read
from casting_core.learning.recipes.events import EpochDone, LightTested, Prepared
from casting_core.learning.recipes.recipe import Recipe

Curve = Callable[[float], float]
NOISE = np.random.default_rng(3)


def drawn(
    loss: Sequence[float],
    watched: Sequence[float],
    *,
    castings: int = 60,
    light: LightTested | None = None,
    accuracy: float = 0.95,
    **recipe: Any,
) -> Curves:
    """Curves with these losses; everything else is as usual."""
    epochs = [
        EpochDone(
            epoch=number,
            loss=learned,
            accuracy=accuracy,
            validation_loss=seen,
            validation_accuracy=0.9,
            seconds=1.0,
            photos_per_second=100.0,
            missed=3.0,
            false_alarms=2.0,
            f1_ok=0.9,
            f1_defective=0.9,
        )
        for number, (learned, seen) in enumerate(zip(loss, watched, strict=True), start=1)
    ]
    prepared = Prepared(
        epochs=len(epochs),
        batches=10,
        train_photos=300,
        validation_photos=120,
        parameters=9,
        validation_castings=castings,
    )
    told = Recipe.model_validate({"epochs": max(1, len(epochs)), **recipe})
    return Curves(epochs=epochs, recipe=told, prepared=prepared, light=light)


def falling(epochs: int, *, to: float = 0.05, wobble: float = 0.02) -> list[float]:
    """A loss that falls from 0.7, each epoch by the same share, with a little noise."""
    return [0.7 * (to / 0.7) ** (at / epochs) * (1 + wobble * NOISE.standard_normal()) for at in range(1, epochs + 1)]


def test_losses_that_fall_together_are_learning() -> None:
    reading = read(drawn(falling(12), falling(12, to=0.1)))
    assert reading.kind is Kind.LEARNING
    assert "validation loss fell by" in reading.sentence
    assert reading.changes == {"epochs": 24}


@pytest.mark.parametrize("turn", [4, 5, 8])
def test_a_validation_loss_that_turns_up_is_memorising_since_then(turn: int) -> None:
    down = [0.7 - 0.08 * at for at in range(turn)]
    reading = read(drawn(falling(turn + 6, to=0.02), down + [down[-1] + 0.07 * at for at in range(1, 7)]))
    assert reading.kind is Kind.MEMORISING
    assert reading.since == turn + 1
    assert f"Memorising since epoch {turn + 1}" in reading.sentence
    assert reading.changes == {"augmentation": True}


def test_losses_that_fall_no_more_are_standing_still() -> None:
    flat = [0.4 + 0.004 * (-1) ** at for at in range(12)]
    reading = read(drawn([*falling(4, to=0.4), *flat], [*falling(4, to=0.42), *flat]))
    assert reading.kind is Kind.PLATEAU
    assert reading.since is not None
    assert reading.since > 4
    assert reading.changes == {"schedule": Schedule.COSINE}


def test_a_training_that_calls_every_photo_the_same_is_no_better_than_a_guess() -> None:
    flat = drawn([0.69] * 12, [0.69] * 12)
    same = [EpochDone(**{**vars(epoch), "false_alarms": 48.0, "missed": 0.0, "f1_ok": 0.0}) for epoch in flat.epochs]
    reading = read(replace(flat, epochs=same))
    assert reading.kind is Kind.GUESSING
    assert "right on 50 % of the validation photos" in reading.sentence
    assert "it calls every photo the same" in reading.sentence


def test_curves_that_fall_do_not_praise_a_network_that_tells_nothing() -> None:
    """27 of 60 defective photos and 28 of 60 ok ones judged rightly."""
    good = drawn(falling(12), falling(12, to=0.5))
    f1_ok, f1_defective = 2 * 28 / (2 * 28 + 65), 2 * 27 / (2 * 27 + 65)
    bad = [
        replace(epoch, missed=33.0, false_alarms=32.0, f1_ok=f1_ok, f1_defective=f1_defective) for epoch in good.epochs
    ]
    reading = read(replace(good, epochs=bad))
    assert reading.kind is Kind.GUESSING
    assert "right on 46 % of the validation photos" in reading.sentence
    assert reading.changes == {"network": NetworkName.BACKBONE}
    assert read(replace(good, epochs=bad[:3])).kind is not Kind.GUESSING, "it has only begun"
    assert read(replace(good, epochs=[*bad[:-1], good.epochs[-1]])).kind is not Kind.GUESSING


def test_a_perfect_training_that_goes_on_has_nothing_to_gain() -> None:
    curves = drawn([*falling(6, to=0.004), *[0.003] * 6], [*falling(6, to=0.004), *[0.003] * 6])
    perfect = [EpochDone(**{**vars(epoch), "validation_accuracy": 1.0}) for epoch in curves.epochs]
    reading = read(Curves(epochs=perfect, recipe=curves.recipe, prepared=curves.prepared))
    assert reading.kind is Kind.PLATEAU
    assert reading.changes == {"early_stopping": 3}


@pytest.mark.parametrize(
    ("loss", "watched"),
    [
        ([48.3, 0.69, 0.67, 0.66, 0.66, 0.66], [0.7] * 6),  # explodes, and is stuck ever after
        ([0.7, 0.5, 0.3, 1.3, 0.4, 0.9], [0.7, 0.6, 0.5, 1.2, 0.6, 0.9]),  # leaps
        ([0.75, 0.68, 0.66, 0.66, 0.67, 0.66], [52.7, 1.8, 0.74, 0.71, 0.75, 0.73]),  # only validation tells
        ([0.6, 0.5, 0.45, 0.4, 0.36, 0.33, 0.3, 0.28, 0.26], [0.6, 1.1, 0.5, 1.2, 0.4, 1.1, 0.5, 1.3, 0.4]),  # zigzag
    ],
    ids=["explodes", "leaps", "validation explodes", "zigzag"],
)
def test_losses_that_leap_are_unstable(loss: list[float], watched: list[float]) -> None:
    reading = read(drawn(loss, watched, learning_rate=0.1))
    assert reading.kind is Kind.UNSTABLE
    assert reading.changes == {"learning_rate": 0.001}


def test_few_validation_castings_tell_nothing_whatever_the_curves_look_like() -> None:
    for watched in (falling(12), [0.7, 0.2, 0.9] * 4, [0.5] * 12):
        reading = read(drawn(falling(12), watched, castings=ENOUGH - 1))
        assert reading.kind is Kind.TOO_FEW
        assert reading.changes == {"validation_share": 0.5}
    assert read(drawn(falling(12), falling(12), castings=ENOUGH)).kind is Kind.LEARNING
    assert not read(drawn(falling(12), falling(12), castings=5, validation_share=0.5)).changes


def test_a_score_that_falls_with_even_light_is_the_light() -> None:
    leans = LightTested(photos=99, accuracy=1.0, accuracy_even=0.47)
    reading = read(drawn(falling(12, to=0.01), falling(12, to=0.01), light=leans))
    assert reading.kind is Kind.LIGHT
    assert "on 47 % once all are equally bright" in reading.sentence
    assert reading.changes == {"network": NetworkName.EVIDENCE}
    stands = LightTested(photos=99, accuracy=1.0, accuracy_even=0.98)
    assert read(drawn(falling(12), falling(12), light=stands)).kind is Kind.LEARNING


@pytest.mark.parametrize("epochs", range(FIRST))
def test_the_first_epochs_are_too_early(epochs: int) -> None:
    assert read(drawn(falling(epochs), falling(epochs))).kind is Kind.TOO_EARLY


def walk(rng: np.random.Generator) -> list[float]:
    """A loss that goes down and up as it likes, calmly or wildly."""
    steps = rng.normal(-0.1, rng.choice([0.02, 0.2, 1.0]), 12)
    return [float(value) for value in np.exp(np.cumsum(steps))]


@pytest.mark.parametrize("network", NetworkName)
@pytest.mark.parametrize("augmentation", [True, False])
@pytest.mark.parametrize("rate", [1e-6, 0.004, 1.0])
def test_every_remedy_is_a_recipe_that_can_be_trained(network: NetworkName, augmentation: bool, rate: float) -> None:
    rng, seen = np.random.default_rng(0), set()
    for _ in range(60):
        loss, watched = (walk(rng) for _ in range(2))
        curves = drawn(
            loss, watched, castings=int(rng.choice([3, 60])), accuracy=float(rng.choice([0.6, 0.99])),
            network=network, augmentation=augmentation, learning_rate=rate,
        )  # fmt: skip
        reading: Reading = read(curves)
        seen.add(reading.kind)
        recipe = Recipe.model_validate(curves.recipe.model_dump() | reading.changes)
        assert recipe != curves.recipe or not reading.changes
    assert len(seen) >= 4
