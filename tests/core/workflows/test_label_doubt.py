"""Doubtful labels of a dataset: flipped ones come first, and whose scores speak against a label is said."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.data.datasets.scan import Dataset
from casting_core.data.drawing.synthetic import write_sample
from casting_core.domain import Label
from casting_core.records.card import ModelCard
from casting_core.records.decisions import Kind
from casting_core.settings import ROOT
from casting_core.workflows.datasets.castings import casting_of, remember_castings
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.label_doubt import Basis, label_doubt
from casting_core.workflows.review.correct import decide

CASTINGS, FLIPPED = 100, 5


def flip(dataset: Dataset, photo: str) -> None:
    label = int(dataset.photos.set_index("photo")["label"][photo])
    decide(dataset, Kind.LABEL, [photo], value=Label(1 - label).word, who="Ana")


def test_of_one_label_in_twenty_that_is_flipped_four_in_five_are_in_the_first_tenth(tmp_path: Path) -> None:
    folder = tmp_path / "castings"
    write_sample(folder, castings=CASTINGS, copies=1, seed=20_260_701)
    dataset = open_dataset(folder)
    remember_castings(dataset, pd.Series(range(CASTINGS), index=dataset.identities))
    chosen = np.random.default_rng(5).choice(dataset.identities, size=FLIPPED, replace=False)
    for photo in chosen:
        flip(dataset, photo)
    found = label_doubt(open_dataset(folder), load_model("starter"))
    flipped = set(casting_of(dataset)[list(chosen)])
    first = {one.doubt.casting for one in found[: CASTINGS // 10]}
    assert len(found) == CASTINGS
    assert len(first & flipped) >= 0.8 * FLIPPED
    assert found[0].doubt.doubtful


@pytest.mark.usefixtures("castings_known")
def test_scores_of_castings_learned_from_are_called_approximate_and_the_others_are_not(
    version: str, sample_folder: Path
) -> None:
    dataset = open_dataset(sample_folder)
    found = label_doubt(dataset, load_model(version))
    of_split = dataset.photos.set_index("path")["split"]
    told = {split: {one.basis for one in found if of_split[one.paths[0]] == split} for split in ("train", "test")}
    assert told["test"] == {Basis.NOT_LEARNED}
    assert Basis.LEARNED in told["train"]
    assert sum(len(one.paths) for one in found) == len(dataset.usable)


def test_a_version_that_was_cross_validated_doubts_by_those_scores(proven: ModelCard, sample_folder: Path) -> None:
    dataset = open_dataset(sample_folder)
    found = label_doubt(dataset, load_model(proven.name))
    of_split = dataset.photos.set_index("path")["split"]
    assert {one.basis for one in found if of_split[one.paths[0]] == "train"} == {Basis.OUT_OF_FOLD}
    assert {one.basis for one in found if of_split[one.paths[0]] == "test"} == {Basis.NOT_LEARNED}


@pytest.mark.usefixtures("castings_known")
def test_the_command_lists_a_casting_under_both_labels_first_and_says_why(sample_folder: Path) -> None:
    dataset = open_dataset(sample_folder)
    castings = casting_of(dataset)
    photo = next(one for one in dataset.part("train")["photo"] if (castings == castings[one]).sum() == 2)
    flip(dataset, photo)
    done = CliRunner().invoke(main, ["doubt", "starter", "--data", str(sample_folder), "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    first = said["list"][0]
    assert (first["casting"], first["label"], first["doubtful"]) == (int(castings[photo]), None, True)
    assert first["reason"] == "Its photos are under both labels: 1 ok, 1 defective."
    assert said["castings"] == len(said["list"]) == castings.nunique()
    text = CliRunner().invoke(main, ["doubt", "starter", "--data", str(sample_folder), "--most", "2"]).stdout
    assert "both labels" in text
    assert f"and {said['castings'] - 2} more castings" in text


def test_the_command_names_the_versions_that_are_known(sample_folder: Path) -> None:
    done = CliRunner().invoke(main, ["doubt", "v9", "--data", str(sample_folder)])
    assert (done.exit_code, "starter" in done.stderr) == (2, True)


@pytest.mark.real
def test_the_public_casting_that_is_under_two_labels_comes_first(tmp_path: Path) -> None:
    folder = Path(os.environ.get("CASTING_REAL_PHOTOS", ROOT.parent / "shared" / "casting_data"))
    if not folder.is_dir():
        pytest.skip(f"the real photos are not in {folder} (CASTING_REAL_PHOTOS names another folder)")
    source = pd.read_csv(folder / "source_castings.csv")
    some = source.assign(label=source["path"].str.split("/").str[1]).groupby(["source_casting", "label"]).head(2)
    for path in some["path"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / path, tmp_path / path)
    dataset = open_dataset(tmp_path)
    of_path = dict(zip(some["path"], some["source_casting"], strict=True))
    of_photo = {photo: of_path[path] for photo, path in dataset.photos.set_index("photo")["path"].items()}
    remember_castings(dataset, pd.Series(of_photo))
    first, second, *_ = label_doubt(dataset, load_model("starter"))
    assert first.doubt.label is None
    assert {path.split("/")[1] for path in first.paths} == {"ok_front", "def_front"}
    assert second.doubt.label is not None
