"""The scorer refuses what is no graph of ours."""

import pytest
from onnx import TensorProto, helper

from casting_core.errors import ModelError
from casting_core.judging.scoring import Scorer


def foreign_graph() -> bytes:
    """A sound graph of somebody else's: one number in, the same number out."""
    number = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "other", number[:1], number[1:])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(made.SerializeToString())


@pytest.mark.parametrize("content", [b"", b"no graph", bytes(1000)])
def test_bytes_that_are_no_graph_are_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="the model's graph cannot be read"):
        Scorer(content)


def test_somebody_elses_graph_is_refused() -> None:
    with pytest.raises(ModelError, match="was not made by this program"):
        Scorer(foreign_graph())
