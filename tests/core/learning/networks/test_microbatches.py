"""A step that takes its batch by micro-batches comes to the same weights as one that takes it whole."""

import keras
import numpy as np
import pytest
from keras import layers

from casting_core.data.imaging.alignment.alignment import free
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.networks.microbatches import _through, in_microbatches
from casting_core.learning.recipes.choices import NetworkName

PHOTOS = 11  # not a multiple of a micro-batch


def small_network() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(3, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.0),
            layers.Dense(1, "sigmoid"),
        ]
    )


@pytest.mark.parametrize("class_weight", [None, {0: 3.0, 1: 0.5}])
def test_micro_batches_give_the_same_weights_and_figures_as_the_whole(
    class_weight: dict[int, float] | None,
) -> None:
    rng = np.random.default_rng(0)
    photos = rng.random((PHOTOS, 12, 12, 1), dtype=np.float32)
    labels = rng.integers(0, 2, (PHOTOS, 1)).astype(np.float32)
    whole = small_network()
    sliced = small_network()
    sliced.set_weights(whole.get_weights())
    figures = []
    for model in (whole, in_microbatches(sliced)):
        model.compile(keras.optimizers.SGD(0.5), loss="binary_crossentropy", metrics=["accuracy"], jit_compile=False)
        history = model.fit(
            photos, labels, batch_size=PHOTOS, epochs=3, shuffle=False, verbose=0, class_weight=class_weight
        )
        figures.append(history.history)
    for ours, theirs in zip(sliced.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
    for name in ("loss", "accuracy"):
        np.testing.assert_allclose(figures[0][name], figures[1][name], atol=1e-5)


def test_a_photo_goes_through_the_chain_of_the_classic_network_as_through_the_network_itself() -> None:
    classic = NETWORKS[NetworkName.CLASSIC].build(free(300, reason="for a test"))
    classic.get_layer("score").set_weights([np.ones((128, 1)) / 20, np.zeros(1)])
    photos = np.random.default_rng(1).random((3, 300, 300, 1), dtype=np.float32)
    for layer in classic.layers:
        if isinstance(layer, layers.Dropout):
            layer.rate = 0.0
        if isinstance(layer, layers.Conv2D):
            layer.bias.assign(np.linspace(-0.2, 0.2, layer.filters))
    np.testing.assert_allclose(_through(classic.layers, photos), classic(photos), atol=1e-6)


def test_a_network_that_looks_at_its_batch_as_a_whole_is_left_as_it_is() -> None:
    evidence = NETWORKS[NetworkName.EVIDENCE].build(free(300, reason="for a test"))
    assert in_microbatches(evidence) is evidence
    classic = NETWORKS[NetworkName.CLASSIC].build(free(300, reason="for a test"))
    assert in_microbatches(classic) is not classic
