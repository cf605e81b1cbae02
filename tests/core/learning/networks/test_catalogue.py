"""The networks: as the guide says, and with evidence that adds up and lies where it says."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Kind, free
from casting_core.data.imaging.alignment.choice import learn
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.recipe import IMAGE_SIZE

FREE = free(IMAGE_SIZE, reason="for a test")


@pytest.fixture(scope="module")
def classic() -> keras.Model:
    keras.utils.set_random_seed(1)
    model = NETWORKS[NetworkName.CLASSIC].build(FREE)
    for name in ("embedding", "score"):  # biases begin at zero, and would not be missed in a sum
        layer = model.get_layer(name)
        layer.bias.assign(np.linspace(-0.1, 0.1, layer.bias.shape[0]))
    return model


def unit(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (pixels[..., np.newaxis] / 255).astype(np.float32)


def logit(score: NDArray[np.float32]) -> NDArray[np.float64]:
    exact = score.astype(np.float64)
    return np.asarray(np.log(exact / (1 - exact)))


def test_the_classic_network_is_the_guides(classic: keras.Model) -> None:
    kinds = [type(layer).__name__ for layer in classic.layers]
    assert kinds == ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dropout", "Dense"]
    one, two = classic.layers[0], classic.layers[2]
    assert [(layer.filters, layer.kernel_size, layer.strides) for layer in (one, two)] == [
        (32, (3, 3), (2, 2)),
        (16, (3, 3), (2, 2)),
    ]
    assert (classic.layers[5].units, classic.layers[6].rate, classic.layers[7].units) == (128, 0.2, 1)
    assert classic.count_params() == 668_753


def test_the_classic_evidence_and_a_constant_are_the_logit(classic: keras.Model, photos: Photos) -> None:
    """The constant is that of the hidden units awake: their biases times their weights in the score, and its bias."""
    answers = NETWORKS[NetworkName.CLASSIC].answers(classic)
    score, evidence, embedding = (np.asarray(answer) for answer in answers(tf.constant(unit(photos.pixels))))
    hidden, head = (np.asarray(classic.get_layer(name).bias, dtype=np.float64) for name in ("embedding", "score"))
    weights = np.asarray(classic.get_layer("score").kernel, dtype=np.float64)[:, 0]
    constant = (embedding > 0) @ (hidden * weights) + head[0]
    assert np.abs(constant).min() > 1e-3
    assert evidence.sum(axis=(1, 2)) + constant == pytest.approx(logit(score), abs=1e-4)


@pytest.mark.parametrize("kind", Kind)
def test_the_evidence_of_the_other_network_and_a_constant_are_the_logit(kind: Kind, photos: Photos) -> None:
    alignment = learn(list(photos.pixels), wanted=kind)
    network = NETWORKS[NetworkName.EVIDENCE]
    model = network.build(alignment)
    model.get_layer("head").bias.assign([0.3])
    views = np.stack([alignment.view(one, alignment.place(one)) for one in photos.pixels[:6]])
    score, evidence, _ = (np.asarray(answer) for answer in network.answers(model)(tf.constant(unit(views))))
    assert evidence.sum(axis=(1, 2)) + 0.3 == pytest.approx(logit(score), abs=1e-4)


def test_a_strip_goes_on_where_it_begins(photos: Photos) -> None:
    """Turned by a whole number of cells, a round part has the same score and the same evidence, turned."""
    keras.utils.set_random_seed(3)
    network, alignment = NETWORKS[NetworkName.EVIDENCE], learn(list(photos.pixels), wanted=Kind.ROUND)
    answers = network.answers(network.build(alignment))
    view = alignment.view(photos.pixels[0], alignment.place(photos.pixels[0]))[np.newaxis]
    turned = np.roll(view, 5 * int(network.step), axis=2)
    (score, evidence, _), (again, there, _) = (answers(tf.constant(unit(one))) for one in (view, turned))
    assert np.asarray(again) == pytest.approx(np.asarray(score), abs=1e-5)
    assert np.asarray(there) == pytest.approx(np.roll(np.asarray(evidence), 5, axis=2), abs=1e-4)


def test_what_is_alike_all_the_way_round_is_seen_without_it_too(photos: Photos) -> None:
    """Of rings alone nothing is left; of a dark nick in one of them, the nick."""
    alignment = learn(list(photos.pixels), wanted=Kind.ROUND)
    model = NETWORKS[NetworkName.EVIDENCE].build(alignment)
    seen = keras.Model(model.input, [model.get_layer(f"seen_{number}").output for number in range(2)])
    rows, columns = alignment.shape
    rings = np.tile(np.random.default_rng(0).integers(60, 200, (rows, 1), dtype=np.uint8), (1, columns))
    contrast, off_ring = (np.asarray(one)[0, ..., 0] for one in seen(unit(rings[np.newaxis])))
    assert np.abs(contrast).max() > 0.1
    assert np.abs(off_ring).max() < 1e-5
    rings[70:73, 200:203] = 0
    off_ring = np.asarray(seen(unit(rings[np.newaxis]))[1])[0, ..., 0]
    around = np.subtract(off_ring.shape, (rows, columns)) // 2
    assert np.hypot(*(np.subtract(np.unravel_index(off_ring.argmin(), off_ring.shape), around) - (71, 201))) < 3


def test_the_network_that_generalises_is_small() -> None:
    model = NETWORKS[NetworkName.EVIDENCE].build(FREE)
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) < 100_000


@pytest.mark.parametrize("name", NetworkName)
def test_the_score_among_the_answers_is_the_models_own(name: NetworkName, photos: Photos) -> None:
    network = NETWORKS[name]
    model = network.build(FREE)
    grey = unit(photos.pixels[:5])
    score, evidence, embedding = network.answers(model)(tf.constant(grey))
    assert np.asarray(score) == pytest.approx(np.asarray(model(grey, training=False))[:, 0], abs=1e-5)
    assert len(evidence.shape) == 3
    assert len(embedding.shape) == 2


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 11), (17, 17)])
def test_a_change_inside_one_cell_of_the_classic_map_is_seen_by_that_cell_alone(
    classic: keras.Model, row: int, column: int
) -> None:
    network = NETWORKS[NetworkName.CLASSIC]
    places = keras.Model(classic.inputs[0], classic.get_layer("places").output)
    photo = np.random.default_rng(2).uniform(0.4, 0.6, (1, IMAGE_SIZE, IMAGE_SIZE, 1)).astype(np.float32)
    changed = photo.copy()
    top, left = (round(network.first + network.step * cell - 4.5) for cell in (row, column))
    changed[0, top : top + 9, left : left + 9] = np.eye(9)[..., np.newaxis]
    difference = np.abs(np.asarray(places(photo)) - np.asarray(places(changed)))[0].sum(axis=-1)
    assert difference.shape == (18, 18)
    assert np.argwhere(difference > 1e-6).tolist() == [[row, column]]


@pytest.mark.parametrize("name", NetworkName)
def test_the_map_lies_over_the_photo_where_the_network_says(name: NetworkName) -> None:
    """A spot is moved over a grey photo; where the map answers most, weighed, follows the spot to half a cell.

    What one network of random weights sees of a spot may lie to one side of it; what several see does not.
    """
    network = NETWORKS[name]
    plain = np.full((1, IMAGE_SIZE, IMAGE_SIZE, 1), 0.5, dtype=np.float32)
    spots = ((150, 150), (70, 211), (222, 90))
    photos = np.repeat(plain, len(spots), axis=0)
    for photo, (x, y) in zip(photos, spots, strict=True):
        photo[y - 3 : y + 3, x - 3 : x + 3] = 1.0
    heats = 0.0
    for seed in range(6):
        keras.utils.set_random_seed(seed)
        model = network.build(FREE)
        local = keras.Model(model.inputs[0], model.get_layer("places").output)
        heat = np.square(np.asarray(local(photos, training=False)) - np.asarray(local(plain, training=False)))
        heats = heats + heat.sum(axis=-1) / heat.sum(axis=(1, 2, 3))[:, np.newaxis, np.newaxis]
    for heat, (x, y) in zip(np.asarray(heats), spots, strict=True):
        rows, columns = (network.first + network.step * np.arange(length) for length in heat.shape)
        seen = (heat.sum(axis=0) @ columns / heat.sum(), heat.sum(axis=1) @ rows / heat.sum())
        assert seen == pytest.approx((x, y), abs=network.step / 2)
