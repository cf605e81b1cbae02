"""Muon for convolutions: all directions of a kernel are learned equally fast."""

from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.learning.networks import optimizers
from casting_core.learning.recipes.choices import NetworkName, Optimizer
from casting_core.learning.recipes.presets import recommended

RATE = 0.01


def corrected(kernel: keras.Variable, gradient: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much one step of Muon lowers a kernel."""
    before = kernel.numpy()
    optimizer = optimizers.make(Optimizer.MUON, RATE)
    optimizer.build([kernel])
    optimizer.apply_gradients([(keras.ops.convert_to_tensor(gradient), kernel)])
    return np.asarray(before - kernel.numpy())


@pytest.fixture
def loud() -> NDArray[np.float32]:
    """A gradient of 3 x 3 pixels, 8 channels in and 16 out: its first direction is 100 times as strong as its last."""
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.normal(size=(rows, 16)))[0] for rows in (72, 16))
    strong = (left * np.geomspace(1, 0.01, 16)) @ right.T
    return np.asarray(strong.reshape(3, 3, 8, 16), dtype=np.float32)


def test_all_directions_of_a_convolution_are_learned_about_equally_fast(loud: NDArray[np.float32]) -> None:
    step = corrected(keras.Variable(np.zeros((3, 3, 8, 16), np.float32)), loud)
    strengths = np.linalg.svd(step.reshape(72, 16), compute_uv=False)
    assert strengths.max() < 3 * strengths.min()
    assert np.vdot(step, loud) > 0  # downhill


def test_a_step_is_as_long_as_one_of_adam(loud: NDArray[np.float32]) -> None:
    step = corrected(keras.Variable(np.zeros((3, 3, 8, 16), np.float32)), loud)
    assert np.sqrt(np.square(step).mean()) == pytest.approx(0.2 * RATE, rel=0.25)


@pytest.mark.parametrize("shape", [(16,), (32, 1), (1, 1, 32, 1)])
def test_biases_and_what_has_few_columns_are_left_to_adam(shape: tuple[int, ...]) -> None:
    gradient = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    step = corrected(keras.Variable(np.zeros(shape, np.float32)), gradient)
    np.testing.assert_allclose(step, RATE * np.sign(gradient), rtol=1e-3)  # Adam's first step


def test_no_weight_decays_by_itself() -> None:
    kernel = keras.Variable(np.ones((3, 3, 8, 16), np.float32))
    assert not corrected(kernel, np.zeros((3, 3, 8, 16), np.float32)).any()


def test_a_saved_network_brings_its_optimizer_along(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(8, 3)])
    model.compile(optimizers.make(Optimizer.MUON, RATE), loss="mse")
    model.optimizer.build(model.trainable_variables)
    model.save(tmp_path / "model.keras")
    assert isinstance(keras.models.load_model(tmp_path / "model.keras").optimizer, optimizers.Muon)


def test_the_guides_recipe_keeps_adam() -> None:
    assert recommended(NetworkName.CLASSIC).optimizer is Optimizer.ADAM
    assert isinstance(optimizers.make(Optimizer.ADAM, RATE), keras.optimizers.Adam)
