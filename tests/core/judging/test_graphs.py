"""What no network of ours has in its graph is refused before it is run, and without running it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from casting_core.errors import ModelError
from casting_core.judging.graphs import NODES, look_through, quickened
from casting_core.settings import settings


def starter() -> onnx.ModelProto:
    return onnx.load(settings().starter_dir / "serving.onnx")


def constant(name: str, values: Any) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(values), name)


def node(op: str, *, inputs: tuple[str, ...] = (), domain: str = "", **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(op, list(inputs), [f"more {op}"], domain=domain, **attributes)


def with_loop(model: onnx.ModelProto) -> None:
    """A loop that never ends: its condition is always true, and it has no count."""
    flag = helper.make_tensor_value_info("go on", TensorProto.BOOL, [])
    step = helper.make_tensor_value_info("step", TensorProto.INT64, [])
    again = helper.make_tensor_value_info("again", TensorProto.BOOL, [])
    body = helper.make_graph([helper.make_node("Identity", ["go on"], ["again"])], "body", [step, flag], [again])
    model.graph.initializer.append(constant("true", True))
    model.graph.node.append(helper.make_node("Loop", ["", "true"], [], body=body))


def with_branch(model: onnx.ModelProto) -> None:
    value = helper.make_tensor_value_info("v", TensorProto.FLOAT, [])
    one = helper.make_graph([node("Constant", value_float=1.0)], "one", [], [value])
    model.graph.initializer.append(constant("true", True))
    model.graph.node.append(node("If", inputs=("true",), then_branch=one, else_branch=one))


def with_outside_file(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


def with_outside_file_in_a_constant(model: onnx.ModelProto) -> None:
    tensor = onnx.TensorProto(data_type=1, dims=[4], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="../../secret")
    model.graph.node.append(node("Constant", value=tensor))


def with_giant(model: onnx.ModelProto) -> None:
    model.graph.initializer.append(constant("shape", np.array([2**17, 2**17], dtype=np.int64)))
    model.graph.node.append(node("ConstantOfShape", inputs=("shape",)))


def with_giant_tensor(model: onnx.ModelProto) -> None:
    model.graph.initializer.append(onnx.TensorProto(name="giant", data_type=1, dims=[2**31, 2**31]))


def with_function(model: onnx.ModelProto) -> None:
    made = helper.make_function("ours", "Mine", ["a"], ["b"], [helper.make_node("Identity", ["a"], ["b"])], [])
    model.functions.append(made)


def with_many_steps(model: onnx.ModelProto) -> None:
    model.graph.node.extend([model.graph.node[0]] * NODES)


HOSTILE: dict[str, tuple[Callable[[onnx.ModelProto], None], str]] = {
    "endless loop": (with_loop, r"a loop or a branch \(Loop\)"),
    "branch": (with_branch, r"a loop or a branch \(If\)"),
    "file outside": (with_outside_file, "numbers that lie in another file"),
    "file outside, in a constant": (with_outside_file_in_a_constant, "numbers that lie in another file"),
    "giant result": (with_giant, "a result of 131,072 x 131,072 numbers"),
    "giant tensor": (with_giant_tensor, "a result of 2,147,483,648 x 2,147,483,648 numbers"),
    "own functions": (with_function, "functions of its own"),
    "too many steps": (with_many_steps, "steps; at most 20,000 are run"),
    "own operator": (
        lambda model: model.graph.node.append(node("Evil", inputs=("grey",), domain="com.evil")),
        r"an operator that is not of the standard \(com.evil.Evil\)",
    ),
    "dice": (
        lambda model: model.graph.node.append(node("RandomNormal", shape=[4])),
        "that answers by chance",
    ),
    "sequences": (lambda model: model.graph.node.append(node("SequenceEmpty")), "that no network here has"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_graph_is_refused_with_what_it_has(what: str) -> None:
    change, reason = HOSTILE[what]
    model = starter()
    change(model)
    with pytest.raises(ModelError, match=reason):
        look_through(model.SerializeToString())


def test_the_starter_passes() -> None:
    look_through(starter().SerializeToString())


@pytest.mark.parametrize("content", [b"no graph", b"\xff" * 100])
def test_bytes_that_are_no_graph_are_said(content: bytes) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        look_through(content)


def test_a_quickened_graph_answers_the_same_to_the_last_bit_and_holds_no_lone_number_beside_a_picture() -> None:
    before, after = starter(), onnx.ModelProto.FromString(quickened(starter().SerializeToString()))
    photos = np.random.default_rng(3).integers(0, 256, (3, 300, 300)).astype(np.uint8)
    sessions = (onnxruntime.InferenceSession(one.SerializeToString()) for one in (before, after))
    expected, found = (session.run(None, {"grey": photos}) for session in sessions)
    assert all(np.array_equal(*both) for both in zip(expected, found, strict=True))
    scaled = [next(one for one in model.graph.node if one.name == "truediv") for model in (before, after)]
    axes = [{one.name: len(one.dims) for one in model.graph.initializer} for model in (before, after)]
    assert [axes[at][one.input[1]] for at, one in enumerate(scaled)] == [0, 4]
