"""One training, from photos to the network with its best weights. It knows no files and no database."""

from contextlib import suppress
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.errors import RunError
from casting_core.learning import facts
from casting_core.learning.batches import Photos, count, split_random, training_batches, validation_batches
from casting_core.learning.events import EpochDone, Report, ShouldStop
from casting_core.learning.narrator import Narrator, StopNow
from casting_core.learning.networks import NETWORKS
from casting_core.learning.outcomes import Outcomes
from casting_core.learning.recipe import Recipe, Schedule
from casting_core.learning.steps import frugal


@dataclass(frozen=True, kw_only=True)
class Trained:
    """The network with the weights of its best epoch, and how it came to them."""

    model: keras.Model
    parameters: int  # trainable weights
    epochs: list[EpochDone]
    best_epoch: int  # from 1; the one with the lowest validation loss
    stopped: bool  # by a person, before the last epoch; ending early as the recipe wants is no stop
    train: Photos
    validation: Photos


def train(
    photos: Photos,
    recipe: Recipe,
    *,
    report: Report,
    should_stop: ShouldStop,
    validation: NDArray[np.bool_] | None = None,
    castings: NDArray[np.int64] | None = None,
) -> Trained:
    """Trains as the recipe says; ``report`` hears everything, ``should_stop`` is asked after every batch.

    ``validation`` says which photos are to watch; without it they are drawn at random, photo by photo. ``castings`` is
    the casting of each photo where that is known; it is only told of.

    Raises ``RunError`` where the photos cannot be learned from, or where a person stopped it before one epoch was done.
    """
    _refuse_hopeless(photos, least=2)
    keras.utils.set_random_seed(recipe.seed)
    if validation is None:
        learn, watch = split_random(photos, share=recipe.validation_share, seed=recipe.seed)
    else:
        learn, watch = photos.some(np.flatnonzero(~validation)), photos.some(np.flatnonzero(validation))
    _refuse_hopeless(learn, least=1)
    model = NETWORKS[recipe.network].build()
    learner = frugal(model)
    rate = _learning_rate(recipe, steps=recipe.epochs * count(learn, recipe.batch_size))
    _compile(learner, keras.optimizers.Adam(rate), Outcomes())
    parameters = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    prepared = facts.prepared(recipe, learn, watch, parameters=parameters, castings=facts.by_row(photos, castings))
    report(prepared)
    for layer in facts.layers(model):
        report(layer)
    narrator = Narrator(
        report, should_stop, photos=len(learn), batch_size=recipe.batch_size, patience=recipe.early_stopping
    )
    with suppress(StopNow):
        learner.fit(
            training_batches(learn, recipe),
            validation_data=validation_batches(watch),
            epochs=recipe.epochs,
            class_weight=balanced_weights(learn.labels) if recipe.class_weights else None,
            callbacks=[narrator],
            shuffle=False,  # the batches come in a new order of their own
            verbose=0,
        )
    if not narrator.epochs:
        raise RunError("the training was stopped before its first epoch was done, so there is nothing to keep")
    learner.set_weights(narrator.best_weights)
    stopped = len(narrator.epochs) < recipe.epochs and not narrator.enough
    if not stopped and prepared.told_by_light >= facts.SHORTCUT:
        report(facts.light_tested(learner, watch))
    _compile(model, learner.optimizer)  # so that who opens its file can evaluate it, or train it on
    return Trained(
        model=model,
        parameters=parameters,
        epochs=narrator.epochs,
        best_epoch=narrator.best.epoch,
        stopped=stopped,
        train=learn,
        validation=watch,
    )


def _compile(model: keras.Model, optimizer: keras.optimizers.Optimizer, *counted: keras.metrics.Metric) -> None:
    # jit_compile: compiled steps are three times slower on CPU (measured), and "auto" would choose them.
    model.compile(optimizer, loss="binary_crossentropy", metrics=["accuracy", *counted], jit_compile=False)


def _learning_rate(recipe: Recipe, *, steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    if recipe.schedule is Schedule.CONSTANT:
        return recipe.learning_rate
    return keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps)


def balanced_weights(labels: NDArray[np.float32]) -> dict[int, float]:
    """The weight of each label that makes both count alike: photos / (2 x photos of the label).

    This is what scikit-learn calls "balanced".
    """
    defective = float(labels.sum())
    return {0: len(labels) / (2 * (len(labels) - defective)), 1: len(labels) / (2 * defective)}


def _refuse_hopeless(photos: Photos, *, least: int) -> None:
    defective = int(photos.labels.sum())
    if min(defective, len(photos) - defective) < least:
        raise RunError(
            f"{len(photos)} photos to learn from, {defective} of them defective, {len(photos) - defective} ok: "
            "too few of one class; add photos of it, or validate on fewer"
        )
