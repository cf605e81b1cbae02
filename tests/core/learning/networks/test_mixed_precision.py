"""A mixed-precision copy: it computes the same, learns the same, and its weights are copied back."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from casting_core.learning.networks import mixed_precision
from casting_core.learning.networks.mixed_precision import copy_weights, mixed_precision_copy, supports_bfloat16


@pytest.fixture
def network() -> keras.Model:
    keras.utils.set_random_seed(1)
    view = keras.Input((16, 16, 1))
    features = layers.Conv2D(8, 3, padding="same", use_bias=False)(view)
    features = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(features))
    again = layers.Conv2D(8, 3, padding="same", use_bias=False)  # one convolution, used twice
    return keras.Model(view, layers.Conv2D(1, 1)(layers.Add()([features, again(again(features))])))


def views() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((4, 16, 16, 1)).astype(np.float32)


@pytest.mark.parametrize(("bfloat16", "off"), [(False, 1e-4), (True, 0.05)])
def test_it_computes_the_same(
    network: keras.Model, monkeypatch: pytest.MonkeyPatch, bfloat16: bool, off: float
) -> None:
    """In one piece, batch normalization keeps the variance of n - 1 values where Keras keeps that of n: hence 1e-4."""
    monkeypatch.setattr(mixed_precision, "supports_bfloat16", lambda: bfloat16)
    same = mixed_precision_copy(network)
    for training in (True, False):
        one, other = (np.asarray(model(views(), training=training), dtype=np.float32) for model in (network, same))
        assert other == pytest.approx(one, abs=off * float(np.abs(one).max()))
    assert same.count_params() == network.count_params()


def test_what_it_learned_is_copied_back(network: keras.Model) -> None:
    same, before = mixed_precision_copy(network), [one.copy() for one in network.get_weights()]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.cast(same(views(), training=True), tf.float32)))
    keras.optimizers.SGD(0.1).apply_gradients(
        zip(tape.gradient(loss, same.trainable_variables), same.trainable_variables, strict=True)
    )
    assert all(np.array_equal(*pair) for pair in zip(before, network.get_weights(), strict=True))
    copy_weights(same, network)
    changed = [not np.array_equal(*pair) for pair in zip(before, network.get_weights(), strict=True)]
    assert all(changed), "kernels, and what batch normalization has seen"
    assert {weight.dtype for weight in network.weights} == {"float32"}


def test_only_a_processor_made_for_16_bits_computes_with_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    monkeypatch.setattr(mixed_precision, "CPU_INFO", info)
    assert not supports_bfloat16()
    info.write_text("flags : fpu avx2\n")
    assert not supports_bfloat16()
    info.write_text("flags : fpu avx512_bf16 amx_bf16 amx_tile\n")
    assert supports_bfloat16()


def test_layers_that_need_full_precision_keep_it(network: keras.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixed_precision, "supports_bfloat16", lambda: True)
    convolutions = [layer.name for layer in network.layers if isinstance(layer, layers.Conv2D)]
    same = mixed_precision_copy(network, low_precision=set(convolutions[1:]))
    computed = {layer.name: layer.compute_dtype for layer in same.layers if layer.name in convolutions}
    assert computed == {convolutions[0]: "float32"} | dict.fromkeys(convolutions[1:], "bfloat16")
