"""What a folder says by its names: splits, classes, and what it does not say."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from casting_core.data.datasets.folders import folder_layout, list_folder, photos_to_judge
from casting_core.data.datasets.layout.grammar import read_layout
from casting_core.data.datasets.layout.values import class_folders
from casting_core.data.datasets.reading.listing import looks_like_photo
from casting_core.data.importing import archives
from casting_core.data.importing.sources import Dropped, Folder, Source
from casting_core.domain import Split
from casting_core.errors import DatasetError
from casting_core.settings import settings
from tests.core.data.importing.hostile import photo
from tests.core.data.importing.layouts import mask

posix = pytest.mark.skipif(os.name != "posix", reason="links are made by everybody there")


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
    assert tmp_path / folder_layout(tmp_path)[1].wrapping == inner


@pytest.mark.parametrize("only", ["train", "ok_front", "Good"])
def test_a_split_or_class_that_stands_alone_is_no_wrapping(tmp_path: Path, only: str) -> None:
    made(tmp_path, f"{only}/deeper/a.png")
    assert folder_layout(tmp_path)[1].wrapping == ""


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"there is no folder '.*gone'"):
        folder_layout(tmp_path / "gone")
    made(tmp_path, "file")
    with pytest.raises(DatasetError, match="there is no folder"):
        folder_layout(tmp_path / "file")


def test_a_folder_without_class_folders_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="expected train/ok_front, train/def_front"):
        folder_layout(made(tmp_path, "a.png", "b.png"))


TREES: dict[str, tuple[str, ...]] = {
    "the public layout": ("train/ok_front/a.jpeg", "train/def_front/b.jpeg", "test/ok_front/c.jpeg"),
    "class folders alone": ("ok/a.png", "defective/deep/er/b.png"),
    "wrapped once": ("castings/train/ok/a.png", "castings/train/def/b.png", "notes.txt", "beside.png"),
    "wrapped twice, with the traces of a Mac": (
        "data/castings/ok/a.png", "data/castings/def/b.png", "data/castings/ok/._a.png", "data/.DS_Store",
        "__MACOSX/data/castings/ok/._a.png",
    ),
    "the traces of Windows": ("ok/a.png", "ok/Thumbs.db", "def/desktop.ini", "def/b.png", "THUMBS.DB"),
    "hidden folders": (".git/ok/a.png", "ok/.cache/b.png", "ok/c.png", "def/d.png"),
    "photos beside the classes": ("a.png", "train/b.png", "train/ok/c.png", "table.csv"),
    "a split alone": ("train/deeper/a.png",),
    "a class alone": ("ok/deeper/a.png",),
    "no photos in the classes": ("ok/a.npz", "def/b.txt"),
    "a folder of notes beside": ("notes/read.txt", "casting/ok/a.png"),
}  # fmt: skip


def layout_of(source: Source) -> list[tuple[str, str, str, bool]]:
    files = read_layout(entry.path for entry in source.entries).files
    return sorted((one.path, one.split.value, one.folder, one.is_photo) for one in files)


@pytest.mark.parametrize("tree", TREES)
def test_the_same_tree_gives_the_same_places_on_disk_in_a_zip_and_dropped(tree: str, tmp_path: Path) -> None:
    paths = TREES[tree]
    dropped = layout_of(Dropped([(path, bytes) for path in paths]))
    on_disk = layout_of(Folder(made(tmp_path / "disk", *paths)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path in paths:
            file.writestr(path, b"")
    with archives.opened(packed) as archive:
        assert layout_of(archive) == on_disk == dropped
    assert dropped


def test_what_is_said_of_a_tree_is_what_its_folders_say() -> None:
    layout = read_layout(TREES["wrapped twice, with the traces of a Mac"])
    assert layout.wrapping == "data/castings"
    assert [(one.path, one.folder, one.number) for one in layout.files] == [
        ("ok/a.png", "ok", 0),
        ("def/b.png", "def", 1),
    ]
    beside = read_layout(TREES["photos beside the classes"])
    assert [one.path for one in beside.others] == ["table.csv"]
    assert [one.path for one in beside.meant_as_photos] == ["a.png", "train/b.png", "train/ok/c.png"]
    assert beside.splits == ("train",)


@pytest.mark.parametrize("path", ["./ok/a.png", "ok//a.png", "ok/./a.png"])
def test_what_says_nothing_in_a_path_is_left_out(path: str) -> None:
    first, _ = read_layout([path, "def/b.png"]).files
    assert (first.path, first.folder) == ("ok/a.png", "ok")


@posix
def test_a_link_to_a_folder_is_followed_where_a_class_may_stand_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = made(tmp_path / "elsewhere", "a.png")
    root = made(tmp_path / "castings", "train/def/b.png")
    (root / "train" / "ok").symlink_to(elsewhere)
    (root / "train" / "def" / "more").symlink_to(elsewhere)
    found = list_folder(root)
    assert found.paths == ("train/def/b.png",), "it leads out of the dataset, and nobody has asked for that"
    assert found.notes == (
        "left out, for it is a link to a folder, which is not followed here: 'train/def/more'",
        "left out, for it is a link out of the folder that is read, which is followed only where CASTING_FOLLOW_LINKS "
        "is 1: 'train/ok'",
    )
    monkeypatch.setenv("CASTING_FOLLOW_LINKS", "1")
    settings.cache_clear()
    found = list_folder(root)
    assert found.paths == ("train/def/b.png", "train/ok/a.png")
    assert found.notes == ("left out, for it is a link to a folder, which is not followed here: 'train/def/more'",)


@posix
def test_a_link_within_the_dataset_is_followed(tmp_path: Path) -> None:
    root = made(tmp_path / "castings", "shared/a.png", "train/def/b.png")
    (root / "train" / "ok").symlink_to(root / "shared")
    (root / "train" / "sibling").symlink_to(made(tmp_path / "castings-of-others", "c.png"))
    assert list_folder(root).paths == ("shared/a.png", "train/def/b.png", "train/ok/a.png")


@posix
def test_links_that_lead_to_themselves_or_upwards_are_not_followed(tmp_path: Path) -> None:
    root = made(tmp_path / "castings", "ok/a.png", "def/b.png")
    (root / "loop").symlink_to(root / "loop")
    (root / "up").symlink_to(tmp_path)
    (root / "here").symlink_to(root)
    assert list_folder(root).paths == ("def/b.png", "ok/a.png")


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


NAMES = {
    "a.JPG": True,
    "a.tif": True,
    "a.jfif": True,
    "a.JPE": True,
    "a.jpg_": True,
    "a.gif": False,
    "a": False,
    "a.heic": False,
}


@pytest.mark.parametrize(("name", "is_one"), NAMES.items())
def test_a_photo_is_known_by_the_end_of_its_name(name: str, is_one: bool) -> None:
    assert looks_like_photo(name) is is_one


def test_every_split_has_its_own_word() -> None:
    assert [split.value for split in Split] == ["train", "validation", "test", "unsplit"]


def test_of_a_folder_everything_that_looks_like_a_photo_is_judged_or_named(tmp_path: Path) -> None:
    names = (
        "a.png",
        "b/c.jfif",
        "d.JPE",
        "._a.png",
        "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg",
        ".thumbnails/x.jpg",
        "notes.txt",
    )
    made(tmp_path, *names, "e.HEIC", "f.cr2", "g.gif", "line/part", "line/Thumbs.db")
    (tmp_path / "line" / "part").write_bytes(photo(1))
    (tmp_path / "line" / "phone").write_bytes(b"\0\0\0\x18ftypheic" + bytes(20))
    (tmp_path / "a.png").write_bytes(photo(2))
    (tmp_path / "a_mask.png").write_bytes(mask())
    found = photos_to_judge(tmp_path)
    assert set(found.photos) == {"a.png", "b/c.jfif", "d.JPE", "line/part"}
    assert [path for path, _ in found.unread] == ["e.HEIC", "f.cr2", "g.gif", "line/phone"]
    assert all("iPhones" in reason for path, reason in found.unread if path in ("e.HEIC", "line/phone"))
    assert len(found.notes) == 3
    assert found.notes[0].startswith("4 files are hidden, or left behind")
    assert "'a_mask.png'" in found.notes[1]


@posix
def test_a_link_that_is_not_followed_is_named_and_not_passed_over(tmp_path: Path) -> None:
    elsewhere = made(tmp_path / "elsewhere", "a.png")
    root = made(tmp_path / "shift", "line/ok/b.png")
    (root / "line" / "ok" / "more").symlink_to(elsewhere)
    assert photos_to_judge(root).unread == (("line/ok/more", "it is a link to a folder, which is not followed here"),)
