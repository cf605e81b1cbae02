"""A checkpoint holds all that the next epoch depends on, and a place on disk where no half of one is ever seen."""

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.errors import CastingError, RunError
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.recipes.choices import NetworkName, Optimizer, Schedule
from casting_core.learning.recipes.events import EpochDone, Event, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.epochs.checkpoint import FILE, Checkpoint, epochs_in, forget, read, write
from casting_core.learning.training.train import Trained, train

RECIPE = Recipe(epochs=4, batch_size=4, seed=5, schedule=Schedule.COSINE, augmentation=True, learning_rate=0.01)


Told = tuple[Trained, list[Checkpoint], list[Event]]


@pytest.fixture(scope="module", autouse=True)
def small_network() -> Iterator[None]:
    """A network that learns in no time, and that has random dropout while it does."""

    def build(_alignment: Alignment) -> keras.Model:
        return keras.Sequential(
            [
                keras.Input((300, 300, 1)),
                layers.AveragePooling2D(50),
                layers.Flatten(),
                layers.Dense(8, activation="relu"),
                layers.Dropout(0.5),
                layers.Dense(1, activation="sigmoid"),
            ]
        )

    small = replace(NETWORKS[NetworkName.CLASSIC], build=build)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(NETWORKS, NetworkName.CLASSIC, small)
        yield


@pytest.fixture(scope="module", params=list(Optimizer))
def recipe(request: pytest.FixtureRequest) -> Recipe:
    """What each optimizer remembers from step to step belongs to the checkpoint, too."""
    return RECIPE.model_copy(update={"optimizer": request.param})


@pytest.fixture(scope="module")
def undisturbed(photos: Photos, recipe: Recipe) -> Told:
    """A training from its beginning to its end."""
    return run(photos, recipe)


def run(photos: Photos, recipe: Recipe = RECIPE, *, start: Checkpoint | None = None) -> Told:
    kept: list[Checkpoint] = []
    told: list[Event] = []
    trained = train(photos, recipe, report=told.append, should_stop=lambda: False, start=start, keep=kept.append)
    return trained, kept, told


def curve(trained: Trained) -> list[tuple[float, ...]]:
    return [(one.loss, one.accuracy, one.validation_loss, one.validation_accuracy) for one in trained.epochs]


def a_checkpoint(size: int = 3) -> Checkpoint:
    epoch = EpochDone(
        epoch=1, loss=0.5, accuracy=0.5, validation_loss=0.5, validation_accuracy=0.5, seconds=1, photos_per_second=9
    )
    whole = np.arange(size, dtype=np.float32)
    return Checkpoint(
        epochs=(epoch,), weights=[whole, whole[:1]], best=[whole], mean=[2 * whole], optimizer=[np.array(7)]
    )


def same(one: Checkpoint, other: Checkpoint) -> bool:
    parts = [(getattr(one, part), getattr(other, part)) for part in ("weights", "best", "mean", "optimizer")]
    arrays = all(np.array_equal(a, b) for left, right in parts for a, b in zip(left, right, strict=True))
    return arrays and one.epochs == other.epochs


@pytest.mark.parametrize("broke_off", [2, 4])
def test_a_training_that_is_resumed_comes_to_the_same_weights_by_the_same_curve(
    photos: Photos, recipe: Recipe, undisturbed: Told, tmp_path: Path, broke_off: int
) -> None:
    whole, kept, _ = undisturbed
    write(kept[broke_off - 1], tmp_path, data="these")
    found = read(tmp_path)
    assert found is not None
    resumed, later, told = run(photos, recipe, start=found[0])
    assert [len(one.epochs) for one in later] == list(range(broke_off + 1, 5)), "only what is left is done"
    assert not any(isinstance(event, Prepared) for event in told), "that was told before"
    assert np.allclose(curve(resumed), curve(whole), rtol=1e-5)
    assert resumed.best_epoch == whole.best_epoch
    for one, other in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-6)


def test_what_an_epoch_draws_at_random_is_its_own(photos: Photos, recipe: Recipe, undisturbed: Told) -> None:
    whole, kept, _ = undisturbed
    another, _, _ = run(photos, recipe, start=replace(kept[1], epochs=kept[0].epochs))  # a second epoch behind two
    assert curve(another)[1] != pytest.approx(curve(whole)[2], rel=1e-5)


def test_a_checkpoint_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    assert read(tmp_path / "run") is None
    assert epochs_in(tmp_path / "run") == 0
    write(a_checkpoint(), tmp_path / "run", data="these")
    found = read(tmp_path / "run")
    assert found is not None
    assert same(found[0], a_checkpoint())
    assert found[1] == "these"
    assert epochs_in(tmp_path / "run") == 1
    forget(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_full_disk_leaves_the_checkpoint_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(a_checkpoint(), tmp_path, data="these")

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(CastingError, match="cannot be written: No space left on device"):
            write(a_checkpoint(5), tmp_path, data="those")
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    found = read(tmp_path)
    assert found is not None
    assert same(found[0], a_checkpoint())


@pytest.mark.parametrize("left", [0, 1, 100, 300])
def test_a_checkpoint_that_was_cut_off_is_said(tmp_path: Path, left: int) -> None:
    write(a_checkpoint(), tmp_path, data="these")
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:left])
    with pytest.raises(RunError, match="is damaged; start a new run"):
        read(tmp_path)
    assert epochs_in(tmp_path) == 0


def test_a_checkpoint_of_another_network_is_refused(photos: Photos) -> None:
    with pytest.raises(RunError, match="does not fit the network any more"):
        run(photos, start=a_checkpoint())
