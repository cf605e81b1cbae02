"""Deciding about photos: what is written down, and what is refused."""

import shutil
from pathlib import Path

import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.records.decisions import Kind
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review.correct import decide, history, leave_out_files, undo


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


def test_the_history_of_a_photo_tells_each_label_with_the_one_before_it(dataset: Dataset) -> None:
    photo = dataset.usable[dataset.usable["label"] == Label.OK]["photo"].iloc[0]
    decide(dataset, Kind.LABEL, [photo], value="defective", why="a crack", who=" Ana ")
    batch = decide(open_dataset(dataset.root), Kind.LABEL, [photo], value="ok", who="Bo")
    undo(dataset, batch, who="Ana")
    told = [(one.kind, one.value, one.before, one.who) for one in history(dataset, photo)]
    assert told[1:] == [(Kind.LABEL, "ok", "defective", "Bo"), (Kind.LABEL, "defective", "ok", "Ana")]
    assert told[0][0] is Kind.UNDO
    assert open_dataset(dataset.root).usable.set_index("photo")["label"][photo] == Label.DEFECTIVE


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (Kind.LABEL, "bad", "a label is one of defective, ok, not 'bad'"),
        (Kind.TAG, "", "a tag has 1 to 60 letters"),
        (Kind.TAG, "a|b", "a tag has 1 to 60 letters"),
        (Kind.TAG, "x" * 61, "a tag has 1 to 60 letters"),
        (Kind.JOIN, "", "one photo cannot be joined with itself"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_written(
    dataset: Dataset, kind: Kind, value: str, reason: str
) -> None:
    photo = dataset.usable["photo"].iloc[0]
    with pytest.raises(DatasetError, match=reason):
        decide(dataset, kind, [photo], value=value, who="Ana")
    assert history(dataset, photo) == []


def test_photos_that_are_not_in_the_dataset_are_none(dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="no photo is chosen"):
        decide(dataset, Kind.LEAVE_OUT, ["", "not there"], who="Ana")


def test_a_spare_file_is_left_out_and_the_same_photo_elsewhere_stays(dataset: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    shutil.copytree(dataset.root, folder)
    first = min((folder / "train" / "ok_front").iterdir())
    shutil.copy(first, first.with_name("zz_again.jpeg"))
    twice = open_dataset(folder)
    batch = leave_out_files(twice, ["train/ok_front/zz_again.jpeg", "train/never_there.jpeg"], why="twice", who="Ana")
    once = open_dataset(folder)
    assert len(once.usable) == len(twice.usable) - 1
    assert f"train/ok_front/{first.name}" in set(once.usable["path"])
    undo(once, batch, who="Ana")
    assert len(open_dataset(folder).usable) == len(twice.usable)
    leave_out_files(twice, ["train/ok_front/zz_again.jpeg"], who="Ana")
    photo = once.problems["photo"].iloc[0]
    decide(twice, Kind.TAKE_BACK, [photo], who="Bo")
    assert len(open_dataset(folder).usable) == len(twice.usable)
    with pytest.raises(DatasetError, match="none of these files"):
        leave_out_files(twice, ["train/never_there.jpeg"], who="Ana")
