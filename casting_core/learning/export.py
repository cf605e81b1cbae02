"""From a trained network to a graph that scores without TensorFlow, and the proof that both say the same."""

import warnings
from pathlib import Path

import keras
import numpy as np
import onnxruntime
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from casting_core.errors import ModelError
from casting_core.learning.networks import Network
from casting_core.learning.recipe import IMAGE_SIZE

OPSET = 17
TOLERANCE = 1e-5  # largest difference of a score between Keras and the graph


def write_graph(network: Network, model: keras.Model, path: Path) -> None:
    """Writes the serving graph.

    Photos go in as uint8 (n, 300, 300); ``score`` (n,), ``evidence`` (n, h, w) and ``embedding`` (n, d) come out.
    """
    answers = network.answers(model)

    @tf.function(input_signature=[tf.TensorSpec((None, IMAGE_SIZE, IMAGE_SIZE), tf.uint8, name="grey")])
    def serve(grey: tf.Tensor) -> dict[str, tf.Tensor]:
        score, evidence, embedding = answers(tf.cast(grey, tf.float32)[..., tf.newaxis] / 255.0)
        return {
            "score": tf.identity(score, name="score"),
            "evidence": tf.identity(evidence, name="evidence"),
            "embedding": tf.identity(embedding, name="embedding"),
        }

    graph, _ = tf2onnx.convert.from_function(serve, input_signature=serve.input_signature, opset=OPSET)
    path.write_bytes(graph.SerializeToString())


def fits_guide_file(model: keras.Model) -> bool:
    """Whether the guide's old file format can give the network back: it knows plain layers one after the other only."""
    return isinstance(model, keras.Sequential)


def write_guide_file(model: keras.Model, path: Path) -> None:
    """Writes the network in the HDF5 format of the guide, which Keras calls legacy and still reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras advises its newer format, which is written beside this one
        model.save(path.with_suffix(".h5"))
    path.with_suffix(".h5").replace(path)


def largest_difference(model: keras.Model, graph: Path, photos: NDArray[np.uint8]) -> float:
    """The largest difference between the scores of Keras and of the graph for these photos, shape (n, 300, 300)."""
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    served = session.run(["score"], {"grey": photos})[0]
    trained = model(photos[..., np.newaxis].astype(np.float32) / 255.0, training=False)
    return float(np.max(np.abs(np.asarray(trained)[:, 0] - served)))


def check_graph(model: keras.Model, graph: Path, photos: NDArray[np.uint8]) -> float:
    """The largest difference as above; ``ModelError`` where it is above ``TOLERANCE``."""
    difference = largest_difference(model, graph, photos)
    if not difference <= TOLERANCE:  # also where it is not a number
        raise ModelError(
            f"the exported graph differs from the trained network by {difference:.2g} (allowed: {TOLERANCE:g})"
        )
    return difference
