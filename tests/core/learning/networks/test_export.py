"""The serving graph says what Keras says, or there is none."""

from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from casting_core.data.imaging.alignment.alignment import COLUMNS, ROWS, Kind, free
from casting_core.data.imaging.alignment.choice import learn
from casting_core.data.imaging.images import fit
from casting_core.errors import ModelError
from casting_core.judging.scoring import AT_ONCE, Scorer
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks.catalogue import DISTANCE, NETWORKS, Network
from casting_core.learning.networks.export import check_graph, evidence_grid, serving_graph, write_guide_file
from casting_core.learning.networks.layers import FAINT, RmsNormalize
from casting_core.learning.recipes.choices import NetworkName

FREE = free(300, reason="for a test")
TOLERANCE = NETWORKS[NetworkName.EVIDENCE].tolerance


def unit(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (pixels[..., np.newaxis] / 255).astype(np.float32)


@pytest.mark.parametrize("name", NetworkName)
def test_the_graph_gives_all_answers_of_keras(name: NetworkName, photos: Photos, tmp_path: Path) -> None:
    keras.utils.set_random_seed(4)
    network = NETWORKS[name]
    model = network.build(FREE)
    (tmp_path / "graph.onnx").write_bytes(serving_graph(network, model, FREE))
    assert check_graph(model, tmp_path / "graph.onnx", photos.pixels, FREE, tolerance=TOLERANCE) <= TOLERANCE
    scorer = Scorer((tmp_path / "graph.onnx").read_bytes())
    assert scorer.image_size == 300
    served = scorer.score(photos.pixels)
    seen = tf.constant(unit(photos.pixels))
    score, evidence, embedding = (np.asarray(answer) for answer in network.answers(model)(seen))
    assert np.abs(served.score - score).max() <= 1e-5
    assert np.abs(served.evidence - evidence).max() <= 1e-4
    assert np.abs(served.embedding - embedding).max() <= 1e-4


@pytest.mark.parametrize("network", [NETWORKS[NetworkName.BACKBONE], DISTANCE], ids=["head", "distances"])
def test_a_fixed_network_is_converted_once_and_each_graph_has_what_its_own_model_learned(
    network: Network, photos: Photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, graph, said = np.random.default_rng(0), tmp_path / "graph.onnx", []
    for _ in range(2):
        model = network.build(FREE)
        for variable in network.learned(model):
            variable.assign(rng.normal(float("scale" in variable.path), 0.02, variable.shape))
        graph.write_bytes(serving_graph(network, model, FREE))
        check_graph(model, graph, photos.pixels[:8], FREE, tolerance=network.tolerance)
        answers = [np.asarray(one) for one in network.answers(model)(tf.constant(unit(photos.pixels[:8])))]
        served = Scorer(graph.read_bytes()).score(photos.pixels[:8])
        assert served.evidence == pytest.approx(answers[1], abs=1e-3)
        assert served.embedding == pytest.approx(answers[2], abs=1e-3)
        said.append(served.score)
        monkeypatch.setattr(tf2onnx.convert, "from_function", None)  # the second needs none of it
    assert np.abs(said[0] - said[1]).max() > 100 * network.tolerance
    assert {one.name for one in onnx.load(graph).graph.input} == {"grey"}


@pytest.mark.parametrize("network", [NETWORKS[NetworkName.BACKBONE], DISTANCE], ids=["head", "distances"])
def test_whatever_training_changes_of_a_fixed_network_is_named_as_learned(network: Network) -> None:
    model, other = network.build(FREE), network.build(FREE)
    learned = {id(one) for one in network.learned(model)}
    assert {id(one) for one in model.trainable_variables} <= learned
    assert not learned & {id(one) for one in other.variables}, "no two networks share what they learn"
    learned |= {id(one) for one in network.learned(other)}
    fixed, of_other = ([one for one in made.variables if id(one) not in learned] for made in (model, other))
    assert all(np.array_equal(one, twin) for one, twin in zip(fixed, of_other, strict=True))


@pytest.mark.parametrize("times", [10.0, 60.0])
def test_a_network_that_is_very_sure_of_itself_is_exported_too(times: float, photos: Photos, tmp_path: Path) -> None:
    """Its logits are tens, and the last digits of a sum of such numbers depend on the order in which they are added."""
    keras.utils.set_random_seed(4)
    network, alignment = NETWORKS[NetworkName.EVIDENCE], learn(list(photos.pixels), wanted=Kind.ROUND)
    model = network.build(alignment)
    head = model.get_layer("head")
    head.kernel.assign(head.kernel * times)
    views = np.stack([alignment.view(one, alignment.place(one)) for one in photos.pixels[:4]])
    said = np.asarray(model(views[..., np.newaxis] / np.float32(255), training=False), dtype=np.float64)
    logits = np.log((said + 1e-12) / (1 - said + 1e-12))
    head.bias.assign(head.bias - np.median(logits))  # scores about 0.5 feel a difference most
    (tmp_path / "graph.onnx").write_bytes(serving_graph(network, model, alignment))
    assert check_graph(model, tmp_path / "graph.onnx", photos.pixels, alignment, tolerance=TOLERANCE) <= TOLERANCE


def test_the_graph_brings_evidence_of_a_strip_back_to_the_photo(photos: Photos, tmp_path: Path) -> None:
    """Each cell of the photo's map has the evidence of the place in the strip where that part of the photo went."""
    keras.utils.set_random_seed(4)
    network, alignment = NETWORKS[NetworkName.EVIDENCE], learn(list(photos.pixels), wanted=Kind.ROUND)
    model = network.build(alignment)
    (tmp_path / "graph.onnx").write_bytes(serving_graph(network, model, alignment))
    assert check_graph(model, tmp_path / "graph.onnx", photos.pixels, alignment, tolerance=TOLERANCE) <= TOLERANCE
    grey = photos.pixels[3]
    placement = alignment.place(grey)
    view = alignment.view(grey, placement)[np.newaxis, ..., np.newaxis]
    _, in_strip, _ = network.answers(model)(tf.constant(view / 255, dtype=tf.float32))
    in_photo = Scorer((tmp_path / "graph.onnx").read_bytes(), alignment).score(grey[np.newaxis]).evidence[0]
    first, step = evidence_grid(network, alignment)
    strip = np.asarray(in_strip)[0]
    for row, column in ((3, 10), (8, 0), (12, 55), (6, 31)):
        radius, angle = (network.first + network.step * np.array((row, column)) - (0, 0.5)) / (ROWS, COLUMNS)
        turn = 2 * np.pi * angle
        x, y = placement.matrix @ (radius * np.cos(turn), radius * np.sin(turn), 1)
        at = [(value + 0.5 - first) / step for value in (y, x)]
        there = map_coordinates(in_photo, np.array(at)[:, np.newaxis], order=1)[0]
        around = strip[max(row - 1, 0) : row + 2].take(range(column - 1, column + 2), axis=1, mode="wrap")
        assert around.min() - 1e-6 <= there <= around.max() + 1e-6
    corner = in_photo[0, 0]
    assert corner == 0, "beyond the part there is no evidence"


def test_the_graph_brings_evidence_of_a_turned_photo_back(photos: Photos, tmp_path: Path) -> None:
    keras.utils.set_random_seed(4)
    network, alignment = NETWORKS[NetworkName.EVIDENCE], learn(list(photos.pixels), wanted=Kind.REGISTERED)
    model = network.build(alignment)
    (tmp_path / "graph.onnx").write_bytes(serving_graph(network, model, alignment))
    assert check_graph(model, tmp_path / "graph.onnx", photos.pixels, alignment, tolerance=TOLERANCE) <= TOLERANCE
    grey = photos.pixels[3]
    placement = alignment.place(grey)
    view = alignment.view(grey, placement)[np.newaxis, ..., np.newaxis]
    _, in_view, _ = network.answers(model)(tf.constant(view / 255, dtype=tf.float32))
    in_photo = Scorer((tmp_path / "graph.onnx").read_bytes(), alignment).score(grey[np.newaxis]).evidence[0]
    first, step = evidence_grid(network, alignment)
    for row, column in ((10, 12), (18, 30), (25, 8)):
        cells = zip((row, column), alignment.shape, strict=True)
        down, across = (2 * (network.first + network.step * cell) / side - 1 for cell, side in cells)
        x, y = placement.matrix @ (across, down, 1)
        at = [(value + 0.5 - first) / step for value in (y, x)]
        there = map_coordinates(in_photo, np.array(at)[:, np.newaxis], order=1)[0]
        around = np.asarray(in_view)[0, row - 1 : row + 2, column - 1 : column + 2]
        assert around.min() - 1e-6 <= there <= around.max() + 1e-6


def test_a_graph_of_other_weights_is_refused(photos: Photos, tmp_path: Path) -> None:
    network = NETWORKS[NetworkName.CLASSIC]
    model = network.build(FREE)
    (tmp_path / "graph.onnx").write_bytes(serving_graph(network, model, FREE))
    kernel = model.get_layer("score").kernel
    kernel.assign(kernel + 0.1)
    with pytest.raises(ModelError, match=r"differs from the trained network by .* \(allowed: 1e-05\)"):
        check_graph(model, tmp_path / "graph.onnx", photos.pixels, FREE, tolerance=TOLERANCE)
    kernel.assign(kernel * float("nan"))
    with pytest.raises(ModelError, match="differs from the trained network by nan"):
        check_graph(model, tmp_path / "graph.onnx", photos.pixels, FREE, tolerance=TOLERANCE)


def test_a_served_view_is_normalized_as_in_training() -> None:
    """A sum of a hundred thousand squares, added up one by one, was the largest difference between graph and Keras."""
    seen = keras.Input((128, 448, 1))
    model = keras.Model(seen, RmsNormalize(8)([seen])[0])
    signature = [tf.TensorSpec((None, *seen.shape[1:]), tf.float32, name="seen")]
    graph, _ = tf2onnx.convert.from_function(tf.function(model, input_signature=signature), signature)
    views = np.full((1, *seen.shape[1:]), 0.05, dtype=np.float32)
    views[:, 20:24] = 1.0  # a bright ring
    served = onnxruntime.InferenceSession(graph.SerializeToString()).run(None, {"seen": views})[0]
    whole = views[:, :, 8:-8].astype(np.float64)
    exact = views / (np.sqrt(np.square(whole).mean(axis=(1, 2, 3), keepdims=True)) + FAINT)
    assert served == pytest.approx(exact, rel=1e-6)
    assert np.asarray(model(views)) == pytest.approx(exact, rel=1e-6)


def test_the_file_of_the_guide_is_hdf5_that_keras_reads(photos: Photos, tmp_path: Path) -> None:
    model = NETWORKS[NetworkName.CLASSIC].build(FREE)
    write_guide_file(model, tmp_path / "CNN.hdf5")
    assert (tmp_path / "CNN.hdf5").read_bytes().startswith(b"\x89HDF")
    (tmp_path / "CNN.hdf5").rename(tmp_path / "CNN.h5")
    read = keras.models.load_model(tmp_path / "CNN.h5", compile=False)
    unit = photos.pixels[:4, ..., np.newaxis] / 255
    assert np.asarray(read(unit)) == pytest.approx(np.asarray(model(unit)), abs=1e-6)


def test_scores_do_not_depend_on_how_many_photos_come_at_once(photos: Photos, tmp_path: Path) -> None:
    network = NETWORKS[NetworkName.CLASSIC]
    (tmp_path / "graph.onnx").write_bytes(serving_graph(network, network.build(FREE), FREE))
    scorer = Scorer((tmp_path / "graph.onnx").read_bytes())
    many = np.concatenate([photos.pixels, photos.pixels])
    assert len(many) > AT_ONCE
    whole = scorer.score(many)
    one = np.concatenate([scorer.score(photo[np.newaxis]).score for photo in many])
    assert len(whole) == len(many)
    assert whole.score == pytest.approx(one, abs=1e-5)
    assert len(scorer.score(many[:0])) == 0


def test_evidence_of_a_stretched_photo_lies_in_the_photo_and_not_beside_it(photos: Photos, tmp_path: Path) -> None:
    """The photo is twice as wide as high, so a quarter of its square above and below it shows nothing."""
    keras.utils.set_random_seed(4)
    network, alignment = NETWORKS[NetworkName.CLASSIC], free(300, reason="for a test", fills=True)
    model = network.build(alignment)
    (tmp_path / "graph.onnx").write_bytes(serving_graph(network, model, alignment))
    square = fit(photos.pixels[3][:150], 300)
    assert check_graph(model, tmp_path / "graph.onnx", square[np.newaxis], alignment, tolerance=TOLERANCE) <= TOLERANCE
    in_photo = Scorer((tmp_path / "graph.onnx").read_bytes(), alignment).score(square[np.newaxis]).evidence[0]
    quarter = len(in_photo) // 4
    assert not in_photo[: quarter - 1].any()
    assert not in_photo[1 - quarter :].any()
    assert in_photo[quarter + 1 : -quarter - 1].any()
