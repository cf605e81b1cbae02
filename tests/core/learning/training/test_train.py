"""A training: what it tells, what it keeps, when it stops, and what it refuses to begin."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from sklearn.metrics import f1_score

from casting_core.data.imaging.alignment.alignment import Alignment, Kind, free
from casting_core.data.imaging.images import fit
from casting_core.errors import RunError
from casting_core.learning.inputs import curriculum
from casting_core.learning.inputs.batches import training_batches, validation_batches
from casting_core.learning.inputs.photos import Photos, limit_per_casting, sample_by_casting, split_random
from casting_core.learning.inputs.views import Views, choose_alignment
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.recipes.choices import Align, Keep, NetworkName, Sampling, Schedule
from casting_core.learning.recipes.events import BatchDone, EpochDone, Event, Layer, LightTested, Note, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.train import Trained, balanced_weights, train

RECIPE = Recipe(epochs=3, batch_size=4, seed=5)


@pytest.fixture(autouse=True)
def small_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that learns in no time: what is tested here is the training."""

    def build(_alignment: Alignment) -> keras.Model:
        return keras.Sequential(
            [
                keras.Input((300, 300, 1)),
                layers.AveragePooling2D(50),
                layers.Flatten(),
                layers.Dense(1, activation="sigmoid"),
            ]
        )

    small = replace(NETWORKS[NetworkName.CLASSIC], build=build)
    monkeypatch.setitem(NETWORKS, NetworkName.CLASSIC, small)


def views(photos: Photos) -> Views:
    return Views(photos.pixels, free(300, reason="for a test"))


def run(photos: Photos, recipe: Recipe = RECIPE, *, stop_after: int = 10**9) -> tuple[Trained, list[Event]]:
    """A training that is told to stop after so many batches, and what it told."""
    events: list[Event] = []

    def should_stop() -> bool:
        return sum(isinstance(event, BatchDone) for event in events) >= stop_after

    return train(photos, recipe, report=events.append, should_stop=should_stop), events


def test_a_training_tells_every_batch_and_every_epoch(photos: Photos) -> None:
    trained, events = run(photos)
    prepared = events[0]
    assert isinstance(prepared, Prepared)
    assert 0.5 <= prepared.told_by_light <= 1
    told = replace(prepared, told_by_light=0.5)
    assert told == Prepared(epochs=3, batches=5, train_photos=17, validation_photos=7, parameters=37)
    assert [(event.epoch, event.batch) for event in events if isinstance(event, BatchDone)] == [
        (epoch, batch) for epoch in (1, 2, 3) for batch in (1, 2, 3, 4, 5)
    ]
    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert epochs == trained.epochs
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3]
    assert all(epoch.seconds > 0 and epoch.photos_per_second > 0 for epoch in epochs)
    assert not trained.stopped


def test_the_weights_of_the_best_epoch_are_kept(photos: Photos) -> None:
    recipe = RECIPE.model_copy(
        update={"epochs": 8, "learning_rate": 0.5, "seed": 7}
    )  # so wild that the last is hardly the best
    trained, _ = run(photos, recipe)
    losses = [epoch.validation_loss for epoch in trained.epochs]
    assert trained.best_epoch == 1 + losses.index(min(losses)) < 8
    loss, _ = trained.model.evaluate(validation_batches(trained.validation, views(photos)), verbose=0)
    assert loss == pytest.approx(min(losses), rel=1e-5)


def test_what_an_epoch_tells_of_misses_and_false_alarms_is_what_its_scores_say(photos: Photos) -> None:
    trained, _ = run(photos, RECIPE.model_copy(update={"epochs": 1, "learning_rate": 0.1}))
    truth = trained.validation.labels == 1
    judged = trained.model.predict(validation_batches(trained.validation, views(photos)), verbose=0)[:, 0] > 0.5
    told = trained.epochs[0]
    assert (told.missed, told.false_alarms) == ((truth & ~judged).sum(), (~truth & judged).sum())
    assert told.missed + told.false_alarms == pytest.approx((1 - told.validation_accuracy) * len(truth))
    for label, f1 in ((False, told.f1_ok), (True, told.f1_defective)):
        assert f1 == pytest.approx(f1_score(truth, judged, pos_label=label, zero_division=0.0))
    assert told.learning_rate == pytest.approx(0.1)


