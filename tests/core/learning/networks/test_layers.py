"""The layers of the network ``evidence`` as saved models know them, by their names of today and of before."""

from pathlib import Path

import keras
import numpy as np
import pytest

from casting_core.data.imaging.alignment.alignment import free
from casting_core.learning.networks import evidence, layers

OLD_FILE = Path(__file__).with_name("layers_of_0_1.keras")  # written by the program before the layers were renamed
OLD_SCORES = [0.9353338479995728, 0.9330425262451172, 0.9516986608505249]  # of that network, as it was written


def test_a_network_saved_under_the_names_of_before_gives_the_scores_it_gave() -> None:
    model = keras.models.load_model(OLD_FILE)
    assert [type(layer).__name__ for layer in model.layers if type(layer).__name__ in layers.OLD_NAMES] == [
        "Around", "Unusual", "Whitened", "Evened", "Strongest",
    ]  # fmt: skip
    views = np.random.default_rng(1).random((3, 16, 16, 1), dtype=np.float32)
    assert np.asarray(model(views, training=False))[:, 0] == pytest.approx(OLD_SCORES, abs=1e-6)


def test_layers_of_an_old_network_are_the_layers_of_today() -> None:
    model = keras.models.load_model(OLD_FILE)
    assert isinstance(model.get_layer("unusual"), layers.PcaResidual)
    assert isinstance(model.get_layer("strongest"), layers.TopKMean)
    assert np.abs(model.get_layer("unusual").get_weights()[1]).max() > 0, "what it learned of sound parts is there"


def test_an_old_network_that_is_saved_again_can_be_loaded_again(tmp_path: Path) -> None:
    old = keras.models.load_model(OLD_FILE)
    old.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    views = np.random.default_rng(2).random((2, 16, 16, 1), dtype=np.float32)
    assert np.array_equal(old(views, training=False), again(views, training=False))


def under_old_names(model: keras.Model) -> keras.Model:
    """The same network as the program before would have built it."""
    named = {
        layer: keras.saving.get_registered_object(f"casting_core>{old}") for old, layer in layers.OLD_NAMES.items()
    }
    return keras.models.clone_model(
        model, clone_function=lambda layer: named.get(type(layer), type(layer)).from_config(layer.get_config())
    )


def test_a_whole_network_saved_under_the_names_of_before_is_read_and_split_as_one_of_today(tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    model = evidence.build(free(96, reason="for a test"))
    old = under_old_names(model)
    old.set_weights(model.get_weights())
    old.save(tmp_path / "model.keras")
    read = keras.models.load_model(tmp_path / "model.keras")
    assert {"Around", "Whitened", "Evened", "Strongest"} < {type(layer).__name__ for layer in read.layers}
    views = np.random.default_rng(0).random((2, 96, 96, 1), dtype=np.float32)
    assert np.array_equal(read(views, training=False), model(views, training=False))
    assert len(evidence.member_layers(read, 0)) == len(evidence.member_layers(model, 0))
    fixed, trained = (evidence.split_fixed_and_trained(one) for one in (read, model))
    assert [len(part.weights) for part in fixed] == [len(part.weights) for part in trained]
