"""A panel is made as a job, after a run by itself, found again for the same photos only, and harmless when damaged."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from casting_core.data.imaging.disturbances import Disturbance
from casting_core.domain import Label
from casting_core.errors import DatasetError, StoppedError
from casting_core.jobs import control
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Kind
from casting_core.records.jobs import State
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.splits import make_by_casting
from casting_core.workflows.judging.measuring.measure import measurement
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.panel.compute import compute
from casting_core.workflows.judging.panel.keep import kept, kept_at, split_for
from casting_core.workflows.judging.panel.panel_job import KIND, PANEL, find_panel, start_after_run
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.review.correct import decide
from casting_core.workflows.stores import registry
from casting_core.workflows.training import runs
from casting_core.workflows.training.train import RUN

pytestmark = pytest.mark.usefixtures("castings_known")


def test_after_a_run_the_panel_of_its_version_is_made_by_itself(sample_dataset: NamedDataset, version: str) -> None:
    run = runs.note_run(sample_dataset, Recipe())
    control.log().end(run.id, State.STOPPED, result={"model": version, "stopped": True})
    RUN.then(control.find(run.id))
    assert find_panel(sample_dataset, version) is None, "a run that was stopped asks for nothing"
    run = runs.note_run(sample_dataset, Recipe(), actor="Ana")
    control.log().end(run.id, State.FINISHED, result={"model": version})
    RUN.then(control.find(run.id))
    asked = find_panel(sample_dataset, version)
    assert asked is not None
    assert (asked.heavy, asked.actor, asked.about) == (False, "Ana", f"{version} on {sample_dataset.name}")
    done = control.wait(asked.id)
    assert done.state is State.FINISHED, done.message
    assert done.result is not None
    assert KINDS[KIND].outcome(done.result) == done.result["told"] != ""
    dataset, card = open_dataset(sample_dataset.folder), registry().card(version)
    castings = casting_of(dataset)
    made = kept(kept_at(card, dataset, castings))
    found = measurement(card, dataset, "test", castings)
    assert made is not None and found is not None
    assert made.figures == found.figures
    assert made.proves, "the castings of its test folder were new to it"
    assert [curve.disturbance for curve in made.stress] == list(Disturbance)
    whole = found.figures.whole
    assert whole is not None
    for curve in made.stress:  # each casting has two photos, so all of them were asked
        assert curve.as_taken.outcomes == whole.outcomes
    assert made.background is not None and 0 < made.background.beside < 0.6
    assert made.curves is not None and made.reliability is not None


def test_where_castings_would_have_to_be_searched_for_long_nothing_is_asked_for(
    sample_dataset: NamedDataset, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casting_core.workflows.judging.panel.panel_job.SEARCHED", 10)
    for file in settings().cache_dir.glob("castings-*.npz"):
        file.unlink()
    assert start_after_run(sample_dataset, version) is None
    assert control.known(kind=KIND) == []


def test_a_panel_holds_for_these_labels_castings_and_this_version_only(
    panel_kept: Path, sample_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample_folder, tmp_path / "own")
    dataset, card = open_dataset(tmp_path / "own"), registry().card("starter")
    castings = casting_of(dataset)
    assert kept_at(card, dataset, castings) == panel_kept
    made = kept(panel_kept)
    assert made is not None and made.version == "starter"
    assert not made.proves, "nobody knows what the starter learned from"
    other = card.model_copy(update={"threshold": 0.4})
    assert kept(kept_at(other, dataset, castings)) is None
    assert kept(kept_at(card, dataset, castings + 1)) is None
    photo = dataset.part("test").iloc[0]
    other_label = Label(1 - int(photo["label"]))
    decide(dataset, Kind.LABEL, [str(photo["photo"])], value=other_label.word, who="Ana")
    assert kept(kept_at(card, open_dataset(tmp_path / "own"), castings)) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"schema_version": 99}', b"\xff\xfe", b"[1, 2]"])
def test_a_damaged_panel_is_named_and_a_new_one_takes_its_place(panel_kept: Path, content: bytes) -> None:
    whole = panel_kept.read_bytes()
    panel_kept.write_bytes(content)
    with pytest.raises(DatasetError, match=f"the kept panel panels/{panel_kept.name} is damaged"):
        kept(panel_kept)
    panel_kept.write_bytes(whole)
    assert kept(panel_kept) is not None


def test_nobody_who_stops_it_leaves_half_a_panel(sample_folder: Path) -> None:
    dataset = open_dataset(sample_folder)

    def stop(done: int, total: int) -> None:
        if done > total // 20:
            raise StoppedError("stopped before its end")

    with pytest.raises(StoppedError):
        compute(dataset, load_model("starter"), stressed=stop)
    assert not (settings().data_dir / "panels").exists()


def test_a_version_is_measured_on_the_castings_that_its_own_split_kept_from_it(sample_folder: Path) -> None:
    dataset, card = open_dataset(sample_folder), registry().card("starter")
    assert split_for(card, dataset) == "test"
    own = card.model_copy(update={"data": card.data.model_copy(update={"folder": str(dataset.root), "split": "apart"})})
    assert split_for(own, dataset) == "test", "that split was deleted"
    make_by_casting(dataset, "apart", share=0.3, seed=0)
    assert split_for(own, dataset) == "apart"
    assert split_for(own, replace(dataset, root=dataset.root / "elsewhere")) == "test"


def test_its_outcome_is_what_is_said_first() -> None:
    assert PANEL.outcome({"told": "It reads the lamp."}) == "It reads the lamp."
    assert PANEL.outcome({}) == ""
