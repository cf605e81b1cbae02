"""From a trained network to a graph that scores without TensorFlow, and the check that both give the same scores."""

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import COLUMNS, ROWS, Alignment, Kind
from casting_core.errors import ModelError
from casting_core.learning.networks.catalogue import Network

# Its answer to an error would be a worse graph; and to be ready for one, it copies the graph before each of its passes.
os.environ.setdefault("TF2ONNX_CATCH_ERRORS", "FALSE")

OPSET = 17
AT_ONCE = 8  # photos that are compared; what networks make of more is larger than the processor's caches
LEARNED = "learned"  # what names of values begin with that training changes
STEP = 4.0  # pixels of the photo from cell to cell of evidence that comes from a strip

# Graphs that lack what was learned, by all that they depend on: to convert a network takes seconds, and of one that is
# fixed but for its head, each further one differs in these values only.
_TEMPLATES: dict[tuple[object, ...], onnx.ModelProto] = {}


def serving_graph(network: Network, model: keras.Model, alignment: Alignment) -> bytes:
    """The graph that scores, as an ONNX file.

    Views go in as ``grey``, uint8 (n, rows, columns), and, where parts are unwound, ``placement``, float32 (n, 2, 3).
    ``score`` (n,), ``evidence`` (n, h, w) in the photo's own coordinates and ``embedding`` (n, d) come out.
    """
    learned = network.learned(model)
    values = {f"{LEARNED}_{number}": variable.numpy() for number, variable in enumerate(learned)}
    if not values:
        return bytes(_converted(network, model, alignment, []).SerializeToString())
    key = (model.name, model.count_params(), alignment.kind, alignment.shape, alignment.size)
    if key not in _TEMPLATES:
        _TEMPLATES[key] = _converted(network, model, alignment, learned)
    graph = onnx.ModelProto()
    graph.CopyFrom(_TEMPLATES[key])
    views = [one for one in graph.graph.input if one.name not in values]
    del graph.graph.input[:]
    graph.graph.input.extend(views)
    graph.graph.initializer.extend(onnx.numpy_helper.from_array(*reversed(one)) for one in values.items())
    return bytes(graph.SerializeToString())


