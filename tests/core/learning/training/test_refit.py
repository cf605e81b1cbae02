"""A head on the public network learns from the validation photos, too, and what it is worth is told by others."""

from collections.abc import Sequence

import numpy as np
import pytest

from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.choices import Keep, NetworkName
from casting_core.learning.recipes.events import Event, Note
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.training import refit
from casting_core.learning.training.refit import Refit
from casting_core.learning.training.train import Trained, score, train

RECIPE = recommended(NetworkName.BACKBONE).model_copy(update={"epochs": 3, "augmentation": False})
WATCHED = np.arange(40) >= 24


@pytest.fixture(scope="module")
def trained(textures: Photos) -> Trained:
    return train(textures, RECIPE, report=lambda _: None, should_stop=lambda: False, validation=WATCHED)


def taught(trained: Trained, photos: Photos, told: Sequence[Event] = ()) -> Refit | None:
    heard = list(told)
    return refit.with_validation(trained, photos, report=heard.append, should_stop=lambda: False)


def test_it_learns_from_all_photos_and_says_so(trained: Trained, textures: Photos) -> None:
    told: list[Event] = []
    again = refit.with_validation(trained, textures, report=told.append, should_stop=lambda: False)
    assert again is not None
    assert told == [Note(text="Learning from the validation photos, too")]
    assert again.trained.train.rows.tolist() == textures.rows.tolist()
    assert again.trained.model is not trained.model
    assert (score(again.trained, textures)[0] != score(trained, textures)[0]).any()
    assert again.trained.epochs == trained.epochs, "the curves are those of the training that people saw"


def test_what_validation_said_was_said_before_it_was_learned_from(trained: Trained, textures: Photos) -> None:
    again = taught(trained, textures)
    assert again is not None
    assert np.allclose(again.before, score(trained, trained.validation)[0])


def test_each_photo_has_a_score_by_heads_that_have_not_seen_its_casting(trained: Trained, textures: Photos) -> None:
    """The labels of one fold are turned round: what is said of that fold does not change, and of others it does."""
    again = taught(trained, textures)
    assert again is not None
    right = (again.scores > 0.5) == (textures.labels == 1)
    assert right.mean() > 0.9, "grains are told apart"
    first = again.fold == 1
    turned = np.where(first, 1 - textures.labels, textures.labels).astype(np.float32)
    other = Photos(pixels=textures.pixels, rows=textures.rows, labels=turned, castings=textures.castings)
    said, said_then = (refit._by_others(again.trained, photos, again.fold) for photos in (textures, other))
    assert np.allclose(said[first], said_then[first], atol=1e-5)
    assert not np.allclose(said[~first], said_then[~first], atol=1e-2)


@pytest.mark.parametrize(
    "changed", [{"keep": Keep.BEST}, {"early_stopping": 3}, {"network": NetworkName.CLASSIC}, {"sound_only": True}]
)
def test_where_validation_chose_something_or_it_takes_long_nothing_is_learned_anew(
    trained: Trained, textures: Photos, changed: dict[str, object]
) -> None:
    other = Trained(**{**vars(trained), "recipe": RECIPE.model_copy(update=changed)})
    assert taught(other, textures) is None


def test_of_too_few_castings_and_of_very_many_photos_nothing_is_learned_anew(
    trained: Trained, textures: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    four = Photos(pixels=textures.pixels, rows=textures.rows, labels=textures.labels, castings=np.arange(40) % 8)
    assert taught(trained, four) is None, "four castings of a class make no five folds"
    monkeypatch.setattr(refit, "MOST", 39)
    assert taught(trained, textures) is None


def test_who_stops_it_keeps_the_network_that_was_trained(trained: Trained, textures: Photos) -> None:
    assert refit.with_validation(trained, textures, report=lambda _: None, should_stop=lambda: True) is None