def test_the_losses_of_its_batches_add_up_to_the_loss_of_an_epoch(photos: Photos) -> None:
    trained, events = run(photos, RECIPE.model_copy(update={"epochs": 1}))
    batches = [event for event in events if isinstance(event, BatchDone)]
    sizes = [4, 4, 4, 4, 1]
    for name in ("loss", "accuracy"):
        whole = np.average([getattr(batch, name) for batch in batches], weights=sizes)
        assert whole == pytest.approx(getattr(trained.epochs[0], name), abs=1e-5)
    assert [batch.seconds for batch in batches] == sorted(batch.seconds for batch in batches)


def test_the_learning_rate_falls_along_a_cosine(photos: Photos) -> None:
    trained, _ = run(photos, RECIPE.model_copy(update={"schedule": Schedule.COSINE}))
    rates = [epoch.learning_rate for epoch in trained.epochs]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_a_level_learning_rate_stays_on_two_fifths_of_its_peak(photos: Photos) -> None:
    trained, _ = run(photos, RECIPE.model_copy(update={"epochs": 6, "schedule": Schedule.LEVEL}))
    rates = [epoch.learning_rate for epoch in trained.epochs]
    assert rates[0] > rates[1] > rates[2]
    assert rates[2:] == pytest.approx([0.4 * RECIPE.learning_rate] * 4)


def test_a_training_ends_where_more_epochs_bring_nothing_and_was_not_stopped(photos: Photos) -> None:
    recipe = RECIPE.model_copy(update={"epochs": 50, "learning_rate": 0.5, "early_stopping": 2})
    trained, events = run(photos, recipe)
    assert len(trained.epochs) == trained.best_epoch + 2 < 50
    assert not trained.stopped
    assert any(isinstance(event, Note) and "2 epochs brought no lower" in event.text for event in events)