def _converted(
    network: Network, model: keras.Model, alignment: Alignment, learned: Sequence[keras.Variable]
) -> onnx.ModelProto:
    """The graph that scores; the values of what was ``learned`` are inputs of it, too, in their order."""
    answers = network.answers(model)
    views = tf.TensorSpec((None, *alignment.shape), tf.uint8, name="grey")
    placements = tf.TensorSpec((None, 2, 3), tf.float32, name="placement")
    values = [
        tf.TensorSpec(variable.shape, tf.float32, name=f"{LEARNED}_{number}") for number, variable in enumerate(learned)
    ]

    def of(grey: tf.Tensor, given: Sequence[tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        with keras.StatelessScope(state_mapping=list(zip(learned, given, strict=True))):
            return answers(_to_unit(grey))

    def unwound(grey: tf.Tensor, placement: tf.Tensor, *given: tf.Tensor) -> dict[str, tf.Tensor]:
        score, evidence, embedding = of(grey, given)
        return _named(score, evidence_in_photo(evidence, placement, network, alignment), embedding)

    def free(grey: tf.Tensor, *given: tf.Tensor) -> dict[str, tf.Tensor]:
        return _named(*of(grey, given))

    # Nothing in them asks Python about a tensor, so there is nothing for autograph to rewrite; to look takes a second.
    if alignment.moves:
        serve = tf.function(unwound, input_signature=[views, placements, *values], autograph=False)
    else:
        serve = tf.function(free, input_signature=[views, *values], autograph=False)
    return tf2onnx.convert.from_function(serve, input_signature=serve.input_signature, opset=OPSET)[0]


def _to_unit(grey: tf.Tensor) -> tf.Tensor:
    return tf.cast(grey, tf.float32)[..., tf.newaxis] / 255.0


def _named(score: tf.Tensor, evidence: tf.Tensor, embedding: tf.Tensor) -> dict[str, tf.Tensor]:
    return {
        "score": tf.identity(score, name="score"),
        "evidence": tf.identity(evidence, name="evidence"),
        "embedding": tf.identity(embedding, name="embedding"),
    }


def evidence_grid(network: Network, alignment: Alignment) -> tuple[float, float]:
    """Where cells of the graph's evidence lie in the photo: the middle of the first, and the step, in pixels."""
    return (STEP / 2, STEP) if alignment.moves else (network.first, network.step)


def evidence_in_photo(evidence: tf.Tensor, placement: tf.Tensor, network: Network, alignment: Alignment) -> tf.Tensor:
    """Evidence over a view, (n, rows, columns), brought back to the photo: (n, size / STEP, size / STEP).

    Linear between the view's cells, around the seam of a strip too; nothing beyond the view's edge.
    """
    rows, columns = evidence.shape[1:]
    side = alignment.size // int(STEP)
    middle = np.arange(side) * STEP + STEP / 2 - 0.5
    x, y = (one.ravel().astype(np.float32) for one in np.meshgrid(middle, middle))
    a, b, c, d = placement[:, 0, 0:1], placement[:, 0, 1:2], placement[:, 1, 0:1], placement[:, 1, 1:2]
    right, below = x - placement[:, 0, 2:3], y - placement[:, 1, 2:3]  # (n, cells of the photo)
    area = a * d - b * c
    across, down = (d * right - b * below) / area, (a * below - c * right) / area  # in radii of the part
    if alignment.kind is Kind.ROUND:
        radius = tf.sqrt(across * across + down * down)
        seen_down, seen_across = radius * ROWS, tf.math.atan2(down, across) / (2 * np.pi) * COLUMNS + 0.5
        inside = radius <= 1.0
    else:
        seen_down, seen_across = (
            (one + 1) * side / 2 for one, side in zip((down, across), alignment.shape, strict=True)
        )
        inside = (tf.abs(down) <= 1.0) & (tf.abs(across) <= 1.0)
    row, column = ((one - network.first) / network.step for one in (seen_down, seen_across))
    row = tf.clip_by_value(row, 0.0, rows - 1.0)
    if alignment.kind is not Kind.ROUND:
        column = tf.clip_by_value(column, 0.0, columns - 1.0)
    there = _between(tf.reshape(evidence, (-1, rows * columns)), row, column, rows, columns)
    return tf.reshape(tf.where(inside, there, tf.zeros_like(there)), (-1, side, side))


def _between(flat: tf.Tensor, row: tf.Tensor, column: tf.Tensor, rows: int, columns: int) -> tf.Tensor:
    """Linear between the four cells around each place; columns go round."""
    top, left = tf.floor(row), tf.floor(column)
    weights = ((1 - (row - top), top), (row - top, tf.minimum(top + 1, rows - 1.0)))
    sides = ((1 - (column - left), left), (column - left, left + 1))
    found = tf.zeros_like(row)
    for of_row, at_row in weights:
        for of_column, at_column in sides:
            place = at_row * columns + at_column - columns * tf.floor(at_column / columns)
            found += of_row * of_column * tf.gather(flat, tf.cast(place, tf.int32), batch_dims=1)
    return found


def fits_guide_file(model: keras.Model) -> bool:
    """Whether the guide's old file format can give the network back: it knows plain layers one after the other only."""
    return isinstance(model, keras.Sequential)


def write_guide_file(model: keras.Model, path: Path) -> None:
    """Writes the network in the HDF5 format of the guide, which Keras calls legacy and still reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras advises its newer format, which is written beside this one
        model.save(path.with_suffix(".h5"))
    path.with_suffix(".h5").replace(path)


def check_graph(
    model: keras.Model,
    graph: Path,
    photos: NDArray[np.uint8],
    alignment: Alignment,
    *,
    tolerance: float,
    said: NDArray[np.float32] | None = None,
) -> float:
    """The largest difference between the scores of Keras and of the graph for photos of shape (n, size, size).

    ``said``: what Keras says of them, (n,), where that is known already. Raises ``ModelError`` where the difference is
    above ``tolerance``.
    """
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    differences = []
    for start in range(0, len(photos), AT_ONCE):
        some = photos[start : start + AT_ONCE]
        # A part that is laid over a reference lies a little otherwise each time, so both are given the same views.
        placements = [alignment.place(photo) for photo in some]
        views = np.stack([alignment.view(*one) for one in zip(some, placements, strict=True)])
        feed: dict[str, NDArray[Any]] = {"grey": views}
        if alignment.moves:
            feed["placement"] = np.stack([one.matrix for one in placements])
        served = session.run(["score"], feed)[0]
        trained = _scores_of(model, views) if said is None else said[start : start + AT_ONCE]
        differences.append(np.abs(trained - served).max())
    difference = float(np.max(differences))  # no number where any is none
    if not difference <= tolerance:  # also where it is not a number
        raise ModelError(
            f"the exported graph differs from the trained network by {difference:.2g} (allowed: {tolerance:g})"
        )
    return difference


def _scores_of(model: keras.Model, views: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(model(views[..., np.newaxis].astype(np.float32) / 255.0, training=False))[:, 0]
