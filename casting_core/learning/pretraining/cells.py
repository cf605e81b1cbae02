"""How places of a view are taught to see defects whose masks are known, so that each place can be told what it is."""

from collections.abc import Callable, Iterable

import cv2
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.learning.networks import optimizers
from casting_core.learning.networks.evidence import CELL, eye_and_mind, logits
from casting_core.learning.networks.mixed_precision import correct, hand_over, twin
from casting_core.learning.recipes.recipe import Optimizer

RISING = 0.05  # of all steps; then the rate falls to nothing
FILLED = 4  # pixels of a cell that must be defective for it to count; with fewer nobody could say
WEIGHT = 5.0  # of a cell with a defect in it: there are few of them

Cells = NDArray[np.float32]
Taught = tuple[tuple[tf.Tensor, ...], tf.Tensor, tf.Tensor]  # what is seen, defective cells, what each counts


def cells(mask: NDArray[np.bool_]) -> tuple[Cells, Cells]:
    """Of a view's mask, (rows, columns), which of its cells are defective, and how much each cell counts."""
    rows, columns = (side // CELL for side in mask.shape)
    filled = mask[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).sum(axis=(1, 3))
    there = filled >= FILLED
    near = cv2.dilate((filled > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    counts = np.where(there, WEIGHT, np.where(near, 0.0, 1.0))  # beside a defect nobody could say either
    return there.astype(np.float32), counts.astype(np.float32)


def teach(
    model: keras.Model,
    batches: Iterable[Taught],
    *,
    optimizer: Optimizer,
    rate: float,
    steps: int,
    goes_on: Callable[[int], bool],
) -> None:
    """Corrects the weights of all places by one batch after the other, at a rate that rises to ``rate`` and falls.

    Batches are what the network's eye made of views. ``goes_on`` hears the number of steps that are done, and says
    whether there is to be another.
    """
    rising = max(1, round(RISING * steps))
    falling = keras.optimizers.schedules.CosineDecay(
        rate / 40, max(1, steps - rising), warmup_target=rate, warmup_steps=rising
    )
    _, mind = eye_and_mind(model)
    learner = twin(mind)
    learned = [*learner.trainable_variables, *model.get_layer("head").trainable_variables]
    corrections = optimizers.make(optimizer, falling)
    corrections.build(learned)

    @tf.function(reduce_retracing=True)
    def step(seen: tuple[tf.Tensor, ...], there: tf.Tensor, counts: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            maps = tf.cast(learner(list(seen), training=True), tf.float32)
            said = logits(model, maps)  # of each member, if this place alone counted
            truth = tf.broadcast_to(there[..., tf.newaxis], tf.shape(said))
            wrong = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(truth, said), axis=-1)
            loss = tf.reduce_sum(wrong * counts) / tf.reduce_sum(counts)
        correct(corrections, tape.gradient(loss, learned), learned)

    for number, batch in enumerate(batches):
        if not goes_on(number):
            break
        step(*batch)
    hand_over(learner, mind)
