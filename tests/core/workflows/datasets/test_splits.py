"""Splits by casting that are kept by name."""

import shutil
from pathlib import Path

import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.splits import choices, choose, make_by_casting, make_folds
from casting_core.workflows.stores import split_book


@pytest.fixture
def dataset(sample_folder: Path, castings_known: None) -> Dataset:  # noqa: ARG001 - so they need not be found
    return open_dataset(sample_folder)


def castings(dataset: Dataset, split: str) -> set[int]:
    return set(dataset.part(split)["photo"].map(casting_of(dataset)))


def test_a_split_by_casting_has_no_casting_in_both_parts_and_both_labels_in_each(dataset: Dataset) -> None:
    make_by_casting(dataset, "by casting", share=0.4, seed=0)
    chosen = choose(dataset, "by casting")
    assert chosen.splits == [Split.TRAIN, Split.TEST]
    assert not castings(chosen, "train") & castings(chosen, "test")
    for part in chosen.splits:
        assert set(chosen.part(part)["label"]) == set(Label)
    share = len(castings(chosen, "test")) / len(castings(chosen, "all"))
    assert share == pytest.approx(0.4, abs=0.05)


def test_each_fold_is_held_out_once(dataset: Dataset) -> None:
    make_folds(dataset, "five", number=5, seed=0)
    assert choices(dataset) == [f"five/{fold}" for fold in range(1, 6)]
    held_out = [castings(choose(dataset, choice), "test") for choice in choices(dataset)]
    assert set.union(*held_out) == castings(dataset, "all")
    assert sum(map(len, held_out)) == len(castings(dataset, "all"))


def test_a_split_stays_as_it_was_made_and_photos_that_came_later_say_so(dataset: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    shutil.copytree(dataset.root, folder)
    late = next((folder / "train" / "ok_front").iterdir())
    late.rename(tmp_path / late.name)
    early = open_dataset(folder)
    make_by_casting(early, "honest", share=0.3, seed=1)
    before = choose(early, "honest").fingerprint
    (tmp_path / late.name).rename(late)
    now = choose(open_dataset(folder), "honest")
    assert now.fingerprint == before
    (problem,) = now.problems["problem"]
    assert problem == "is not in split 'honest', which was made before it came; make a new split"


def test_the_split_of_the_folders_is_the_one_nobody_has_to_choose(dataset: Dataset) -> None:
    assert choose(dataset, "") is dataset
    assert choices(dataset) == []


@pytest.mark.parametrize("name", ["", " ", "test", "all", "a/b"])
def test_a_name_that_means_something_else_is_refused(dataset: Dataset, name: str) -> None:
    with pytest.raises(DatasetError, match="a split cannot be named"):
        make_by_casting(dataset, name, share=0.3, seed=0)


def test_a_name_is_given_once_until_its_split_is_deleted(dataset: Dataset) -> None:
    make_by_casting(dataset, "a", share=0.3, seed=0)
    with pytest.raises(DatasetError, match="there is a split 'a' already"):
        make_folds(dataset, "a", number=2, seed=0)
    split_book().forget(str(dataset.root), "a")
    make_folds(dataset, "a", number=2, seed=0)


def test_a_split_or_fold_that_is_not_there_is_a_sentence(dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match=r"no split 'b' is kept with .* \(known: none\)"):
        choose(dataset, "b")
    make_folds(dataset, "b", number=2, seed=0)
    with pytest.raises(DatasetError, match=r"no part 'b/3' \(known: b/1, b/2\)"):
        choose(dataset, "b/3")
    with pytest.raises(DatasetError, match="no part 'b'"):
        choose(dataset, "b")


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0])
def test_a_share_that_leaves_one_side_empty_is_refused(dataset: Dataset, share: float) -> None:
    with pytest.raises(DatasetError, match="cannot be held out"):
        make_by_casting(dataset, "a", share=share, seed=0)


def test_more_folds_than_castings_of_a_class_are_refused(dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="castings are too few to make 50 folds"):
        make_folds(dataset, "a", number=50, seed=0)
    with pytest.raises(DatasetError, match="1 folds are too few"):
        make_folds(dataset, "a", number=1, seed=0)
