"""How places of a view are trained to see defects whose masks are known: each cell has a label of its own."""

import math
from collections.abc import Callable, Iterable

import cv2
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.learning.networks import optimizers
from casting_core.learning.networks.evidence import CELL, member_logits, split_fixed_and_trained
from casting_core.learning.networks.mixed_precision import (
    apply_finite_gradients,
    copy_weights,
    mixed_precision_copy,
)
from casting_core.learning.recipes.choices import Optimizer

DEFECTIVE_PIXELS = 4  # of a cell, from which it counts as defective; with fewer nobody could say
DEFECT_WEIGHT = 5.0  # of a cell with a defect in it: there are few of them

Cells = NDArray[np.float32]  # (rows, columns) of cells
CellBatch = tuple[tuple[tf.Tensor, ...], tf.Tensor, tf.Tensor]  # pictures, labels of cells, weights of cells


def cell_labels(mask: NDArray[np.bool_]) -> tuple[Cells, Cells]:
    """Of a view's mask, (rows, columns), which of its cells are defective, and the weight of each in the loss."""
    rows, columns = (side // CELL for side in mask.shape)
    pixels = mask[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).sum(axis=(1, 3))
    defective = pixels >= DEFECTIVE_PIXELS
    near = cv2.dilate((pixels > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    beside = np.where(near, 0.0, 1.0)  # beside a defect nobody could say either
    return defective.astype(np.float32), np.where(defective, DEFECT_WEIGHT, beside).astype(np.float32)


def train_on_cells(
    model: keras.Model,
    batches: Iterable[CellBatch],
    *,
    optimizer: Optimizer,
    rate: float,
    steps: int,
    proceed: Callable[[int, float], bool],
    told_every: int = 1,
) -> None:
    """Trains all places by one step for each batch, at a rate that rises to ``rate`` and falls to nothing.

    Batches hold what the fixed part of the network made of views. ``proceed`` is given the number of steps that are
    done and the loss of the last of them, and tells whether there is to be another; the loss is worked out every
    ``told_every`` steps only, for that waits for the step, and is no number otherwise.
    """
    _, trained = split_fixed_and_trained(model)
    learner = mixed_precision_copy(trained)
    variables = [*learner.trainable_variables, *model.get_layer("head").trainable_variables]
    schedule = optimizers.warmup_cosine(start=rate / 40, peak=rate, steps=steps)
    corrections = optimizers.make(optimizer, schedule)
    corrections.build(variables)

    @tf.function(reduce_retracing=True)
    def step(pictures: tuple[tf.Tensor, ...], defective: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            maps = tf.cast(learner(list(pictures), training=True), tf.float32)
            logits = member_logits(model, maps)  # of each member, if this place alone counted
            labels = tf.broadcast_to(defective[..., tf.newaxis], tf.shape(logits))
            losses = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits), axis=-1)
            loss = tf.reduce_sum(losses * weights) / tf.reduce_sum(weights)
        apply_finite_gradients(corrections, tape.gradient(loss, variables), variables)
        return loss

    loss = None
    for number, batch in enumerate(batches):
        if not proceed(number, math.nan if loss is None or number % told_every else float(loss)):
            break
        loss = step(*batch)
    copy_weights(learner, trained)
