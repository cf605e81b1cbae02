"""A dataset as people decided it."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.decisions import Kind
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review.decisions import regrouped
from casting_core.workflows.stores import decision_log, revision


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


def decide(dataset: Dataset, kind: Kind, photos: list[str], **said: str) -> tuple[Dataset, str]:
    said = {"who": "Ana"} | said
    batch = decision_log().add(str(dataset.root), kind, [(photo, "") for photo in photos], **said)
    return open_dataset(dataset.root), batch


def row(dataset: Dataset, photo: str) -> "pd.Series[Any]":
    return dataset.photos[dataset.photos["photo"] == photo].iloc[0]


def test_a_corrected_label_is_what_everybody_sees_and_that_of_the_folder_is_kept(dataset: Dataset) -> None:
    photo = dataset.usable[dataset.usable["label"] == Label.OK]["photo"].iloc[0]
    corrected, _ = decide(dataset, Kind.LABEL, [photo], value="defective")
    assert row(corrected, photo)["label"] == Label.DEFECTIVE
    assert row(corrected, photo)["by_folder"] == Label.OK
    assert corrected.fingerprint != dataset.fingerprint


def test_a_photo_in_no_known_class_folder_can_be_given_a_label(dataset: Dataset, tmp_path: Path) -> None:
    shutil.copytree(dataset.root, tmp_path / "photos")
    for table in (tmp_path / "photos").glob("*.csv"):  # it says what each photo is
        table.unlink()
    (tmp_path / "photos" / "train" / "ok_front").rename(tmp_path / "photos" / "train" / "hm")
    unknown = open_dataset(tmp_path / "photos")
    photo = unknown.problems["photo"].iloc[0]
    labelled, _ = decide(unknown, Kind.LABEL, [photo], value="ok")
    assert len(labelled.usable) == len(unknown.usable) + 1


def test_a_photo_left_out_says_who_did_it_and_why_and_can_be_taken_back(dataset: Dataset) -> None:
    photo = dataset.usable["photo"].iloc[0]
    without, batch = decide(dataset, Kind.LEAVE_OUT, [photo], why="out of focus")
    assert photo not in set(without.usable["photo"])
    assert str(row(without, photo)["problem"]).startswith("left out by Ana on ")
    assert str(row(without, photo)["problem"]).endswith(": out of focus")
    decision_log().undo(str(dataset.root), batch, who="Ana")
    assert open_dataset(dataset.root).fingerprint == dataset.fingerprint
    decide(dataset, Kind.LEAVE_OUT, [photo])
    back, _ = decide(dataset, Kind.TAKE_BACK, [photo])
    assert back.fingerprint == dataset.fingerprint


def test_tags_come_and_go(dataset: Dataset) -> None:
    photo = dataset.usable["photo"].iloc[0]
    decide(dataset, Kind.TAG, [photo], value="rust")
    tagged, _ = decide(dataset, Kind.TAG, [photo], value="shift 2")
    assert row(tagged, photo)["tags"] == "|rust|shift 2|"
    less, _ = decide(dataset, Kind.UNTAG, [photo], value="rust")
    assert row(less, photo)["tags"] == "|shift 2|"
    assert (less.photos["tags"] != "").sum() == 1


@pytest.mark.usefixtures("castings_known")
def test_castings_that_a_person_joined_or_took_apart_stay_so(dataset: Dataset) -> None:
    before = casting_of(dataset)
    one, other = before.index[0], before[before != before.iloc[0]].index[0]
    decide(dataset, Kind.JOIN, [one, other])
    joined = casting_of(dataset)
    assert joined[one] == joined[other]
    assert joined.nunique() == before.nunique() - 1
    _, batch = decide(dataset, Kind.PART, [other])
    apart = casting_of(dataset)
    assert (apart == apart[other]).sum() == 1
    decision_log().undo(str(dataset.root), batch, who="Ana")
    assert casting_of(dataset).equals(joined)


def test_photos_that_are_not_there_change_no_casting(dataset: Dataset) -> None:
    castings = pd.Series([0, 0, 1], index=["a", "b", "c"], name="casting")
    decide(dataset, Kind.JOIN, ["x", "y"])
    assert regrouped(castings, decision_log().all(str(dataset.root))).equals(castings)


def test_each_state_of_a_dataset_has_its_own_number(dataset: Dataset) -> None:
    assert revision(dataset) == 1
    without, batch = decide(dataset, Kind.LEAVE_OUT, [dataset.usable["photo"].iloc[0]])
    assert revision(without) == 2
    decision_log().undo(str(dataset.root), batch, who="Ana")
    assert revision(open_dataset(dataset.root)) == 1
