"""Labels that mean nothing: a network that learned from them is called one that learned nothing, everywhere."""

import shutil
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from casting_core.commands.versions.models import models
from casting_core.learning.recipes.presets import quick
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.training.runs import note_run
from casting_core.workflows.training.train import work
from tests.core.workflows.training.plates import RULE, write_plates
from tests.pages.conftest import Open
from tests.pages.test_pages import said


def test_what_learned_from_shuffled_labels_is_said_to_have_learned_nothing(open_page: Open, tmp_path: Path) -> None:
    drawn = write_plates(tmp_path / "drawn", train={"sound": 40, "crack": 40}, test={})
    photos = sorted((drawn / "train").rglob("*.png"))
    order = np.random.default_rng(1).permutation(len(photos))
    for place, number in enumerate(order):
        folder = tmp_path / "shuffled" / ("sound" if place % 2 else "crack")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(photos[number], folder / f"{place}.png")
    open_page("dashboard.py")
    recipe = quick().model_copy(update={"validation_share": 0.5})
    named = NamedDataset(name="shuffled", folder=str(tmp_path / "shuffled"), rule=names_of(RULE))
    card = work(note_run(named, recipe).id)
    sentence = f"{card.name} has learned nothing"
    assert CliRunner().invoke(models, ["show", card.name]).stdout.startswith(sentence)
    for page in ("pages/train.py", "pages/models.py"):
        assert sentence[1:] in said(open_page(page))  # there it begins with a capital
