"""The command that says what a version is worth: in words, as JSON, and kept for the next time."""

from pathlib import Path

import pytest

from casting_core.data.imaging.disturbances import Disturbance
from casting_core.workflows.judging.panel.keep import kept
from tests.core.commands.answers import answered, refused, said


def test_a_panel_is_told_in_words_and_as_values(panel_kept: Path, sample_folder: Path) -> None:
    made = kept(panel_kept)
    assert made is not None
    values = answered("panel", "starter", "--data", sample_folder)
    assert values["made"] == made.made, "it was kept, and is not made anew"
    assert [curve["disturbance"] for curve in values["stress"]] == [one.value for one in Disturbance]
    told = said("panel", "starter", "--data", sample_folder).stdout
    assert told.startswith(values["verdict"])
    assert "Model starter, split test, threshold 0.5" in told
    assert "That proves nothing." in told
    as_taken = made.stress[0].as_taken.outcomes
    assert f"{as_taken.ok.n - as_taken.ok.wrong} of {as_taken.ok.n}" in told


@pytest.mark.usefixtures("castings_known")
def test_what_is_no_version_or_no_dataset_is_refused(sample_folder: Path, tmp_path: Path) -> None:
    assert "no model 'v9'" in refused("panel", "v9", "--data", sample_folder)
    assert "there is no folder" in refused("panel", "starter", "--data", tmp_path / "gone")
    assert "missing option '--data'" in said("panel", "starter").stderr
