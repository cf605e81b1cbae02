"""A training on sound castings alone, for whoever has no defective ones yet, or hardly any.

What a defect looks like nobody can learn from them. Of a round part the network ``evidence`` knows it from defects that
were painted on its sound castings, and on random ones before. Of any other part painted defects say too little (see
docs/lab-notes.md), and its photos are judged by how unlike sound ones their strangest places are.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.domain import Label
from casting_core.errors import RunError
from casting_core.learning.inputs.material import PER_CASTING
from casting_core.learning.inputs.photos import Photos, limit_per_casting
from casting_core.learning.inputs.views import Views, choose_alignment
from casting_core.learning.networks import evidence, optimizers
from casting_core.learning.networks.backbone import distance
from casting_core.learning.networks.catalogue import network_of, rescale_logit
from casting_core.learning.pretraining.product import pretrain_on_product
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.events import EpochDone, Note, Report, ShouldStop
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training import summary
from casting_core.learning.training.session import compile_model
from casting_core.learning.training.train import Trained, score

LEAST = 10  # photos of sound castings to learn from
SHOWN = 120  # of them, at most, whose places are remembered
MIDDLE = 0.5  # of scores
AT_ONCE = 8  # photos; what the network makes of more is larger than the processor's caches


def train_on_sound(
    photos: Photos, recipe: Recipe, *, report: Report, should_stop: ShouldStop, validation: NDArray[np.bool_]
) -> Trained:
    """The network that has learned from the ok photos which are not in ``validation``.

    Photos of defective castings are used for validation only: they tell what such a network finds, and teach nothing.
    Raises ``RunError`` where there are too few photos, or where a person stopped it.
    """
    recipe = recipe.model_copy(update={"calibrate": False, "compare": False})  # for both need both classes
    ok = photos.labels == Label.OK
    learned, watched = (photos.subset(np.flatnonzero(side)) for side in (ok & ~validation, ~ok | validation))
    _refuse(learned, watched, recipe)
    keras.utils.set_random_seed(recipe.seed)
    alignment = choose_alignment(learned, recipe)
    if alignment.kind is not Kind.ROUND and recipe.network is NetworkName.EVIDENCE:
        report(Note(text="The part is not round, so photos are judged by their distance from sound ones"))
        recipe = recipe.model_copy(update={"network": NetworkName.BACKBONE})
        alignment = choose_alignment(learned, recipe)
    began, views = time.perf_counter(), Views(photos.pixels, alignment)
    model = network_of(recipe).build(alignment)
    layers = summary.layer_table(model)
    report(summary.prepared(recipe, learned, watched, batches=1, layers=layers))
    for layer in layers:
        report(layer)
    if recipe.network is NetworkName.EVIDENCE:
        evidence.fit_to_sound_parts(model, views.take(_spread(learned)))
        some = limit_per_casting(learned, most=PER_CASTING)
        pretrain_on_product(model, some, views, recipe, report=report, should_stop=should_stop)
    else:
        report(Note(text="Remembering what sound parts look like"))
        _remember(model, views, _spread(learned), seed=recipe.seed)
    if should_stop():
        raise RunError("the training was stopped before it was done, so there is nothing to keep")
    _begin_at_sound(model, recipe, views, _spread(learned))
    compile_model(model, optimizers.make(recipe.optimizer, recipe.learning_rate))
    trained = Trained(
        model=model,
        parameters=sum(layer.parameters for layer in layers),
        epochs=[],
        best_epoch=1,
        stopped=False,
        train=learned,
        validation=watched,
        alignment=alignment,
        recipe=recipe,
    )
    only = _looked_at(trained, seconds=time.perf_counter() - began)
    report(only)
    return replace(trained, epochs=[only])


def _refuse(learned: Photos, watched: Photos, recipe: Recipe) -> None:
    if recipe.network is NetworkName.CLASSIC:
        raise RunError(
            "the guide's network learns from both classes; from sound castings only Evidence and Backbone do"
        )
    if recipe.folds or recipe.learning_curve:
        raise RunError("sound castings alone allow neither a cross-validation nor a learning curve; switch these off")
    sound = int((watched.labels == Label.OK).sum())
    if len(learned) < LEAST or not sound:
        raise RunError(
            f"{len(learned)} ok photos to learn from and {sound} to validate on are too few: at least {LEAST} and 1"
        )


def _spread(photos: Photos) -> NDArray[np.int64]:
    """Rows of some of the photos, of as many castings as can be."""
    some = limit_per_casting(photos, most=PER_CASTING)
    return some.rows[np.unique(np.linspace(0, len(some) - 1, min(SHOWN, len(some))).astype(np.int64))]


def _remember(model: keras.Model, views: Views, rows: NDArray[np.int64], *, seed: int) -> None:
    """Shows the network the places of sound parts."""
    places = keras.Model(model.input, model.get_layer("places").output)
    found = [np.asarray(places(unit, training=False)) for unit in _units(views, rows)]
    distance.remember(model, np.concatenate([one.reshape(-1, one.shape[-1]) for one in found]), seed=seed)


def _begin_at_sound(model: keras.Model, recipe: Recipe, views: Views, rows: NDArray[np.int64]) -> None:
    """Puts the middle of the scale where the worst photo learned from lies: what is worse is unlike all of them."""
    head = model.get_layer(network_of(recipe).head)
    before = keras.Model(model.input, head.output)
    logits = np.concatenate([np.asarray(before(unit, training=False))[:, 0] for unit in _units(views, rows)])
    rescale_logit(network_of(recipe), model, stretch=1.0, shift=-float(logits.max()))


def _units(views: Views, rows: NDArray[np.int64]) -> Iterator[NDArray[np.float32]]:
    """Views of these photos, 0..1, a few at a time."""
    for start in range(0, len(rows), AT_ONCE):
        yield np.asarray(views.take(rows[start : start + AT_ONCE])[..., np.newaxis] / 255, dtype=np.float32)


def _looked_at(trained: Trained, *, seconds: float) -> EpochDone:
    """What the network makes of the photos learned from, and of the others: the one point that there is of a curve."""
    (scores, _), (watched, _) = score(trained, trained.train), score(trained, trained.validation)
    defective = trained.validation.labels == Label.DEFECTIVE
    rejected = watched >= MIDDLE
    return EpochDone(
        epoch=1,
        loss=_loss(scores, trained.train.labels),
        accuracy=float((scores < MIDDLE).mean()),
        validation_loss=_loss(watched, trained.validation.labels),
        validation_accuracy=float((rejected == defective).mean()),
        seconds=seconds,
        photos_per_second=len(trained.train) / seconds,
        missed=float((defective & ~rejected).sum()),
        false_alarms=float((~defective & rejected).sum()),
    )


def _loss(scores: NDArray[np.floating], labels: NDArray[np.floating]) -> float:
    return float(log_loss(labels, np.asarray(scores, dtype=np.float64), labels=[0, 1]))
