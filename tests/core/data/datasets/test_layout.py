"""What a folder says by its names: splits, classes, and what it does not say."""

from pathlib import Path

import pytest

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.layout import class_folders, folder_layout, looks_like_photo
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError


def made(root: Path, *paths: str) -> Path:
    """A folder with these files, empty ones: names are all that is looked at here."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


def found(root: Path) -> list[tuple[str, str, str]]:
    return [(one.path, one.split.value, one.folder) for one in folder_layout(root)[1].meant_as_photos]


def test_the_public_layout_gives_split_and_class(tmp_path: Path) -> None:
    made(tmp_path, "train/ok_front/a.jpeg", "train/def_front/b.jpeg", "test/ok_front/a.jpeg")
    assert found(tmp_path) == [
        ("test/ok_front/a.jpeg", "test", "ok_front"),
        ("train/def_front/b.jpeg", "train", "def_front"),
        ("train/ok_front/a.jpeg", "train", "ok_front"),
    ]


def test_class_folders_alone_are_not_split(tmp_path: Path) -> None:
    made(tmp_path, "ok/a.png", "defective/deep/er/b.png")
    assert found(tmp_path) == [
        ("defective/deep/er/b.png", "unsplit", "defective"),
        ("ok/a.png", "unsplit", "ok"),
    ]


@pytest.mark.parametrize(("name", "split"), [("Training", "train"), ("VAL", "validation"), ("testing", "test")])
def test_splits_are_known_by_other_words_too(tmp_path: Path, name: str, split: str) -> None:
    assert found(made(tmp_path, f"{name}/ok/a.png")) == [(f"{name}/ok/a.png", split, "ok")]


@pytest.mark.parametrize("layers", [1, 2])
def test_a_folder_that_an_archive_wrapped_is_looked_into(tmp_path: Path, layers: int) -> None:
    inner = tmp_path.joinpath(*["casting data"] * layers)
    made(inner, "train/ok/a.png", "test/ok/b.png")
    assert folder_layout(tmp_path)[0] == inner


@pytest.mark.parametrize("only", ["train", "ok_front", "Good"])
def test_a_split_or_class_that_stands_alone_is_no_wrapping(tmp_path: Path, only: str) -> None:
    made(tmp_path, f"{only}/deeper/a.png")
    assert folder_layout(tmp_path)[0] == tmp_path


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"there is no folder '.*gone'"):
        folder_layout(tmp_path / "gone")
    made(tmp_path, "file")
    with pytest.raises(DatasetError, match="there is no folder"):
        folder_layout(tmp_path / "file")


def test_a_folder_without_class_folders_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="expected train/ok_front, train/def_front"):
        folder_layout(made(tmp_path, "a.png", "b.png"))


def test_hidden_files_and_files_beside_the_classes_are_nobodys_photos(tmp_path: Path) -> None:
    made(tmp_path, "notes.txt", "ok/.DS_Store", "ok/._a.png", "ok/.git/b.png", ".cache/ok/c.png", "ok/a.png")
    assert found(tmp_path) == [("ok/a.png", "unsplit", "ok")]


def test_a_photo_in_a_split_but_in_no_class_is_listed_without_class(tmp_path: Path) -> None:
    assert found(made(tmp_path, "train/a.png", "train/ok/b.png")) == [
        ("train/a.png", "train", ""),
        ("train/ok/b.png", "train", "ok"),
    ]


def test_the_names_of_the_class_folders_are_listed_once(tmp_path: Path) -> None:
    made(tmp_path, "train/ok/a", "train/odd/b", "test/ok/c", "train/d")
    assert list(class_folders(folder_layout(tmp_path)[1].files)) == ["odd", "ok"]


@pytest.mark.parametrize("name", ["ok_front", "OK", "Ok Front", "ok-front", " good ", "Sound", "PASS"])
def test_synonyms_of_ok_are_known_in_any_case(name: str) -> None:
    assert ClassRule().label(name) is Label.OK


@pytest.mark.parametrize("name", ["def_front", "DEF", "Def-Front", "NOK", "not ok", "Bad", "scrap", "Anomaly"])
def test_synonyms_of_defective_are_known_in_any_case(name: str) -> None:
    assert ClassRule().label(name) is Label.DEFECTIVE


@pytest.mark.parametrize("name", ["", "okay-ish", "blowholes", "ok2", "unknown"])
def test_another_name_is_not_guessed(name: str) -> None:
    assert ClassRule().label(name) is None


def test_one_name_in_two_unicode_forms_is_one_name() -> None:
    rule = ClassRule().assign("Gut geprüft", Label.OK)
    assert rule.label("Gut gepru\u0308ft") is Label.OK


def test_a_person_may_say_what_a_folder_means_and_change_it() -> None:
    rule = ClassRule().assign("blowholes", Label.DEFECTIVE)
    assert rule.label("Blowholes") is Label.DEFECTIVE
    assert rule.assign("blowholes", Label.OK).label("blowholes") is Label.OK
    assert rule.assign("BLOWHOLES", None).label("blowholes") is None
    assert rule.assign("ok", None).label("ok") is None


def test_a_folder_cannot_mean_both() -> None:
    with pytest.raises(DatasetError, match="'mixed' cannot be ok and defective at once"):
        ClassRule(ok=frozenset({"mixed"}), defective=frozenset({"Mixed"}))


@pytest.mark.parametrize(("name", "is_one"), [("a.JPG", True), ("a.tif", True), ("a.gif", False), ("a", False)])
def test_a_photo_is_known_by_the_end_of_its_name(name: str, is_one: bool) -> None:
    assert looks_like_photo(name) is is_one


def test_every_split_has_its_own_word() -> None:
    assert [split.value for split in Split] == ["train", "validation", "test", "unsplit"]
