"""A look through a serving graph before it is run: what no network of ours has in it is refused.

A graph may come from anywhere. Loops may never end, other people's operators may do anything, files
beside the graph may be any file, and a few bytes may ask for terabytes.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import onnx
from google.protobuf.message import DecodeError
from onnx.shape_inference import InferenceError, infer_shapes

from casting_core.errors import ModelError

NODES = 20_000  # steps; the largest of our networks have some hundred
LARGEST = 2**28  # numbers of one intermediate result, for a call of ``PHOTOS`` photos
PHOTOS = 4  # as ``scoring`` gives to a graph at once; the number of photos is left open in it
PLAIN = ("", "ai.onnx")  # operators of the standard
BY_CHANCE = ("Random", "Multinomial", "Bernoulli")  # how names of operators begin that throw dice
ELEMENTWISE = ("Add", "Div", "Mul", "Sub")
NOT_OURS = ("Sequence", "Optional", "String")  # and those whose results have no size


def look_through(content: bytes) -> None:
    """Raises ``ModelError`` with what is in this graph that no network of this program has."""
    try:
        model = onnx.ModelProto.FromString(content)
    except DecodeError as error:
        raise ModelError("the model's graph cannot be read") from error
    nodes = model.graph.node
    if len(nodes) > NODES:
        raise _refused(f"{len(nodes):,} steps; at most {NODES:,} are run")
    if model.functions:
        raise _refused("functions of its own")
    for node in nodes:
        _check_node(node)
    for tensor in _tensors(model.graph):
        if tensor.external_data or tensor.data_location == onnx.TensorProto.EXTERNAL:
            raise _refused("numbers that lie in another file")
    _check_sizes(model)


def quickened(content: bytes) -> bytes:
    """The same graph with each lone number as an array of one, of as many axes as what it is reckoned with.

    Results are the same to the last bit. ONNX Runtime goes through pictures of one channel pixel by pixel where the
    other side is a number without axes, and that takes up to half the time of a whole small network.
    """
    model = onnx.ModelProto.FromString(content)
    try:
        axes = _axes(infer_shapes(model).graph)
    except (InferenceError, RuntimeError, ValueError):  # its parts do not fit; loading it says so
        return content
    alone = {one.name: one for one in model.graph.initializer if not one.dims}
    added: dict[str, Any] = {}
    for node in model.graph.node:
        if node.op_type not in ELEMENTWISE:
            continue
        most = max((axes.get(name, 0) for name in node.input), default=0)
        for at, name in enumerate(node.input):
            if most and name in alone:
                node.input[at] = same = f"{name}_of_{most}_axes"
                added.setdefault(same, _with_axes(alone[name], same, most))
    model.graph.initializer.extend(added.values())
    return bytes(model.SerializeToString())


def _axes(graph: Any) -> dict[str, int]:
    """How many axes each result has, where that is known."""
    known = (*graph.value_info, *graph.input, *graph.output)
    return {one.name: len(one.type.tensor_type.shape.dim) for one in known if one.type.tensor_type.HasField("shape")}


def _with_axes(alone: Any, name: str, axes: int) -> Any:
    array = onnx.numpy_helper.to_array(alone).reshape((1,) * axes)
    return onnx.numpy_helper.from_array(array, name)


def _check_node(node: Any) -> None:
    if node.domain not in PLAIN:
        raise _refused(f"an operator that is not of the standard ({node.domain[:40]}.{node.op_type[:40]})")
    if any(one.HasField("g") or one.graphs for one in node.attribute):
        raise _refused(f"a loop or a branch ({node.op_type[:40]})")
    if node.op_type.startswith(BY_CHANCE):
        raise _refused(f"an operator that answers by chance ({node.op_type[:40]})")
    if node.op_type.startswith(NOT_OURS):
        raise _refused(f"an operator that no network here has ({node.op_type[:40]})")


def _tensors(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)


def _check_sizes(model: Any) -> None:
    """Refuses a result that is known, without running anything, to be giant."""
    try:
        inferred = infer_shapes(model, data_prop=True).graph
    except (InferenceError, RuntimeError, ValueError):  # its parts do not fit; loading it says so
        return
    for tensor in _tensors(inferred):
        _check_size(tensor.dims)
    for value in (*inferred.value_info, *inferred.output, *inferred.input):
        dims = value.type.tensor_type.shape.dim
        _check_size([one.dim_value if one.HasField("dim_value") else PHOTOS for one in dims])


def _check_size(dims: Sequence[int]) -> None:
    if any(side < 0 for side in dims) or math.prod(dims) > LARGEST:
        raise _refused(f"a result of {' x '.join(f'{side:,}' for side in dims[:6])} numbers")


def _refused(what: str) -> ModelError:
    return ModelError(f"the model's graph is not run: it has {what}")
