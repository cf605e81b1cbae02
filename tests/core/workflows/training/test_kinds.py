"""Kinds of defect, from class folders to a suggestion beside a reject and a recall for each kind."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from casting_core.commands.judging import evaluate, predict
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.imaging.images import Grey
from casting_core.learning.recipes.recipe import quick
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.training.runs import note_run
from casting_core.workflows.training.train import work

RULE = ClassRule(ok=frozenset({"sound"}), defective=frozenset({"blowhole", "crack"}))
PHOTOS = 16  # of each class folder


def plate(rng: np.random.Generator, what: str) -> Grey:
    """A rough plate, sound, with a hole in it or with a crack through it."""
    skin = cv2.GaussianBlur(rng.normal(150, 60, (300, 300)), (0, 0), 3)
    x, y = (int(place) for place in rng.integers(80, 220, 2))
    if what == "blowhole":
        cv2.circle(skin, (x, y), 30, 20, -1)
    elif what == "crack":
        cv2.line(skin, (x - 60, y - 60), (x + 60, y + 50), 20, 4)
    return np.clip(skin, 0, 255).astype(np.uint8)


@pytest.fixture
def plates(tmp_path: Path) -> Path:
    """Plates in class folders that are called by the kind of defect."""
    rng = np.random.default_rng(3)
    for split, number in (("train", PHOTOS), ("test", 4)):
        for what in ("sound", "blowhole", "crack"):
            folder = tmp_path / "plates" / split / what
            folder.mkdir(parents=True)
            for count in range(number):
                Image.fromarray(plate(rng, what)).save(folder / f"{count}.png")
    return tmp_path / "plates"


def test_kinds_are_learned_from_class_folders_and_suggested(plates: Path) -> None:
    named = NamedDataset(name="plates", folder=str(plates), rule=names_of(RULE))
    card = work(note_run(named, quick()).id)
    model = load_model(card.name)
    assert model.kinds is not None
    assert model.kinds.names == ("blowhole", "crack")
    whole = card.validation.whole
    assert whole is None or set(whole.kinds) <= {"blowhole", "crack"}

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
