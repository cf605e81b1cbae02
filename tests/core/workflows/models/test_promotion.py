"""A version judges known photos before it judges for people: what cannot is refused, and the one in use stays."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from casting_core.errors import ModelError
from casting_core.jobs import bounded
from casting_core.records.registry import STARTER
from casting_core.records.version_files import ANSWERS, CARD, GATE, GRAPH
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows.models import checks, promotion, trying
from casting_core.workflows.stores import registry
from tests.core.judging.test_graphs import HOSTILE, constant

NONE = np.zeros((0, 300, 300), dtype=np.uint8)


@pytest.fixture
def copied() -> Path:
    """The starter's files as the version ``v1``, for a test to spoil; ``sealed`` makes its card fit again."""
    folder = settings().model_dir / "v1"
    shutil.copytree(settings().starter_dir, folder)
    return sealed(folder)


def sealed(folder: Path) -> Path:
    """Writes the card anew with the sums of what lies there now: nobody can tell by the sums."""
    card = registry().card(STARTER).model_copy(update={"name": "v1"})
    (folder / CARD).unlink(missing_ok=True)
    finish(folder, card)
    return folder


def spoil_graph(folder: Path, change: Callable[[onnx.ModelProto], object]) -> None:
    model = onnx.load(folder / GRAPH)
    change(model)
    (folder / GRAPH).write_bytes(model.SerializeToString())
    sealed(folder)


def score_becomes(model: onnx.ModelProto, *steps: tuple[str, Any]) -> None:
    """Puts steps (an operator and a number beside) between the network's score and what is given out."""
    last = next(one for one in model.graph.node if "score" in one.output)
    last.output[list(last.output).index("score")] = name = "true score"
    for at, (op, number) in enumerate(steps):
        model.graph.initializer.append(constant(f"by {at}", np.float32(number)))
        after = "score" if at == len(steps) - 1 else f"step {at}"
        model.graph.node.append(helper.make_node(op, [name, f"by {at}"], [after]))
        name = after


def evidence_loses_an_axis(model: onnx.ModelProto) -> None:
    last = next(one for one in model.graph.node if "evidence" in one.output)
    last.output[list(last.output).index("evidence")] = "true evidence"
    model.graph.node.append(helper.make_node("ReduceMean", ["true evidence"], ["evidence"], axes=[1], keepdims=0))
    told = next(one for one in model.graph.output if one.name == "evidence")
    told.CopyFrom(helper.make_tensor_value_info("evidence", TensorProto.FLOAT, None))


WRONG_ANSWERS: dict[str, tuple[Callable[[onnx.ModelProto], object], str]] = {
    "always sound": (lambda model: score_becomes(model, ("Mul", 0.0)), "the score 0 to each of 6 photos"),
    "always one half": (lambda model: score_becomes(model, ("Mul", 0.0), ("Add", 0.5)), "the score 0.5 to each"),
    "no number": (lambda model: score_becomes(model, ("Mul", np.nan)), "its scores are not all numbers"),
    "endless": (lambda model: score_becomes(model, ("Div", 0.0)), "its scores are not all numbers|go from"),
    "beyond one": (lambda model: score_becomes(model, ("Mul", 7.0)), "and a score lies from 0 to 1"),
    "below nothing": (lambda model: score_becomes(model, ("Sub", 0.5)), "and a score lies from 0 to 1"),
    "wrong shape": (evidence_loses_an_axis, "its evidence for 4 photos has the shape"),
}


@pytest.mark.parametrize("what", WRONG_ANSWERS)
def test_a_graph_with_wrong_answers_cannot_judge(copied: Path, what: str) -> None:
    change, reason = WRONG_ANSWERS[what]
    spoil_graph(copied, change)
    objection = trying.objection(copied, NONE)
    assert objection is not None
    assert any(words in objection for words in reason.split("|")), objection


def test_a_sound_version_can_judge(copied: Path) -> None:
    assert trying.objection(copied, NONE) is None


def gate_of(folder: Path, **changes: Any) -> None:
    with np.load(folder / GATE, allow_pickle=False) as arrays:
        known = dict(arrays)
    packed = io.BytesIO()
    np.savez_compressed(packed, **known | changes)
    (folder / GATE).write_bytes(packed.getvalue())
    sealed(folder)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"brightest": np.nan}, "its gate holds what is no number"),
        ({"mean": np.full(576, np.inf)}, "its gate holds what is no number"),
        ({"mean": np.zeros(5)}, "it cannot judge a photo"),
        ({"components": np.zeros((2, 3, 4))}, "it cannot judge a photo"),
        ({"darkest": np.zeros(3)}, "gate cannot be read"),
    ],
)
def test_a_gate_that_is_none_is_refused(copied: Path, changes: dict[str, Any], reason: str) -> None:
    gate_of(copied, **changes)
    assert reason in str(trying.objection(copied, NONE))


