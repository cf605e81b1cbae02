"""The one door to what Keras and TensorFlow do not promise: what is behind it works with those in use."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from casting_core.learning.networks import keras_private
from casting_core.settings import ROOT

PRIVATE = re.compile(
    r"tf\.compat|keras\.src|keras\._|tensorflow\.python|_loss_tracker|seed_generator_state|_adamw|_muon_"
)


def test_no_other_file_of_the_program_uses_what_is_private() -> None:
    door = Path(keras_private.__file__)
    users = {file for file in (ROOT / "casting_core").rglob("*.py") if PRIVATE.search(file.read_text("utf-8"))}
    assert users == {door}


def test_every_dropout_has_a_state_and_no_other_layer_has_one() -> None:
    chain = [layers.Dense(4), layers.Dropout(0.5), layers.BatchNormalization(), layers.Dropout(0.2)]
    states = keras_private.dropout_states(keras.Sequential([keras.Input((3,)), *chain]))
    assert [tuple(state.shape) for state in states] == [(2,), (2,)]


def test_dropout_whose_state_is_put_back_drops_the_same() -> None:
    model = keras.Sequential([keras.Input((50,)), layers.Dropout(0.5)])
    (state,) = keras_private.dropout_states(model)
    drawn = []
    for seed in (7, 8, 7):
        state.assign([seed, 0])
        drawn.append(np.asarray(model(np.ones((1, 50), np.float32), training=True)))
    assert np.array_equal(drawn[0], drawn[2])
    assert not np.array_equal(drawn[0], drawn[1])


def test_features_normalized_in_one_operation_have_mean_beta_and_deviation_gamma() -> None:
    features = np.random.default_rng(0).normal(5, 3, (4, 8, 8, 2)).astype(np.float32)
    gamma, beta = keras.Variable([2.0, 1.0]), keras.Variable([0.5, -1.0])
    normalized, mean, variance = keras_private.fused_batch_norm(tf.constant(features), gamma, beta, epsilon=1e-3)
    flat = features.reshape(-1, 2)
    assert np.asarray(mean) == pytest.approx(flat.mean(axis=0), abs=1e-4)
    assert np.asarray(variance) == pytest.approx(flat.var(axis=0, ddof=1), rel=1e-4)
    assert np.asarray(normalized).reshape(-1, 2).mean(axis=0) == pytest.approx([0.5, -1.0], abs=1e-4)
    assert np.asarray(normalized).reshape(-1, 2).std(axis=0) == pytest.approx([2.0, 1.0], rel=1e-3)


def test_a_loss_that_is_recorded_counts_by_photos() -> None:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    for loss, photos in ((1.0, 3), (5.0, 1)):
        keras_private.record_loss(model, tf.constant(loss), photos=tf.constant(photos))
    assert float(model.get_metrics_result()["loss"]) == pytest.approx(2.0)
