"""What the panel found under stress stands in the report, once it was made of these very photos."""

from pathlib import Path

import pytest

from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.panel.compute import compute
from casting_core.workflows.judging.panel.keep import keep, kept_at
from casting_core.workflows.reports.blocks import Words
from casting_core.workflows.reports.brought import stress


@pytest.mark.usefixtures("castings_known")
def test_a_kept_panel_is_told_and_a_damaged_one_is_said(version: str, sample_folder: Path) -> None:
    dataset, model = open_dataset(sample_folder), load_model(version)
    castings = casting_of(dataset)
    place = kept_at(model.card, dataset, castings)
    assert stress(model.card, dataset, castings) == ()
    keep(compute(dataset, model), place)
    first, *_, note = stress(model.card, dataset, castings)
    assert isinstance(first, Words)
    assert isinstance(note, Words)
    assert first.text
    assert "photos of 9 castings were put under stress" in note.text
    place.write_text("{")
    (broken,) = stress(model.card, dataset, castings)
    assert isinstance(broken, Words)
    assert "is damaged" in broken.text