def test_a_training_counts_the_castings_on_both_sides(photos: Photos) -> None:
    events: list[Event] = []
    train(
        replace(photos, castings=np.arange(24) // 2),
        RECIPE.model_copy(update={"epochs": 1}),
        report=events.append,
        should_stop=lambda: False,
        validation=np.arange(24) < 8,
    )
    assert isinstance(events[0], Prepared)
    assert (events[0].train_castings, events[0].validation_castings) == (8, 4)


def test_a_training_tells_its_layers(photos: Photos) -> None:
    _, events = run(photos, RECIPE.model_copy(update={"epochs": 1}))
    told = [event for event in events if isinstance(event, Layer)]
    assert [layer.shape for layer in told] == ["6 x 6 x 1", "36", "1"]
    assert [layer.parameters for layer in told] == [0, 0, 37]


def test_a_network_that_learned_the_light_is_found_out_and_another_is_not_asked() -> None:
    noise = np.random.default_rng(0).integers(80, 100, (120, 300, 300), dtype=np.uint8)
    labels = (np.arange(120) % 2).astype(np.float32)
    lit = noise + (60 * labels[:, None, None]).astype(np.uint8)
    recipe = RECIPE.model_copy(update={"epochs": 12, "learning_rate": 0.05})
    _, events = run(Photos(pixels=lit, rows=np.arange(120), labels=labels), recipe)
    told = next(event for event in events if isinstance(event, LightTested))
    assert told.accuracy > 0.95
    assert told.accuracy_even < 0.7
    alike = np.repeat(noise[:1], 120, axis=0)
    _, events = run(Photos(pixels=alike, rows=np.arange(120), labels=labels), RECIPE)
    assert not any(isinstance(event, LightTested) for event in events)


def test_a_training_repeated_with_its_seed_learns_the_same(photos: Photos) -> None:
    (one, _), (again, _), (other, _) = run(photos), run(photos), run(photos, RECIPE.model_copy(update={"seed": 6}))
    assert [epoch.loss for epoch in one.epochs] == pytest.approx([epoch.loss for epoch in again.epochs], rel=1e-4)
    assert one.validation.rows.tolist() == again.validation.rows.tolist() != other.validation.rows.tolist()


def test_a_training_stops_within_an_epoch_and_keeps_the_best_so_far(photos: Photos) -> None:
    trained, events = run(photos, stop_after=8)
    assert sum(isinstance(event, BatchDone) for event in events) == 8
    assert [epoch.epoch for epoch in trained.epochs] == [1]
    assert (trained.best_epoch, trained.stopped) == (1, True)
    loss, _ = trained.model.evaluate(validation_batches(trained.validation, views(photos)), verbose=0)
    assert loss == pytest.approx(trained.epochs[0].validation_loss, rel=1e-5)


def test_a_training_that_stops_scores_no_validation_photo_any_more(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, evaluate = [], keras.Model.evaluate

    def counted(*arguments: Any, **options: Any) -> Any:
        looked.append(1)
        return evaluate(*arguments, **options)

    monkeypatch.setattr(keras.Model, "evaluate", counted)
    run(photos, stop_after=8)
    assert len(looked) == 1


def test_a_training_stopped_in_its_first_epoch_has_nothing_to_keep(photos: Photos) -> None:
    with pytest.raises(RunError, match="stopped before its first epoch was done"):
        run(photos, stop_after=2)


def test_a_training_whose_loss_is_no_number_says_what_to_try(photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_alignment: Alignment) -> keras.Model:
        grey = keras.Input((300, 300, 1))
        dense = layers.Dense(1, kernel_initializer=keras.initializers.Constant(float("nan")))
        return keras.Model(grey, dense(layers.Flatten()(layers.AveragePooling2D(100)(grey))))

    broken = replace(NETWORKS[NetworkName.CLASSIC], build=build)
    monkeypatch.setitem(NETWORKS, NetworkName.CLASSIC, broken)
    with pytest.raises(RunError, match="no longer a number in epoch 1; try a lower learning rate"):
        run(photos)


@pytest.mark.parametrize("defective", [0, 1, 23, 24])
def test_photos_of_one_class_are_refused(photos: Photos, defective: int) -> None:
    labels = (np.arange(24) < defective).astype(np.float32)
    with pytest.raises(RunError, match=rf"24 photos to learn from, {defective} of them defective.*too few"):
        run(Photos(pixels=photos.pixels, rows=photos.rows, labels=labels))


@pytest.mark.parametrize("class_weights", [True, False])
def test_a_class_that_validation_took_away_whole_is_said(photos: Photos, class_weights: bool) -> None:
    labels = (np.arange(24) < 2).astype(np.float32)
    skewed = Photos(pixels=photos.pixels, rows=photos.rows, labels=labels)
    recipe = RECIPE.model_copy(update={"validation_share": 0.95, "class_weights": class_weights})
    with pytest.raises(RunError, match="too few of one class"):
        run(skewed, recipe)


def test_class_weights_let_both_classes_count_alike() -> None:
    labels = np.array([1, 0, 0, 0, 0, 0, 0, 1], dtype=np.float32)
    weights = balanced_weights(labels)
    assert weights[0] * 6 == pytest.approx(weights[1] * 2)
    assert weights[0] * 6 + weights[1] * 2 == pytest.approx(8)


def test_a_training_with_weights_and_augmentation_runs_through(photos: Photos) -> None:
    trained, _ = run(photos, Recipe(epochs=1, batch_size=8, class_weights=True, augmentation=True))
    assert len(trained.epochs) == 1


@pytest.mark.parametrize("share", [0.001, 0.3, 0.999])
def test_each_photo_is_used_either_for_training_or_for_validation(photos: Photos, share: float) -> None:
    train_photos, validation = split_random(photos, share=share, seed=1)
    assert sorted([*train_photos.rows, *validation.rows]) == list(range(24))
    assert min(len(train_photos), len(validation)) >= 1


def test_batches_come_in_a_new_order_each_epoch_with_the_right_labels(photos: Photos) -> None:
    both = (training_batches(photos, RECIPE, views(photos), epoch=epoch) for epoch in (0, 1, 1))
    epochs = [[(grey.numpy(), label.numpy()) for grey, label in batches] for batches in both]
    orders = []
    for epoch in epochs:
        assert len(epoch) == curriculum.batches_per_epoch(photos, RECIPE, Kind.FREE) == 6
        grey, labels = (np.concatenate(part) for part in zip(*epoch, strict=True))
        places = [int(np.argmin(np.abs(photos.pixels / 255 - one[..., 0]).mean(axis=(1, 2)))) for one in grey]
        assert sorted(places) == list(range(24))
        assert labels[:, 0].tolist() == photos.labels[places].tolist()
        orders.append(places)
    assert orders[0] != orders[1] == orders[2]


def test_validation_photos_come_in_order_and_unchanged(photos: Photos) -> None:
    grey = np.concatenate([batch.numpy() for batch, _ in validation_batches(photos, views(photos))])
    assert np.abs(grey[..., 0] * 255 - photos.pixels).max() < 0.01


def test_an_epoch_depends_on_the_seed_and_its_number_alone(photos: Photos) -> None:
    recipe = RECIPE.model_copy(update={"augmentation": True})
    one, again, next_one = (
        np.concatenate([grey for grey, _ in training_batches(photos, recipe, views(photos), epoch=epoch)])
        for epoch in (3, 3, 4)
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, next_one)


def test_drawn_by_casting_three_hundred_copies_count_as_one_casting() -> None:
    """Ten sound castings of one photo each, and two defective ones, of which one has three hundred photos."""
    castings = np.array([*range(10), 10, *[11] * 300])
    labels = (castings >= 10).astype(np.float32)
    photos = Photos(pixels=np.zeros((1, 4, 4), np.uint8), rows=np.arange(311), labels=labels, castings=castings)
    drawn = sample_by_casting(photos, 400, np.random.default_rng(0))
    assert len(drawn) == 400
    assert labels[drawn].mean() == 0.5
    times = np.bincount(castings[drawn])
    assert times[10] == times[11] == 100
    assert times[:10].min() >= 19
    assert len(set(drawn[castings[drawn] == 11].tolist())) > 50


def test_few_photos_of_each_casting_stand_for_it() -> None:
    castings = np.array([3, 1, 3, 3, 2, 1, 3])
    photos = Photos(
        pixels=np.zeros((1, 4, 4), np.uint8), rows=np.arange(7), labels=np.ones(7, np.float32), castings=castings
    )
    assert limit_per_casting(photos, most=2).rows.tolist() == [0, 1, 2, 4, 5]


def test_the_last_weights_are_kept_where_the_recipe_says_so(photos: Photos) -> None:
    recipe = RECIPE.model_copy(update={"epochs": 8, "learning_rate": 0.5, "keep": Keep.LAST})
    trained, _ = run(photos, recipe)
    assert trained.best_epoch == 8
    loss, _ = trained.model.evaluate(validation_batches(trained.validation, views(photos)), verbose=0)
    assert loss == pytest.approx(trained.epochs[-1].validation_loss, rel=1e-5)


def test_an_epoch_by_casting_is_as_long_for_few_photos_as_for_many(photos: Photos) -> None:
    castings = np.arange(24) // 2
    known = Photos(pixels=photos.pixels, rows=photos.rows, labels=photos.labels, castings=castings)
    recipe = Recipe(epochs=1, batch_size=64, sampling=Sampling.CASTING)
    _, events = run(known, recipe)
    assert sum(isinstance(event, BatchDone) for event in events) == curriculum.BY_CASTING / 64


@pytest.mark.parametrize(
    ("network", "align", "kind"),
    [
        (NetworkName.CLASSIC, Align.AUTO, Kind.FREE),
        (NetworkName.CLASSIC, Align.ROUND, Kind.ROUND),
        (NetworkName.EVIDENCE, Align.AUTO, Kind.ROUND),
        (NetworkName.EVIDENCE, Align.FREE, Kind.FREE),
    ],
)
def test_photos_are_aligned_as_the_recipe_says(photos: Photos, network: NetworkName, align: Align, kind: Kind) -> None:
    assert choose_alignment(photos, Recipe(network=network, align=align)).kind is kind


@pytest.mark.parametrize(
    ("network", "align", "fills"),
    [
        (NetworkName.BACKBONE, Align.AUTO, True),
        (NetworkName.BACKBONE, Align.FREE, False),
        (NetworkName.CLASSIC, Align.AUTO, False),  # the guide's file wants photos as they are
        (NetworkName.EVIDENCE, Align.FILLED, True),
    ],
)
def test_photos_that_are_not_square_are_stretched_where_it_helps(
    photos: Photos, network: NetworkName, align: Align, fills: bool
) -> None:
    oblong = replace(photos, pixels=np.stack([fit(one[:150], 300) for one in photos.pixels]))
    assert choose_alignment(oblong, Recipe(network=network, align=align)).fills is fills
