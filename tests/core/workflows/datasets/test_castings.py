"""Which photos show one casting, asked of a whole dataset."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casting_core.data.drawing.synthetic import TABLE
from casting_core.learning.recipes.choices import Validation
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets import castings as work_on_castings
from casting_core.workflows.datasets.castings import casting_of, links_of, superimposed, write_table
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.training.runs import note_run
from casting_core.workflows.training.train import work


def test_the_copies_of_a_casting_are_found_and_written_as_a_table(sample_folder: Path, tmp_path: Path) -> None:
    dataset = open_dataset(sample_folder)
    number = write_table(dataset, casting_of(dataset), tmp_path / "castings.csv")
    found = pd.read_csv(tmp_path / "castings.csv").set_index("path")["casting"]
    truth = pd.read_csv(sample_folder / TABLE).set_index("path")["casting"]
    assert set(found.index) == set(truth.index)
    assert number == found.nunique()
    together = found.to_numpy()[:, None] == found.to_numpy()
    alike = (same := truth.loc[found.index].to_numpy())[:, None] == same
    pairs = ~np.eye(len(found), dtype=bool)
    assert (together & alike & pairs).sum() / (together & pairs).sum() >= 0.98
    assert (together & alike & pairs).sum() / (alike & pairs).sum() >= 0.95


def test_what_was_worked_out_once_is_remembered(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = open_dataset(sample_folder)
    first = casting_of(dataset)
    monkeypatch.setattr(work_on_castings, "pixel_cache", lambda: pytest.fail("it was worked out a second time"))
    assert casting_of(dataset).equals(first)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_what_was_kept_of_castings_and_cut_off_is_worked_out_again(
    share: float, sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_dataset(sample_folder)
    first, links = casting_of(dataset), links_of(dataset)
    [kept] = settings().cache_dir.glob("castings-*.npz")
    kept.write_bytes(kept.read_bytes()[: int(share * kept.stat().st_size)])
    assert links_of(dataset).empty
    assert casting_of(dataset).equals(first)
    assert len(links_of(dataset)) == len(links)
    monkeypatch.setattr(work_on_castings, "pixel_cache", lambda: pytest.fail("it was worked out once more"))
    assert casting_of(dataset).equals(first)


def test_a_path_that_a_spreadsheet_would_run_is_written_harmless(sample_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for name in ("ok", "defective"):
        (folder / name).mkdir(parents=True)
    photos = sorted((sample_folder / "train" / "ok_front").iterdir())[:2]
    shutil.copy(photos[0], folder / "ok" / "a.jpeg")
    shutil.copy(photos[1], folder / "defective" / "b.jpeg")
    (folder / "ok").rename(folder / "=ok")
    dataset = open_dataset(folder)
    write_table(dataset, pd.Series(0, index=dataset.photos["photo"]), tmp_path / "castings.csv")
    assert "./=ok/a.jpeg" in (tmp_path / "castings.csv").read_text()
    assert "\n=" not in (tmp_path / "castings.csv").read_text()


@pytest.mark.usefixtures("castings_known")
def test_a_run_validates_on_castings_it_has_never_seen(sample_dataset: NamedDataset) -> None:
    recipe = Recipe(epochs=1, batch_size=16, validation=Validation.CASTING)
    card = work(note_run(sample_dataset, recipe).id)
    assert card.recipe["validation"] == "casting"
    dataset = open_dataset(sample_dataset.folder)
    assert card.data.trained_on + card.data.validated_on == len(dataset.to_train)
    assert card.data.validated_on % 2 == 0  # both photos of a casting, or none


@pytest.mark.usefixtures("castings_known")
def test_a_link_lays_one_photo_of_a_casting_over_the_other(sample_folder: Path) -> None:
    dataset = open_dataset(sample_folder)
    castings = casting_of(dataset)
    links = links_of(dataset)
    assert len(links) == len(castings) - castings.nunique()
    for link in links.head(5).to_dict("records"):
        assert castings[link["first"]] == castings[link["second"]]
        moved, still = superimposed(link["first"], link["second"], link["map"])
        apart = np.abs(moved.astype(float) - still)[100:200, 100:200].mean()
        unmoved, _ = superimposed(link["first"], link["second"], [1, 0, 0, 0, 1, 0])
        assert apart < np.abs(unmoved.astype(float) - still)[100:200, 100:200].mean()


def test_there_are_no_links_before_the_castings_are_worked_out(sample_folder: Path) -> None:
    assert links_of(open_dataset(sample_folder)).empty
