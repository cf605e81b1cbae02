"""What a rehearsal leaves in its process serves the training that follows, and changes nothing of it."""

import keras
import numpy as np
import pytest
import tf2onnx

from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks.catalogue import network_of
from casting_core.learning.networks.export import serving_graph
from casting_core.learning.recipes.events import Event, Layer
from casting_core.learning.recipes.presets import quick
from casting_core.learning.training.rehearsal import rehearse
from casting_core.learning.training.train import Trained, train

RECIPE = quick().model_copy(update={"epochs": 2})


def trained(photos: Photos) -> tuple[Trained, list[Layer]]:
    told: list[Event] = []
    watched = np.arange(len(photos)) >= len(photos) // 2
    made = train(photos, RECIPE, report=told.append, should_stop=lambda: False, validation=watched)
    return made, [event for event in told if isinstance(event, Layer)]


def test_after_a_rehearsal_nothing_is_converted_and_the_same_is_learned(
    textures: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    keras.utils.clear_session(free_memory=False)
    before, layers = trained(textures)
    rehearse(textures.pixels[:6])
    monkeypatch.setattr(tf2onnx.convert, "from_function", None)
    after, again = trained(textures)
    assert again == layers, "layers have the names that they would have had"
    for one, other in zip(before.model.get_weights(), after.model.get_weights(), strict=True):
        assert np.array_equal(one, other)
    assert serving_graph(network_of(RECIPE), after.model, after.alignment)
