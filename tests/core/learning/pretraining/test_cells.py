"""Training on cells: what a step that went wrong does to the weights."""

import keras
import numpy as np
import tensorflow as tf

from casting_core.data.imaging.alignment.alignment import free
from casting_core.learning.networks import evidence
from casting_core.learning.networks.evidence import CELL
from casting_core.learning.pretraining.cells import CellBatch, train_on_cells
from casting_core.learning.recipes.choices import Optimizer

SIZE = 96  # pixels


def batch(model: keras.Model, *, weights: float) -> CellBatch:
    view = np.random.default_rng(0).random((2, SIZE, SIZE, 1), dtype=np.float32)
    fixed, _ = evidence.split_fixed_and_trained(model)
    cells = (2, SIZE // CELL, SIZE // CELL)
    return tuple(fixed(view, training=False)), tf.zeros(cells), tf.fill(cells, weights)


def kernels(model: keras.Model) -> np.ndarray:
    return np.concatenate([weight.numpy().ravel() for weight in model.trainable_weights])


def trained(weights: list[float]) -> np.ndarray:
    """The weights after a step for each of these, the weight of a cell in it."""
    keras.utils.set_random_seed(0)
    model = evidence.build(free(SIZE, reason="small"))
    batches = [batch(model, weights=one) for one in weights]
    train_on_cells(
        model, batches, optimizer=Optimizer.MUON, rate=0.01, steps=len(weights), proceed=lambda _done, _loss: True
    )
    return kernels(model)


def test_a_step_whose_gradients_are_no_numbers_changes_nothing() -> None:
    """Sums of 16 bit numbers gave some, rarely, and then all weights were lost."""
    before = trained([])
    assert np.array_equal(trained([np.nan]), before)
    after = trained([np.nan, 1.0])
    assert np.isfinite(after).all()
    assert not np.array_equal(after, before)
