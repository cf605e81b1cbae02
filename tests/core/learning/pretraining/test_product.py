"""What comes before the first epoch: where it is wanted, what it teaches, and what the epochs leave alone."""

import numpy as np
import pytest
from scipy import ndimage
from sklearn.metrics import roc_auc_score

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.errors import RunError
from casting_core.learning.inputs import curriculum
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views, choose_alignment
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.pretraining.painting import paint_defects
from casting_core.learning.pretraining.product import pretrain_on_product
from casting_core.learning.recipes.choices import Align, Keep, NetworkName, Sampling
from casting_core.learning.recipes.events import EpochDone, Event, Layer, Note, PaintedDone, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.epochs.checkpoint import Checkpoint
from casting_core.learning.training.train import Trained, train

SIZE = 96  # pixels
RECIPE = Recipe(
    network=NetworkName.EVIDENCE, align=Align.FREE, epochs=2, batch_size=8, augmentation=True, painted=9, seed=4
)


@pytest.fixture(scope="module")
def rough() -> Photos:
    """Sixteen plates with rough skins, half of them called defective."""
    noise = np.random.default_rng(0).standard_normal((16, SIZE, SIZE))
    skins = ndimage.gaussian_filter(noise, (0, 1, 1))
    pixels = np.clip(150 + 30 * skins, 0, 255).astype(np.uint8)
    return Photos(pixels=pixels, rows=np.arange(16), labels=(np.arange(16) % 2).astype(np.float32))


def run(photos: Photos, recipe: Recipe, *, start: Checkpoint | None = None) -> tuple[Trained, list[Checkpoint]]:
    kept: list[Checkpoint] = []
    done = train(photos, recipe, report=lambda _: None, should_stop=lambda: False, start=start, keep=kept.append)
    return done, kept


def weights(trained: Trained, *, of_head: bool) -> np.ndarray:
    """All numbers of the head, or of every other layer, in a row."""
    layers = [layer for layer in trained.model.layers if (layer.name == "head") == of_head]
    return np.concatenate([one.ravel() for layer in layers for one in layer.get_weights()])


def test_only_a_network_of_places_is_pretrained_on_a_product() -> None:
    assert curriculum.pretrains_on_product(RECIPE)
    assert not curriculum.pretrains_on_product(RECIPE.model_copy(update={"painted": 0}))
    assert not curriculum.pretrains_on_product(RECIPE.model_copy(update={"network": NetworkName.CLASSIC}))


def test_an_epoch_that_trains_the_head_only_is_short(rough: Photos) -> None:
    by_casting = RECIPE.model_copy(update={"sampling": Sampling.CASTING})
    assert curriculum.photos_per_epoch(rough, by_casting, Kind.FREE) == curriculum.HEAD_ONLY
    assert curriculum.photos_per_epoch(rough, by_casting, Kind.ROUND) == curriculum.BY_CASTING
    assert (
        curriculum.photos_per_epoch(rough, by_casting.model_copy(update={"painted": 0}), Kind.FREE)
        == curriculum.BY_CASTING
    )
    assert curriculum.photos_per_epoch(rough, RECIPE, Kind.FREE) == len(rough)


def test_two_numbers_are_found_at_a_higher_rate(rough: Photos) -> None:
    trained, _ = run(rough, RECIPE.model_copy(update={"epochs": 1}))
    assert trained.epochs[-1].learning_rate == pytest.approx(curriculum.HEAD_RATE * RECIPE.learning_rate)
    assert curriculum.peak_rate(RECIPE, Kind.ROUND) == RECIPE.learning_rate


def test_a_network_learns_to_see_painted_defects(rough: Photos) -> None:
    recipe = RECIPE.model_copy(update={"painted": 720})
    views = Views(rough.pixels, choose_alignment(rough, recipe))
    model = NETWORKS[recipe.network].build(views.alignment)
    pretrain_on_product(model, rough, views, recipe, report=lambda _: None, should_stop=lambda: False)
    sound, rng, anywhere = rough.pixels[rough.labels == 0], np.random.default_rng(9), np.ones((SIZE, SIZE), dtype=bool)
    broken = np.stack(
        [
            view
            for view, mask in (paint_defects(one, anywhere, rng) for one in np.repeat(sound, 8, axis=0))
            if mask.any()
        ]
    )
    seen = np.concatenate([sound, broken])[..., np.newaxis] / np.float32(255)
    truth = np.arange(len(seen)) >= len(sound)
    assert roc_auc_score(truth, model.predict(seen, verbose=0)[:, 0]) > 0.9


def test_the_epochs_leave_the_features_alone(rough: Photos) -> None:
    recipe = RECIPE.model_copy(update={"keep": Keep.LAST})
    short, long = (run(rough, recipe.model_copy(update={"epochs": epochs}))[0] for epochs in (1, 2))
    assert np.array_equal(weights(short, of_head=False), weights(long, of_head=False))
    assert not np.array_equal(weights(short, of_head=True), weights(long, of_head=True))
    assert long.parameters > 20_000, "all weights are counted, not those alone that still learn"


def test_a_training_tells_as_many_weights_by_layer_as_of_the_network(rough: Photos) -> None:
    events: list[Event] = []
    train(rough, RECIPE.model_copy(update={"epochs": 1}), report=events.append, should_stop=lambda: False)
    told = next(event for event in events if isinstance(event, Prepared))
    assert sum(event.parameters for event in events if isinstance(event, Layer)) == told.parameters


def test_of_a_round_part_the_epochs_go_on_with_the_features(photos: Photos) -> None:
    recipe = RECIPE.model_copy(update={"align": Align.ROUND, "sampling": Sampling.PHOTO, "keep": Keep.LAST})
    short, long = (run(photos, recipe.model_copy(update={"epochs": epochs}))[0] for epochs in (1, 2))
    assert not np.array_equal(weights(short, of_head=False), weights(long, of_head=False))


def test_a_run_that_is_resumed_ends_with_the_same_weights(rough: Photos) -> None:
    whole, kept = run(rough, RECIPE)
    again, _ = run(rough, RECIPE, start=kept[0])
    for of_head in (True, False):
        assert weights(whole, of_head=of_head) == pytest.approx(weights(again, of_head=of_head), abs=1e-6)


def test_a_person_is_told_how_far_it_is_and_may_stop_it(rough: Photos) -> None:
    heard: list[Event] = []
    with pytest.raises(RunError, match="stopped before its first epoch"):
        train(rough, RECIPE, report=heard.append, should_stop=lambda: True)
    notes = [event.text for event in heard if isinstance(event, Note)]
    assert "Learning to see painted defects on sound parts" in notes


def test_what_is_learned_before_the_first_epoch_has_a_curve(rough: Photos) -> None:
    heard: list[Event] = []
    train(rough, RECIPE, report=heard.append, should_stop=lambda: False)
    told = [event for event in heard if isinstance(event, PaintedDone)]
    assert [(event.step, event.steps) for event in told] == [(1, 3), (2, 3)]
    assert all(0 < event.loss < 100 for event in told)
    first_epoch = next(place for place, event in enumerate(heard) if isinstance(event, EpochDone))
    assert max(place for place, event in enumerate(heard) if isinstance(event, PaintedDone)) < first_epoch


def test_photos_too_small_to_paint_on_are_refused() -> None:
    tiny = Photos(
        pixels=np.zeros((4, 48, 48), np.uint8), rows=np.arange(4), labels=np.array([0, 1, 0, 1], dtype=np.float32)
    )
    with pytest.raises(RunError, match="64 pixels or more"):
        run(tiny, RECIPE)
