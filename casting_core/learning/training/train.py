"""One training, from photos to the network with its best weights. It knows no files and no database."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from sklearn.utils.class_weight import compute_class_weight

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.domain import Label
from casting_core.errors import RunError
from casting_core.learning.inputs.batches import training_batches, validation_batches
from casting_core.learning.inputs.material import Material, prepare
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks import optimizers
from casting_core.learning.networks.backbone import network as backbone
from casting_core.learning.networks.backbone import out_of_fold
from casting_core.learning.networks.backbone.views import NumberViews, head_of
from casting_core.learning.networks.catalogue import network_of, rescale_logit
from casting_core.learning.networks.keras_private import dropout_states
from casting_core.learning.recipes.choices import Keep
from casting_core.learning.recipes.events import Compared, EpochDone, Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training import summary
from casting_core.learning.training.epochs.callback import StopTraining
from casting_core.learning.training.epochs.checkpoint import Checkpoint
from casting_core.learning.training.epochs.weight_averaging import update_batch_normalization
from casting_core.learning.training.session import Session, begin, compile_model, resume


@dataclass(frozen=True, kw_only=True, eq=False)
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
    recipe: Recipe  # what it was trained by; of another network than was asked for, where that was the better one
    told_by_light: float = 0.5  # how well brightness alone tells the labels of the validation photos, as an AUC
    compared: Compared | None = None  # with what, where the recipe asked for it


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
    """Trains as the recipe says; ``report`` is given each event, ``should_stop`` is asked after every batch.

    ``validation``: which photos are used for validation; without it they are drawn at random, photo by photo. ``keep``
    gets a checkpoint after every epoch. With one of them to ``start`` from, the training goes on after it as if it had
    never stopped, for what an epoch learns depends on the weights before it, the seed and its number only.

    Raises ``RunError`` where the photos cannot be learned from, or where a person stopped it before one epoch was done.
    """
    if recipe.repeatable:
        tf.config.experimental.enable_op_determinism()  # of the whole process, which is the run's own
    material = prepare(photos, recipe, validation)
    trained = train_on(material, recipe, report=report, should_stop=should_stop, start=start, keep=keep)
    if not trained.stopped and trained.told_by_light >= summary.SHORTCUT:
        report(summary.light_tested(partial(predict, trained), material.each_epoch))
    return trained


def train_on(
    material: Material,
    recipe: Recipe,
    *,
    report: Report,
    should_stop: ShouldStop,
    start: Checkpoint | None = None,
    keep: Callable[[Checkpoint], None] = lambda _checkpoint: None,
) -> Trained:
    """The same on photos that are split and aligned already."""
    keras.utils.set_random_seed(recipe.seed)
    if start is None:
        session = begin(material, recipe, report=report, should_stop=should_stop)
    else:
        session = resume(material, recipe, start, report=report, should_stop=should_stop)
    with suppress(StopTraining):
        fit(session, material, recipe, keep=keep)
    best_epoch = choose_weights(session, material, recipe)
    return _finish(session, material, recipe, best_epoch)


def fit(session: Session, material: Material, recipe: Recipe, *, keep: Callable[[Checkpoint], None]) -> None:
    """Trains the epochs that are left, one by one, and hands out a checkpoint after each.

    Raises ``StopTraining`` where a person, or the recipe's patience, ends it.
    """
    learner = session.learner
    validation = validation_batches(material.each_epoch, session.views)
    weights = balanced_weights(material.train.labels) if recipe.class_weights else None
    for epoch in range(len(session.progress.epochs), recipe.epochs):
        _reseed_dropout(learner, recipe.seed, epoch)
        learner.fit(
            training_batches(material.train, recipe, session.views, epoch=epoch),
            validation_data=validation,
            initial_epoch=epoch,
            epochs=epoch + 1,
            class_weight=weights,
            callbacks=[session.progress],
            shuffle=False,  # the batches come in an order of their own
            verbose=0,
        )
        session.average.add(learner.get_weights(), epoch=epoch + 1)
        keep(session.checkpoint())


def choose_weights(session: Session, material: Material, recipe: Recipe) -> int:
    """Gives the learner the weights that the recipe keeps, best, last or mean, and tells which epoch they count as.

    Raises ``RunError`` where no epoch was done.
    """
    learner, progress = session.learner, session.progress
    if not progress.epochs:
        raise RunError("the training was stopped before its first epoch was done, so there is nothing to keep")
    if recipe.keep is Keep.BEST or progress.out_of_patience:
        learner.set_weights(progress.best_weights)
        return progress.best.epoch
    if recipe.keep is Keep.MEAN and session.average.weights:
        learner.set_weights(session.average.weights)
        batches = training_batches(material.train, recipe, session.views, epoch=recipe.epochs)
        update_batch_normalization(learner, batches)
    return progress.epochs[-1].epoch


def score(trained: Trained, photos: Photos) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The score of each photo, (n,), and whether the part was found in it; where it was not, the score is 1."""
    views = Views(photos.pixels, trained.alignment)
    found = views.found(photos.rows)
    return np.where(found, predict(trained, photos, views=views), np.float32(1.0)), found


def predict(trained: Trained, photos: Photos, *, views: Views | None = None) -> NDArray[np.float32]:
    """What the network says of each photo, (n,), also where the part was not found.

    ``views`` are theirs, where some of the parts have been found already.
    """
    model, views = trained.model, views or Views(photos.pixels, trained.alignment)
    if model.name == backbone.NAME:  # what it makes of photos is remembered; only the head has still to be asked
        numbers = NumberViews(views, model).take(photos.rows)
        return np.asarray(head_of(model)(numbers, training=False))[:, 0]
    scores: NDArray[np.float32] = model.predict(validation_batches(photos, views), verbose=0)[:, 0]
    return scores


def balanced_weights(labels: NDArray[np.float32]) -> dict[int, float]:
    """The weight of each label that makes both count alike."""
    both = np.array([Label.OK, Label.DEFECTIVE])
    weights = compute_class_weight("balanced", classes=both, y=labels.astype(int))
    return dict(zip(both.tolist(), weights.tolist(), strict=True))


def _finish(session: Session, material: Material, recipe: Recipe, best_epoch: int) -> Trained:
    """The network as it is handed over."""
    progress, prepared = session.progress, session.prepared
    stopped = len(progress.epochs) < recipe.epochs and not progress.out_of_patience
    session.hand_over()
    if isinstance(session.views, NumberViews) and recipe.calibrate:
        found = out_of_fold.line(session.views, material.train, augmented=recipe.augmentation, seed=recipe.seed)
        if found is not None:
            rescale_logit(network_of(recipe), session.model, stretch=found.stretch, shift=found.shift)
    # So that whoever opens its file can evaluate it, or train it on.
    compile_model(session.model, optimizers.make(recipe.optimizer, recipe.learning_rate))
    return Trained(
        model=session.model,
        parameters=prepared.parameters,
        epochs=progress.epochs,
        best_epoch=best_epoch,
        stopped=stopped,
        train=material.train,
        validation=material.validation,
        alignment=material.alignment,
        recipe=recipe,
        told_by_light=prepared.told_by_light,
    )


def _reseed_dropout(learner: keras.Model, seed: int, epoch: int) -> None:
    """Lets dropout depend on seed and epoch alone, and not on how often it has drawn before."""
    for place, state in enumerate(dropout_states(learner)):
        state.assign([int(np.random.default_rng((seed, epoch, place)).integers(2**31)), 0])
