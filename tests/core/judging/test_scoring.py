"""The scorer refuses what is no graph of ours, and looks for no part twice."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.alignment.alignment import Alignment, free
from casting_core.data.imaging.alignment.placement import Placement
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.part import find_part
from casting_core.domain import Label
from casting_core.errors import ModelError
from casting_core.judging.scoring import Scorer
from casting_core.records.registry import STARTER
from casting_core.records.version_files import GRAPH
from casting_core.settings import ROOT


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


def test_a_part_that_was_found_is_scored_as_its_photo_is_and_not_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scorer = Scorer((ROOT / "model" / STARTER / GRAPH).read_bytes())
    photos = np.stack([draw_casting(seed, label=Label(seed % 2)).pixels for seed in range(5)])
    parts = [find_part(photo, scorer.alignment) for photo in photos]
    parts[2] = find_part(photos[2], free(300, reason="found in another way"))
    expected, looked = scorer.score(photos), list[Alignment]()
    place = Alignment.place

    def counted(alignment: Alignment, grey: Grey) -> Placement:
        looked.append(alignment)
        return place(alignment, grey)

    monkeypatch.setattr(Alignment, "place", counted)
    found = scorer.score_found(parts)
    assert found.score.tolist() == expected.score.tolist()
    assert np.array_equal(found.evidence, expected.evidence)
    assert len(looked) == 1
