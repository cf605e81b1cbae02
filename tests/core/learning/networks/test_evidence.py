"""The network of places: members trained separately that judge together, and what sound parts have in common."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from scipy import ndimage

from casting_core.data.imaging.alignment.alignment import Alignment, Kind, free
from casting_core.data.imaging.alignment.choice import learn
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks import evidence
from casting_core.learning.networks.ensemble import train_members_separately
from casting_core.learning.networks.layers import PcaResidual, SpectralWhiten

SIDE = 24  # pixels


@pytest.fixture(scope="module")
def round_part(photos: Photos) -> Alignment:
    return learn(list(photos.pixels), wanted=Kind.ROUND)


@pytest.fixture(scope="module")
def views(photos: Photos, round_part: Alignment) -> NDArray[np.float32]:
    seen = np.stack([round_part.view(one, round_part.place(one)) for one in photos.pixels[:6]])
    return (seen[..., np.newaxis] / 255).astype(np.float32)


def test_the_logit_is_the_mean_of_the_members_logits(round_part: Alignment, views: NDArray[np.float32]) -> None:
    model = evidence.build(round_part)
    head = model.get_layer("head")
    head.bias.assign([0.4])
    kinds = keras.Model(model.input, model.get_layer("strongest").output)(views, training=False)
    logits = np.asarray(evidence.member_logits(model, kinds))
    assert logits.shape == (6, evidence.member_count(model)) == (6, 2)
    score = np.asarray(model(views, training=False))[:, 0]
    assert logits.mean(axis=1) == pytest.approx(np.log(score / (1 - score)), abs=1e-4)
    assert np.abs(logits[:, 0] - logits[:, 1]).min() > 1e-3


def first_member(model: keras.Model) -> list[keras.Variable]:
    return [variable for layer in evidence.member_layers(model, 0) for variable in layer.variables]


def test_members_have_no_layer_in_common(round_part: Alignment) -> None:
    model = evidence.build(round_part)
    first, second = (evidence.member_layers(model, number) for number in (0, 1))
    assert not {layer.name for layer in first} & {layer.name for layer in second}
    head = model.get_layer("head").count_params()
    assert sum(layer.count_params() for layer in [*first, *second]) + head == model.count_params()


def test_a_member_learns_the_same_whatever_the_other_is(round_part: Alignment, views: NDArray[np.float32]) -> None:
    """Two networks alike in their first member alone are so after a step, too; trained together they differ."""
    labels = np.array([0, 1] * 3, dtype=np.float32)[:, np.newaxis]

    def trained(how: Callable[[keras.Model], keras.Model]) -> list[list[NDArray[np.float32]]]:
        models = [evidence.build(round_part) for _ in range(2)]
        for ours, theirs in zip(*map(first_member, models), strict=True):
            ours.assign(theirs)
        kernels = [np.asarray(model.get_layer("head").kernel).copy() for model in models]
        kernels[0][: evidence.MAPS[Kind.ROUND]] = kernels[1][: evidence.MAPS[Kind.ROUND]]
        for model, kernel in zip(models, kernels, strict=True):
            model.get_layer("head").kernel.assign(kernel)
            learner = how(model)
            learner.compile(keras.optimizers.SGD(0.1), loss="binary_crossentropy", jit_compile=False)
            learner.fit(views, labels, batch_size=6, shuffle=False, verbose=0)
        return [[np.asarray(variable) for variable in first_member(model)] for model in models]

    def differ(how: Callable[[keras.Model], keras.Model]) -> float:
        return max(float(np.abs(one - other).max()) for one, other in zip(*trained(how), strict=True))

    assert differ(train_members_separately) < 1e-5
    assert differ(lambda model: model) > 1e-5


def test_a_network_of_one_is_trained_as_it_is() -> None:
    model = evidence.build(free(96, reason="for a test"))
    assert evidence.member_count(model) == 1
    assert train_members_separately(model) is model
    assert np.asarray(model.get_layer("head").kernel).tolist() == [[1.0]], "more evidence is more of a defect"


@pytest.fixture(scope="module")
def flat_part() -> keras.Model:
    """A network for parts that are not round, as it begins."""
    keras.utils.set_random_seed(5)
    return evidence.build(free(96, reason="for a test"))


def test_the_fixed_and_the_trained_part_together_are_the_network_on_its_first_grid(flat_part: keras.Model) -> None:
    view = np.random.default_rng(0).uniform(0.2, 0.8, (2, 96, 96, 1)).astype(np.float32)
    fixed, trained = evidence.split_fixed_and_trained(flat_part)
    first = keras.Model(flat_part.input, flat_part.get_layer("grid_0").output)
    assert np.asarray(trained(fixed(view))) == pytest.approx(np.asarray(first(view)), abs=1e-5)
    assert not fixed.trainable_variables
    assert len(trained.trainable_variables) + 2 == len(flat_part.trainable_variables), "all but the head's"


def test_the_second_grid_finds_in_each_place_what_the_first_would_half_a_cell_later(flat_part: keras.Model) -> None:
    """Asked of pictures that repeat themselves, so that nothing comes in at an edge."""
    both = [flat_part.get_layer(f"grid_{phase}").output for phase in (0, 1)]
    seen = [layer.output for layer in flat_part.layers if layer.name.startswith(evidence.PICTURES)]
    grids = keras.Model(seen, both)
    rng = np.random.default_rng(1)
    pictures = [np.tile(rng.standard_normal((1, 28, 28, 1)).astype(np.float32), (1, 4, 4, 1)) for _ in seen]
    pictures = [np.asarray(one[:, :112, :112]) for one in pictures]
    later = [np.roll(one, (-4, -4), axis=(1, 2)) for one in pictures]
    first, second = (np.asarray(one) for one in grids(pictures))
    expected = np.asarray(grids(later)[0])
    middle = np.s_[:, 6:7, 6:7]  # as far from every edge as can be
    assert second.shape == expected.shape
    near = 0.02 * float(expected.std())
    assert second[middle] == pytest.approx(expected[middle], abs=near)
    assert second[middle] != pytest.approx(first[middle], abs=near)


def skin(rng: np.random.Generator) -> NDArray[np.float32]:
    """Lumps much longer than wide, turned, of four pictures (4, 96, 64, 1)."""
    lumps = ndimage.gaussian_filter(rng.standard_normal((4, 96, 64)), (0, 4, 1.5))
    return np.asarray(lumps / lumps.std() + 0.05 * rng.standard_normal(lumps.shape), dtype=np.float32)[..., np.newaxis]


def likeness(pictures: NDArray[np.float32], axis: int) -> float:
    """How much pixels and their neighbours along an axis have in common, 0 to 1."""
    side = pictures.shape[axis]
    ones, others = (np.take(pictures, range(begin, side - 1 + begin), axis=axis).ravel() for begin in (0, 1))
    return float(np.corrcoef(ones, others)[0, 1])


@pytest.mark.parametrize("axis", [1, 2])
def test_a_skin_made_white_does_not_repeat_itself(axis: int) -> None:
    rough = skin(np.random.default_rng(0))
    white = np.asarray(SpectralWhiten()(tf.constant(rough)))
    assert likeness(rough, axis) > 0.7
    assert abs(likeness(white, axis)) < 0.3


def test_a_faint_crack_stands_out_of_a_skin_made_white_and_stays_in_its_place() -> None:
    rough = skin(np.random.default_rng(0))
    cracked = rough.copy()
    cracked[:, 40:56, 30] -= 0.8
    said = []
    for without, with_it in (
        (rough, cracked),
        (SpectralWhiten()(tf.constant(rough)), SpectralWhiten()(tf.constant(cracked))),
    ):
        line = np.asarray(with_it)[:, 40:56].mean(axis=1)[..., 0]  # as whoever looks along it would add it up
        said.append(-line[:, 30] / np.asarray(without)[:, 40:56].mean(axis=1).std())
        found = line.argmin(axis=1)
    assert found.tolist() == [30] * 4
    assert said[1].min() > 2 * said[0].max()


def test_noise_stays_as_it_is_but_for_its_strength_and_nothing_stays_nothing() -> None:
    noise = np.random.default_rng(0).standard_normal((2, 96, 64, 1)).astype(np.float32)
    white, stronger = (np.asarray(SpectralWhiten()(tf.constant(one))) for one in (noise, 3 * noise))
    assert np.corrcoef(noise.ravel(), white.ravel())[0, 1] > 0.97
    assert stronger == pytest.approx(white, abs=0.01)
    assert np.abs(np.asarray(SpectralWhiten()(tf.zeros((1, 96, 64, 1))))).max() < 1e-6


@pytest.fixture
def relief() -> NDArray[np.float32]:
    """Four ways in which one relief looks under light from one side or another."""
    return np.random.default_rng(0).standard_normal((4, SIDE, SIDE, 1)).astype(np.float32)


def lit(relief: NDArray[np.float32], rng: np.random.Generator, number: int) -> NDArray[np.float32]:
    light = rng.standard_normal((number, 3)).astype(np.float32)
    return np.asarray(np.tensordot(light, relief[1:], 1) + 2 * relief[0], dtype=np.float32)


def test_what_sound_parts_have_in_common_is_taken_off_in_any_light(relief: NDArray[np.float32]) -> None:
    rng, layer = np.random.default_rng(1), PcaResidual(6)
    layer.build((1, SIDE, SIDE, 1))
    layer.fit(lit(relief, rng, 40))
    other = lit(relief, rng, 1)
    assert np.abs(np.asarray(layer(tf.constant(other)))).max() < 0.02
    other[0, 7, 15] -= 12.0
    left = np.asarray(layer(tf.constant(other)))[0, ..., 0]
    assert np.unravel_index(np.abs(left).argmax(), left.shape) == (7, 15)


def test_where_nothing_is_learned_contrast_stays(relief: NDArray[np.float32]) -> None:
    left = np.asarray(PcaResidual(6)(tf.constant(relief)))
    for before, after in zip(relief, left, strict=True):
        assert np.corrcoef(before.ravel(), after.ravel())[0, 1] == pytest.approx(1, abs=1e-5)


def test_two_sound_parts_are_enough(relief: NDArray[np.float32]) -> None:
    layer = PcaResidual(6)
    layer.build((1, SIDE, SIDE, 1))
    layer.fit(relief[:2])
    assert np.abs(np.asarray(layer(tf.constant(relief[:2])))).max() < 0.02
