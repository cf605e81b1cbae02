"""The mean of the weights of the last epochs: which ones count, and a network that has them."""

from collections.abc import Iterator
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.recipes.choices import Keep, NetworkName, Schedule
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.epochs.checkpoint import Checkpoint
from casting_core.learning.training.epochs.weight_averaging import WeightAverage, update_batch_normalization
from casting_core.learning.training.train import Trained, train

RECIPE = Recipe(epochs=5, batch_size=4, seed=5, schedule=Schedule.LEVEL, keep=Keep.MEAN, learning_rate=0.01)
LAST = 2  # two fifths of five epochs


@pytest.fixture
def small_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that learns in no time, with a layer that remembers what it has seen."""

    def build(_alignment: Alignment) -> keras.Model:
        return keras.Sequential(
            [
                keras.Input((300, 300, 1)),
                layers.AveragePooling2D(50),
                layers.BatchNormalization(momentum=0.9),
                layers.Flatten(),
                layers.Dense(1, activation="sigmoid"),
            ]
        )

    small = replace(NETWORKS[NetworkName.CLASSIC], build=build)
    monkeypatch.setitem(NETWORKS, NetworkName.CLASSIC, small)


def run(photos: Photos, *, start: Checkpoint | None = None) -> tuple[Trained, list[Checkpoint]]:
    kept: list[Checkpoint] = []
    trained = train(
        photos, RECIPE, report=lambda _event: None, should_stop=lambda: False, start=start, keep=kept.append
    )
    return trained, kept


def trainable(weights: list[np.ndarray]) -> list[np.ndarray]:
    """Gamma, beta, kernel and bias: what is learned, without what batch normalization only counts."""
    return [*weights[:2], *weights[4:]]


@pytest.mark.parametrize(("epochs", "counted"), [(1, 1), (2, 1), (5, 2), (22, 9), (100, 40)])
def test_the_last_two_fifths_of_the_epochs_count_alike(epochs: int, counted: int) -> None:
    average = WeightAverage(epochs)
    for epoch in range(1, epochs + 1):
        average.add([np.array([epoch, -epoch], np.float32)], epoch=epoch)
    mean = np.arange(epochs - counted + 1, epochs + 1).mean()
    assert average.weights[0] == pytest.approx([mean, -mean], rel=1e-5)


def test_nothing_is_averaged_before_the_last_epochs() -> None:
    average = WeightAverage(10)
    average.add([np.ones(1, np.float32)], epoch=6)
    assert average.weights == []


@pytest.mark.usefixtures("small_network")
def test_a_training_ends_with_the_mean_of_its_last_weights(photos: Photos) -> None:
    trained, kept = run(photos)
    means = [np.mean(same, axis=0) for same in zip(*(list(one.weights) for one in kept[-LAST:]), strict=True)]
    for one, mean in zip(trainable(trained.model.get_weights()), trainable(means), strict=True):
        assert one == pytest.approx(mean, rel=1e-5, abs=1e-7)
    assert trained.best_epoch == RECIPE.epochs


@pytest.mark.usefixtures("small_network")
@pytest.mark.parametrize("broke_off", [2, 4, 5])
def test_a_training_that_is_resumed_ends_with_the_same_mean(photos: Photos, broke_off: int) -> None:
    whole, kept = run(photos)
    resumed, _ = run(photos, start=kept[broke_off - 1])
    for one, other in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-6)


def test_batch_normalization_finds_what_it_sees_now_and_nothing_else() -> None:
    normalization = layers.BatchNormalization(momentum=0.9)
    model = keras.Sequential([keras.Input((1,)), normalization])
    model(np.full((8, 1), 500.0), training=True)  # what it saw with other weights
    values = np.array([[1.0], [3.0], [5.0], [7.0]], np.float32)

    def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for half in (values[:2], values[2:]):
            yield half, np.zeros((2, 1))

    update_batch_normalization(model, batches())
    mean, variance = normalization.moving_mean.numpy(), normalization.moving_variance.numpy()
    assert mean == pytest.approx([4.0])
    assert variance == pytest.approx([1.0])
    assert normalization.momentum == 0.9


def test_a_network_that_remembers_nothing_needs_no_photos() -> None:
    def none() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        pytest.fail("no photo is looked at")
        yield np.zeros(1), np.zeros(1)

    update_batch_normalization(keras.Sequential([keras.Input((1,)), layers.Dense(1)]), none())
