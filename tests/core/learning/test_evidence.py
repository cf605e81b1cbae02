"""The network of places: members that learn alone and judge together, and what sound parts have in common."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.data.alignment.alignment import Alignment, Kind, free
from casting_core.data.alignment.choice import learn
from casting_core.learning import evidence
from casting_core.learning.evidence_layers import Evened, Unusual
from casting_core.learning.members import apart
from casting_core.learning.photos import Photos

SIDE = 24  # pixels


@pytest.fixture(scope="module")
def round_part(photos: Photos) -> Alignment:
    return learn(list(photos.pixels), wanted=Kind.ROUND)


@pytest.fixture(scope="module")
def views(photos: Photos, round_part: Alignment) -> NDArray[np.float32]:
    seen = np.stack([round_part.view(one, round_part.place(one)) for one in photos.pixels[:6]])
    return (seen[..., np.newaxis] / 255).astype(np.float32)


def test_the_logit_is_the_mean_of_what_the_members_say(round_part: Alignment, views: NDArray[np.float32]) -> None:
    model = evidence.build(round_part)
    head = model.get_layer("head")
    head.bias.assign([0.4])
    kinds = keras.Model(model.input, model.get_layer("strongest").output)(views, training=False)
    said = np.asarray(evidence.logits(model, kinds))
    assert said.shape == (6, evidence.members(model)) == (6, 2)
    score = np.asarray(model(views, training=False))[:, 0]
    assert said.mean(axis=1) == pytest.approx(np.log(score / (1 - score)), abs=1e-4)
    assert np.abs(said[:, 0] - said[:, 1]).min() > 1e-3


def first_member(model: keras.Model) -> list[keras.Variable]:
    """The variables on the way from what is seen to the places of the first member."""
    found: list[keras.Variable] = []
    ahead = [model.get_layer("places").input[0]]
    while ahead:
        layer = ahead.pop()._keras_history.operation
        if not isinstance(layer, Evened):
            found += layer.variables
            ahead += layer.input if isinstance(layer.input, list) else [layer.input]
    return found


def test_a_member_learns_the_same_whoever_sits_beside_it(round_part: Alignment, views: NDArray[np.float32]) -> None:
    """Two networks alike in their first member alone are so after a step, too; trained together they differ."""
    labels = np.array([0, 1] * 3, dtype=np.float32)[:, np.newaxis]

    def trained(how: Callable[[keras.Model], keras.Model]) -> list[list[NDArray[np.float32]]]:
        models = [evidence.build(round_part) for _ in range(2)]
        for ours, theirs in zip(*map(first_member, models), strict=True):
            ours.assign(theirs)
        kernels = [np.asarray(model.get_layer("head").kernel).copy() for model in models]
        kernels[0][: evidence.KINDS[Kind.ROUND]] = kernels[1][: evidence.KINDS[Kind.ROUND]]
        for model, kernel in zip(models, kernels, strict=True):
            model.get_layer("head").kernel.assign(kernel)
            learner = how(model)
            learner.compile(keras.optimizers.SGD(0.1), loss="binary_crossentropy", jit_compile=False)
            learner.fit(views, labels, batch_size=6, shuffle=False, verbose=0)
        return [[np.asarray(variable) for variable in first_member(model)] for model in models]

    def differ(how: Callable[[keras.Model], keras.Model]) -> float:
        return max(float(np.abs(one - other).max()) for one, other in zip(*trained(how), strict=True))

    assert differ(apart) < 1e-5
    assert differ(lambda model: model) > 1e-5


def test_a_network_of_one_is_trained_as_it_is() -> None:
    model = evidence.build(free(96, reason="for a test"))
    assert evidence.members(model) == 1
    assert apart(model) is model
    assert np.asarray(model.get_layer("head").kernel).tolist() == [[1.0]], "more evidence is more of a defect"


@pytest.fixture
def relief() -> NDArray[np.float32]:
    """Four ways in which one relief looks under light from one side or another."""
    return np.random.default_rng(0).standard_normal((4, SIDE, SIDE, 1)).astype(np.float32)


def lit(relief: NDArray[np.float32], rng: np.random.Generator, number: int) -> NDArray[np.float32]:
    light = rng.standard_normal((number, 3)).astype(np.float32)
    return np.asarray(np.tensordot(light, relief[1:], 1) + 2 * relief[0], dtype=np.float32)


def test_what_sound_parts_have_in_common_is_taken_off_in_any_light(relief: NDArray[np.float32]) -> None:
    rng, layer = np.random.default_rng(1), Unusual(6)
    layer.build((1, SIDE, SIDE, 1))
    layer.learn(lit(relief, rng, 40))
    other = lit(relief, rng, 1)
    assert np.abs(np.asarray(layer(tf.constant(other)))).max() < 0.02
    other[0, 7, 15] -= 12.0
    left = np.asarray(layer(tf.constant(other)))[0, ..., 0]
    assert np.unravel_index(np.abs(left).argmax(), left.shape) == (7, 15)


def test_where_nothing_is_learned_contrast_stays(relief: NDArray[np.float32]) -> None:
    left = np.asarray(Unusual(6)(tf.constant(relief)))
    for before, after in zip(relief, left, strict=True):
        assert np.corrcoef(before.ravel(), after.ravel())[0, 1] == pytest.approx(1, abs=1e-5)


def test_two_sound_parts_are_enough(relief: NDArray[np.float32]) -> None:
    layer = Unusual(6)
    layer.build((1, SIDE, SIDE, 1))
    layer.learn(relief[:2])
    assert np.abs(np.asarray(layer(tf.constant(relief[:2])))).max() < 0.02
