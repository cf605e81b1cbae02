"""Kinds of defect, from class folders to a suggestion beside a reject and a recall for each kind."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core.commands.judging import evaluate, predict
from casting_core.learning.recipes.presets import quick
from casting_core.records.card import CROSS_VALIDATION
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.seen import learned_from
from casting_core.workflows.training.runs import note_run
from casting_core.workflows.training.train import work
from tests.core.workflows.training.plates import RULE, write_plates

PHOTOS = 16  # of each class folder


@pytest.fixture
def plates(tmp_path: Path) -> Path:
    kinds = ("sound", "blowhole", "crack")
    return write_plates(tmp_path / "plates", train=dict.fromkeys(kinds, PHOTOS), test=dict.fromkeys(kinds, 4))


def test_kinds_are_learned_from_class_folders_and_suggested(plates: Path) -> None:
    named = NamedDataset(name="plates", folder=str(plates), rule=names_of(RULE))
    card = work(note_run(named, quick()).id)
    model = load_model(card.name)
    assert model.kinds is not None
    assert model.kinds.names == ("blowhole", "crack")
    learned = learned_from(card)
    assert learned is not None
    assert (len(learned.photos), len(learned.validation)) == (3 * PHOTOS, 0), "validation photos taught it in the end"
    assert (card.data.trained_on, card.data.learned_validation) == (3 * PHOTOS, True)
    assert "48 photos, each scored by a network that did not learn from it" in card.threshold_chosen
    assert card.validation.photos == card.data.validated_on < 3 * PHOTOS
    assert CROSS_VALIDATION not in card.metrics, "which photos show one casting is not known"

    finding = judge((plates / "test/crack/0.png").read_bytes(), model)
    assert (finding.verdict, finding.kind) == ("reject", "crack")
    assert finding.kind_probability is not None
    assert 0.5 < finding.kind_probability <= 1
    assert judge((plates / "test/sound/0.png").read_bytes(), model).kind == ""

    line = CliRunner().invoke(predict, [str(plates / "test/blowhole/1.png"), "--model", card.name]).stdout
    assert json.loads(line)["kind"] == "blowhole"
    asked = ["--data", str(plates), "--model", card.name]
    asked += ["--ok", "sound", "--defective", "blowhole", "--defective", "crack"]
    told = CliRunner().invoke(evaluate, [*asked, "--json"])
    kinds = json.loads(told.stdout)["whole"]["kinds"]
    assert {kind: one["n"] for kind, one in kinds.items()} == {"blowhole": 4, "crack": 4}
    assert all(one["named"] >= 0.7 * one["found"] > 0 for one in kinds.values())
    assert "kind of defect (castings never seen)" in CliRunner().invoke(evaluate, asked).stdout
