"""A training between two epochs: its networks, built and pretrained, or restored from a checkpoint."""

from dataclasses import dataclass

import keras

from casting_core.errors import RunError
from casting_core.learning.inputs import curriculum
from casting_core.learning.inputs.material import PER_CASTING, Material
from casting_core.learning.inputs.photos import limit_per_casting
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks import evidence, optimizers
from casting_core.learning.networks.backbone import network as backbone
from casting_core.learning.networks.backbone.views import NumberViews, head_of
from casting_core.learning.networks.catalogue import network_of
from casting_core.learning.networks.ensemble import train_members_separately
from casting_core.learning.networks.loss import Loss, smoothed_cross_entropy
from casting_core.learning.networks.microbatches import in_microbatches
from casting_core.learning.networks.mixed_precision import copy_weights
from casting_core.learning.pretraining.product import freeze_pretrained, pretrain_on_product
from casting_core.learning.recipes.events import Layer, Prepared, Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training import summary
from casting_core.learning.training.epochs.callback import ProgressCallback
from casting_core.learning.training.epochs.checkpoint import Checkpoint
from casting_core.learning.training.epochs.metrics import ConfusionCounts
from casting_core.learning.training.epochs.weight_averaging import WeightAverage


@dataclass(frozen=True, kw_only=True, eq=False)
class Session:
    """The networks of a training, and what has come of it so far."""

    model: keras.Model  # what is kept
    learner: keras.Model  # what is trained: the same weights, computed as fast as can be, or the last layers themselves
    views: Views  # what the learner is shown
    prepared: Prepared
    progress: ProgressCallback
    average: WeightAverage

    def hand_over(self) -> None:
        """Gives what is kept the weights that were learned."""
        if self.model.name != backbone.NAME:  # there both have the same layers
            copy_weights(self.learner, self.model)

    def checkpoint(self) -> Checkpoint:
        """All that the next epoch depends on."""
        return Checkpoint(
            epochs=tuple(self.progress.epochs),
            weights=self.learner.get_weights(),
            best=self.progress.best_weights,
            mean=self.average.weights,
            optimizer=[keras.ops.convert_to_numpy(one) for one in self.learner.optimizer.variables],
        )


def begin(material: Material, recipe: Recipe, *, report: Report, should_stop: ShouldStop) -> Session:
    """A training before its first epoch: the network is reported, and pretrained where the recipe says so."""
    session, layers = _build(material, recipe, report=report, should_stop=should_stop)
    report(session.prepared)
    for layer in layers:
        report(layer)
    evidence.fit_to_sound_parts(session.model, material.views.take(material.sound.rows))
    if curriculum.pretrains_on_product(recipe):
        pretrain_on_product(
            session.model, material.train, material.views, recipe, report=report, should_stop=should_stop
        )
    if isinstance(session.views, NumberViews):
        usual = limit_per_casting(material.train, most=PER_CASTING)
        backbone.measure_from(session.model, session.views.take(usual.rows))
    else:
        copy_weights(session.model, session.learner)
    return session


def resume(
    material: Material, recipe: Recipe, start: Checkpoint, *, report: Report, should_stop: ShouldStop
) -> Session:
    """A training as it was when this checkpoint was taken; ``RunError`` where that is of another network."""
    session, _ = _build(material, recipe, report=report, should_stop=should_stop)
    learner = session.learner
    variables = learner.optimizer.variables
    try:
        learner.set_weights(start.weights)
        for variable, value in zip(variables, start.optimizer, strict=True):
            variable.assign(value)
    except ValueError as error:
        raise RunError("its checkpoint does not fit the network any more; start a new run") from error
    session.progress.epochs, session.progress.best_weights = list(start.epochs), list(start.best)
    session.average.weights = list(start.mean)
    return session


def compile_model(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    *metrics: keras.metrics.Metric,
    loss: Loss | str = "binary_crossentropy",
) -> None:
    """Makes a model ready to be trained and evaluated."""
    # jit_compile: compiled steps are three times slower on CPU (measured), and "auto" would choose them.
    model.compile(optimizer, loss=loss, metrics=["accuracy", *metrics], jit_compile=False)


def _build(
    material: Material, recipe: Recipe, *, report: Report, should_stop: ShouldStop
) -> tuple[Session, list[Layer]]:
    """The networks with random weights, compiled, and the table of their layers."""
    train, kind = material.train, material.alignment.kind
    model = network_of(recipe).build(material.alignment)
    views = material.views
    if model.name == backbone.NAME:
        views = NumberViews(material.views, model)
        backbone.hold_back(model, photos=len(limit_per_casting(train, most=PER_CASTING)))
    learner = _learner(model, head_only=curriculum.trains_head_only(recipe, kind))
    layers = summary.layer_table(model)  # before any is frozen: all weights are counted
    freeze_pretrained(model, recipe, kind)
    batches = curriculum.batches_per_epoch(train, recipe, kind)
    peak, steps = curriculum.peak_rate(recipe, kind), recipe.epochs * batches
    optimizer = optimizers.make(recipe.optimizer, optimizers.learning_rate(recipe.schedule, peak=peak, steps=steps))
    compile_model(learner, optimizer, ConfusionCounts(), loss=smoothed_cross_entropy(recipe.label_smoothing))
    optimizer.build(learner.trainable_variables)  # or the first step would be traced once more, with what it makes
    progress = ProgressCallback(
        report,
        should_stop,
        photos=curriculum.photos_per_epoch(train, recipe, kind),
        batch_size=recipe.batch_size,
        patience=recipe.early_stopping,
    )
    prepared = summary.prepared(recipe, train, material.each_epoch, batches=batches, layers=layers)
    average = WeightAverage(recipe.epochs)
    session = Session(model=model, learner=learner, views=views, prepared=prepared, progress=progress, average=average)
    return session, layers


def _learner(model: keras.Model, *, head_only: bool) -> keras.Model:
    """What is trained in the epochs, as fast as that can be: a model of the same weights, or the model itself."""
    if model.name == backbone.NAME:
        return head_of(model)
    if model.name == evidence.NAME and not head_only:
        return train_members_separately(evidence.mixed_precision_copy(model))
    return train_members_separately(in_microbatches(model))
