"""The serving graph says what Keras says, or there is none."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from casting_core.errors import ModelError
from casting_core.judging.scoring import AT_ONCE, Scorer
from casting_core.learning.batches import Photos
from casting_core.learning.export import TOLERANCE, check_graph, write_graph, write_guide_file
from casting_core.learning.networks import NETWORKS
from casting_core.learning.recipe import NetworkName


@pytest.mark.parametrize("name", NetworkName)
def test_the_graph_gives_all_answers_of_keras(name: NetworkName, photos: Photos, tmp_path: Path) -> None:
    keras.utils.set_random_seed(4)
    network = NETWORKS[name]
    model = network.build()
    write_graph(network, model, tmp_path / "graph.onnx")
    assert check_graph(model, tmp_path / "graph.onnx", photos.pixels) <= TOLERANCE
    scorer = Scorer((tmp_path / "graph.onnx").read_bytes())
    assert scorer.image_size == 300
    served = scorer.score(photos.pixels)
    unit = tf.constant(photos.pixels[..., np.newaxis] / 255, dtype=tf.float32)
    score, evidence, embedding = (np.asarray(answer) for answer in network.answers(model)(unit))
    assert np.abs(served.score - score).max() <= 1e-5
    assert np.abs(served.evidence - evidence).max() <= 1e-4
    assert np.abs(served.embedding - embedding).max() <= 1e-4


def test_a_graph_of_other_weights_is_refused(photos: Photos, tmp_path: Path) -> None:
    network = NETWORKS[NetworkName.CLASSIC]
    model = network.build()
    write_graph(network, model, tmp_path / "graph.onnx")
    kernel = model.get_layer("score").kernel
    kernel.assign(kernel + 0.1)
    with pytest.raises(ModelError, match=r"differs from the trained network by .* \(allowed: 1e-05\)"):
        check_graph(model, tmp_path / "graph.onnx", photos.pixels)
    kernel.assign(kernel * float("nan"))
    with pytest.raises(ModelError, match="differs from the trained network by nan"):
        check_graph(model, tmp_path / "graph.onnx", photos.pixels)


def test_the_file_of_the_guide_is_hdf5_that_keras_reads(photos: Photos, tmp_path: Path) -> None:
    model = NETWORKS[NetworkName.CLASSIC].build()
    write_guide_file(model, tmp_path / "CNN.hdf5")
    assert (tmp_path / "CNN.hdf5").read_bytes().startswith(b"\x89HDF")
    (tmp_path / "CNN.hdf5").rename(tmp_path / "CNN.h5")
    read = keras.models.load_model(tmp_path / "CNN.h5", compile=False)
    unit = photos.pixels[:4, ..., np.newaxis] / 255
    assert np.asarray(read(unit)) == pytest.approx(np.asarray(model(unit)), abs=1e-6)


def test_scores_do_not_depend_on_how_many_photos_come_at_once(photos: Photos, tmp_path: Path) -> None:
    network = NETWORKS[NetworkName.CLASSIC]
    write_graph(network, network.build(), tmp_path / "graph.onnx")
    scorer = Scorer((tmp_path / "graph.onnx").read_bytes())
    many = np.concatenate([photos.pixels, photos.pixels])
    assert len(many) > AT_ONCE
    whole = scorer.score(many)
    one = np.concatenate([scorer.score(photo[np.newaxis]).score for photo in many])
    assert len(whole) == len(many)
    assert whole.score == pytest.approx(one, abs=1e-5)
    assert len(scorer.score(many[:0])) == 0
