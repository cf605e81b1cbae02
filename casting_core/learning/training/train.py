"""One training, from photos to the network with its best weights. It knows no files and no database."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.domain import Label
from casting_core.errors import RunError
from casting_core.learning.inputs import curriculum
from casting_core.learning.inputs.batches import training_batches, validation_batches
from casting_core.learning.inputs.photos import Photos, few_of_each, split_random
from casting_core.learning.inputs.views import Views, choose
from casting_core.learning.networks import evidence, optimizers
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.networks.ensemble import apart
from casting_core.learning.networks.loss import Loss, smoothed
from casting_core.learning.networks.microbatches import frugal
from casting_core.learning.networks.mixed_precision import hand_over
from casting_core.learning.networks.optimizers import Rate
from casting_core.learning.pretraining import product
from casting_core.learning.recipes.events import EpochDone, Report, ShouldStop
from casting_core.learning.recipes.recipe import Keep, Recipe, Sampling, Schedule
from casting_core.learning.training import summary
from casting_core.learning.training.callback import Narrator, StopNow
from casting_core.learning.training.checkpoint import Checkpoint
from casting_core.learning.training.metrics import Outcomes
from casting_core.learning.training.weight_averaging import Average, settle

RISING = 0.05  # of all steps, in which a rate that falls first rises to its height
FALLEN, LEVEL = 0.5, 0.4  # of all steps, by which a rate has come to its level; and that level, of its height

USUAL = 120  # sound photos that show what a part usually looks like
WATCH = 3  # validation photos of each casting that an epoch is judged by, where epochs are drawn by casting


@dataclass(frozen=True, kw_only=True)
class Trained:
    """The network with the weights of its best epoch, and how it came to them."""

    model: keras.Model
    parameters: int  # trainable weights
    epochs: list[EpochDone]
    best_epoch: int  # from 1; the one whose weights it has
    stopped: bool  # by a person, before the last epoch; ending early as the recipe wants is no stop
    train: Photos
    validation: Photos
    alignment: Alignment


def train(
    photos: Photos,
    recipe: Recipe,
    *,
    report: Report,
    should_stop: ShouldStop,
    validation: NDArray[np.bool_] | None = None,
    start: Checkpoint | None = None,
    keep: Callable[[Checkpoint], None] = lambda _checkpoint: None,
) -> Trained:
    """Trains as the recipe says; ``report`` hears everything, ``should_stop`` is asked after every batch.

    ``validation`` says which photos are to watch; without it they are drawn at random, photo by photo. ``keep`` gets a
    checkpoint after every epoch. With one of them to ``start`` from, the training goes on behind it as if it had never
    stopped, for what an epoch learns depends on the weights before it, the seed and its number only.

    Raises ``RunError`` where the photos cannot be learned from, or where a person stopped it before one epoch was done.
    """
    _refuse_hopeless(photos, least=2)
    if recipe.repeatable:
        tf.config.experimental.enable_op_determinism()  # of the whole process, which is the run's own
    keras.utils.set_random_seed(recipe.seed)
    if validation is None:
        learn, watch = split_random(photos, share=recipe.validation_share, seed=recipe.seed)
    else:
        learn, watch = photos.some(np.flatnonzero(~validation)), photos.some(np.flatnonzero(validation))
    _refuse_hopeless(learn, least=1)
    views = Views(photos.pixels, choose(learn, recipe))
    model = NETWORKS[recipe.network].build(views.alignment)
    kind = views.alignment.kind
    learner = _learner(model, only_weighs=curriculum.only_weighs(recipe, kind))
    layers = summary.layers(model)
    product.freeze(model, recipe, kind)
    batches = curriculum.batches(learn, recipe, kind)
    rate = _learning_rate(recipe.schedule, height=curriculum.height(recipe, kind), steps=recipe.epochs * batches)
    _compile(learner, optimizers.make(recipe.optimizer, rate), Outcomes(), loss=smoothed(recipe.label_smoothing))
    watched = watch if recipe.sampling is Sampling.PHOTO else few_of_each(watch, most=WATCH)
    prepared = summary.prepared(recipe, learn, watched, batches=batches, layers=layers)
    narrator = Narrator(
        report,
        should_stop,
        photos=curriculum.shown(learn, recipe, kind),
        batch_size=recipe.batch_size,
        patience=recipe.early_stopping,
    )
    average = Average(recipe.epochs)
    if start is None:
        report(prepared)
        for layer in layers:
            report(layer)
        evidence.learn_usual(model, views.take(_sound(learn).rows))
        if curriculum.begins_on_painted(recipe):
            product.lay(model, learn, views, recipe, report=report, should_stop=should_stop)
        hand_over(model, learner)
    else:
        _restore(learner, start)
        narrator.epochs, narrator.best_weights = list(start.epochs), list(start.best)
        average.weights = list(start.mean)
    with suppress(StopNow):
        _learn(learner, learn, watched, views, recipe, narrator=narrator, average=average, keep=keep)
    if not narrator.epochs:
        raise RunError("the training was stopped before its first epoch was done, so there is nothing to keep")
    best = narrator.epochs[-1].epoch
    if recipe.keep is Keep.BEST or narrator.enough:
        best = narrator.best.epoch
        learner.set_weights(narrator.best_weights)
    elif recipe.keep is Keep.MEAN and average.weights:
        learner.set_weights(average.weights)
        settle(learner, training_batches(learn, recipe, views, epoch=recipe.epochs))
    stopped = len(narrator.epochs) < recipe.epochs and not narrator.enough
    if not stopped and prepared.told_by_light >= summary.SHORTCUT:
        report(summary.light_tested(learner, watched, views.alignment))
    hand_over(learner, model)
    # So that who opens its file can evaluate it, or train it on.
    _compile(model, optimizers.make(recipe.optimizer, recipe.learning_rate))
    return Trained(
        model=model,
        parameters=prepared.parameters,
        epochs=narrator.epochs,
        best_epoch=best,
        stopped=stopped,
        train=learn,
        validation=watch,
        alignment=views.alignment,
    )


def _learner(model: keras.Model, *, only_weighs: bool) -> keras.Model:
    """What learns in the epochs, as fast as that can be: a model of the same weights, or the model itself."""
    if model.name == evidence.NAME and not only_weighs:
        return apart(evidence.quick_twin(model))
    return apart(frugal(model))


def _sound(learn: Photos) -> Photos:
    """Sound photos of as many castings as can be, and no more of them than it takes to know what is usual."""
    sound = few_of_each(learn.some(np.flatnonzero(learn.labels == Label.OK)), most=WATCH)
    return sound.some(np.unique(np.linspace(0, len(sound) - 1, min(USUAL, len(sound))).astype(np.int64)))


def _learn(
    learner: keras.Model,
    learn: Photos,
    watch: Photos,
    views: Views,
    recipe: Recipe,
    *,
    narrator: Narrator,
    average: Average,
    keep: Callable[[Checkpoint], None],
) -> None:
    """Does the epochs that are left, one by one, and hands out a checkpoint after each."""
    watched = validation_batches(watch, views)
    for epoch in range(len(narrator.epochs), recipe.epochs):
        _draw_anew(learner, recipe.seed, epoch)
        learner.fit(
            training_batches(learn, recipe, views, epoch=epoch),
            validation_data=watched,
            initial_epoch=epoch,
            epochs=epoch + 1,
            class_weight=balanced_weights(learn.labels) if recipe.class_weights else None,
            callbacks=[narrator],
            shuffle=False,  # the batches come in an order of their own
            verbose=0,
        )
        average.add(learner.get_weights(), epoch=epoch + 1)
        keep(
            Checkpoint(
                epochs=tuple(narrator.epochs),
                weights=learner.get_weights(),
                best=narrator.best_weights,
                mean=average.weights,
                optimizer=[keras.ops.convert_to_numpy(variable) for variable in learner.optimizer.variables],
            )
        )


def _restore(learner: keras.Model, start: Checkpoint) -> None:
    learner.optimizer.build(learner.trainable_variables)
    held = learner.optimizer.variables
    try:
        learner.set_weights(start.weights)
        for variable, value in zip(held, start.optimizer, strict=True):
            variable.assign(value)
    except ValueError as error:
        raise RunError("its checkpoint does not fit the network any more; start a new run") from error


def _draw_anew(learner: keras.Model, seed: int, epoch: int) -> None:
    """Lets dropout draw by seed and epoch alone, and not by how often it has drawn before."""
    states = [variable for variable in learner.variables if variable.path.endswith("seed_generator_state")]
    for place, state in enumerate(states):
        state.assign([int(np.random.default_rng((seed, epoch, place)).integers(2**31)), 0])


def _compile(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    *counted: keras.metrics.Metric,
    loss: Loss | str = "binary_crossentropy",
) -> None:
    # jit_compile: compiled steps are three times slower on CPU (measured), and "auto" would choose them.
    model.compile(optimizer, loss=loss, metrics=["accuracy", *counted], jit_compile=False)


def _learning_rate(schedule: Schedule, *, height: float, steps: int) -> Rate:
    if schedule is Schedule.CONSTANT:
        return height
    rising = max(1, round(RISING * steps))  # an untrained network takes large steps in any direction
    end, level = (FALLEN, LEVEL) if schedule is Schedule.LEVEL else (1.0, 0.0)
    return keras.optimizers.schedules.CosineDecay(
        height / 10,
        max(1, round(end * steps) - rising),
        alpha=level,
        warmup_target=height,
        warmup_steps=rising,
    )


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