def test_a_gate_of_a_program_that_knew_less_can_judge(copied: Path) -> None:
    with np.load(copied / GATE, allow_pickle=False) as arrays:
        known = {name: value for name, value in arrays.items() if name != "blocks"}
    packed = io.BytesIO()
    np.savez_compressed(packed, **known)
    (copied / GATE).write_bytes(packed.getvalue())
    sealed(copied)
    assert trying.objection(copied, NONE) is None


def test_a_gate_that_would_unpack_to_gigabytes_is_not_unpacked(copied: Path) -> None:
    gate_of(copied, mean=np.zeros(2**23))  # 64 MiB, in a few kilobytes
    assert (copied / GATE).stat().st_size < 2**20
    assert "too many bytes" in str(trying.objection(copied, NONE))


def test_the_gate_of_another_version_is_found_by_the_photos_it_has_learned_from(version: str) -> None:
    folder = registry().path(version)
    own = np.full((4, 300, 300), 128, dtype=np.uint8)  # nothing that its gate knows
    assert "its gate refuses 4 of 4 photos that it has learned from" in str(trying.objection(folder, own))


def test_a_graph_that_answers_otherwise_than_when_it_was_registered_is_found(version: str) -> None:
    folder = registry().path(version)
    assert ANSWERS in registry().card(version).files
    assert trying.objection(folder, NONE) is None
    model = onnx.load(folder / GRAPH)
    weights = next(one for one in model.graph.initializer if len(one.dims) == 4)
    weights.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weights) * np.float32(1.05), weights.name))
    (folder / GRAPH).write_bytes(model.SerializeToString())
    finish(folder, registry().card(version))
    assert "that it gave when it was registered" in str(trying.objection(folder, NONE))


def test_promotion_tries_a_version_in_a_process_of_its_own_and_moves_the_pointer(version: str) -> None:
    promotion.promote(version)
    assert registry().production() == version


@pytest.mark.parametrize("what", ["endless loop", "file outside"])
def test_a_hostile_graph_is_not_put_in_production_and_the_one_in_use_stays(copied: Path, what: str) -> None:
    change, reason = HOSTILE[what]
    spoil_graph(copied, change)
    with pytest.raises(ModelError, match=f"model 'v1' is not put in production: .* is not run: it has {reason}"):
        promotion.promote("v1")
    assert registry().production() == STARTER


def with_work(model: onnx.ModelProto, *, side: int, steps: int) -> None:
    """Multiplies matrices of ``side`` x ``side``, over and over, and adds nothing of it to the score."""
    model.graph.initializer.append(constant("side", np.array([side, side], dtype=np.int64)))
    score_becomes(model, ("Mul", 1.0))
    last = model.graph.node[-1]
    last.output[0] = "score before"
    add = model.graph.node.append
    add(helper.make_node("ReduceMax", ["score before"], ["top"], keepdims=0))
    add(helper.make_node("ConstantOfShape", ["side"], ["zeros"]))
    add(helper.make_node("Mul", ["zeros", "top"], ["product 0"]))
    for at in range(steps):
        add(helper.make_node("MatMul", [f"product {at}", f"product {at}"], [f"product {at + 1}"]))
    add(helper.make_node("ReduceMax", [f"product {steps}"], ["nothing"], keepdims=0))
    add(helper.make_node("Add", ["score before", "nothing"], ["score"]))


def test_a_graph_that_takes_too_long_is_ended(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SECONDS", 8.0)
    spoil_graph(copied, lambda model: with_work(model, side=4096, steps=1000))
    with pytest.raises(ModelError, match="it takes longer than 8 seconds"):
        promotion.promote("v1")
    assert registry().production() == STARTER


def test_a_graph_that_takes_too_much_memory_is_ended(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MEMORY", 2**29)
    spoil_graph(copied, lambda model: with_work(model, side=15_000, steps=3))  # 0.9 GB each
    with pytest.raises(ModelError, match=r"it needs more than 512 MiB of memory|bad_alloc|Failed to allocate"):
        promotion.promote("v1")
    assert registry().production() == STARTER


def test_a_process_that_breaks_off_or_says_nothing_is_no_yes(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for outcome in (bounded.Outcome(printed="", ended="it broke off (exit code -11)"), bounded.Outcome(printed="x")):
        monkeypatch.setattr(bounded, "run", lambda *_args, _outcome=outcome, **_limits: _outcome)
        with pytest.raises(ModelError, match="it was tried on known photos, and"):
            checks.check(copied)
