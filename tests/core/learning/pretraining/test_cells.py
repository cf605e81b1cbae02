"""Teaching places: what a step that went wrong does to the weights."""

import keras
import numpy as np
import tensorflow as tf

from casting_core.data.imaging.alignment.alignment import free
from casting_core.learning.networks import evidence
from casting_core.learning.networks.evidence import CELL
from casting_core.learning.pretraining.cells import Taught, teach
from casting_core.learning.recipes.recipe import Optimizer

SIZE = 96  # pixels


def batch(model: keras.Model, *, counts: float) -> Taught:
    view = np.random.default_rng(0).random((2, SIZE, SIZE, 1), dtype=np.float32)
    eye, _ = evidence.eye_and_mind(model)
    cells = (2, SIZE // CELL, SIZE // CELL)
    return tuple(eye(view, training=False)), tf.zeros(cells), tf.fill(cells, counts)


def kernels(model: keras.Model) -> np.ndarray:
    return np.concatenate([weight.numpy().ravel() for weight in model.trainable_weights])


def taught(counts: list[float]) -> np.ndarray:
    """The weights after a step for each of these, which say what a cell counts in it."""
    keras.utils.set_random_seed(0)
    model = evidence.build(free(SIZE, reason="small"))
    batches = [batch(model, counts=one) for one in counts]
    teach(model, batches, optimizer=Optimizer.MUON, rate=0.01, steps=len(counts), goes_on=lambda _done: True)
    return kernels(model)


def test_a_step_whose_slopes_are_no_numbers_changes_nothing() -> None:
    """Sums of 16 bit numbers gave some, rarely, and then all weights were lost."""
    begun = taught([])
    assert np.array_equal(taught([np.nan]), begun)
    after = taught([np.nan, 1.0])
    assert np.isfinite(after).all()
    assert not np.array_equal(after, begun)
