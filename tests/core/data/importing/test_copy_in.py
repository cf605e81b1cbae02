"""Looking at photos before they are taken in, and taking them in: once by content, wherever they come from."""

import io
from pathlib import Path

import pytest

from casting_core.data.datasets.class_rule import ClassRule, clashes, disk_name
from casting_core.data.importing import archives
from casting_core.data.importing.copy_in import Taken, class_names, take_in
from casting_core.data.importing.preview import Preview, preview
from casting_core.data.importing.sources import Dropped, Folder
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError
from tests.core.data.importing.hostile import photo, zipped

BOTH = {"ok": Label.OK, "def": Label.DEFECTIVE}


def dropped(*names: str) -> Dropped:
    """Files of these names; each is a photo of its own, the same one for the same name."""
    return Dropped([(name, lambda name=name: photo(sum(name.rsplit("/")[-1].encode()))) for name in names])  # type: ignore[misc]


def looked(*names: str) -> Preview:
    return preview(dropped(*names))


def paths(folder: Path) -> list[str]:
    """The files below, without what tells their content apart."""
    return sorted(path.relative_to(folder).as_posix()[: -len("-123456789abc.png")] for path in folder.rglob("*.png"))


def test_a_preview_tells_classes_splits_and_counts() -> None:
    found = looked("train/ok_front/a.png", "train/ok_front/b.png", "test/def_front/c.png")
    assert [(one.key, one.photos, one.guess) for one in found.classes] == [
        ("def_front", 1, Label.DEFECTIVE),
        ("ok_front", 2, Label.OK),
    ]
    assert found.splits == (Split.TRAIN, Split.TEST)
    assert found.photos == 3
    assert found.problems == ()
    assert found.classes[1].counts == {Split.TRAIN: 2}


def test_a_folder_that_wraps_the_whole_is_seen_through() -> None:
    found = looked("casting data/train/ok/a.png", "casting data/train/def/b.png", "casting data/readme.txt")
    assert [one.key for one in found.classes] == ["def", "ok"]
    assert looked("x/y/ok/a.png", "x/y/def/a.png").splits == (Split.UNSPLIT,)
    assert [one.key for one in looked("ok/deep/a.png").classes] == ["ok"]


def test_what_computers_leave_behind_is_nobodys_photo() -> None:
    found = looked(
        "a/ok/a.png", "a/def/b.png", "__MACOSX/a/ok/._a.png", "a/.DS_Store", "a/ok/Thumbs.db", "a/ok/._b.png"
    )
    assert (found.photos, found.problems) == (2, ())


def test_files_beside_the_photos_are_counted_and_left_out() -> None:
    found = looked("ok/a.png", "def/b.png", "ok/mask.npz", "table.csv", "notes")
    assert found.problems == ("not photos by their names, and left out: 1 .npz, 1 .csv, 1 no ending",)


def test_a_class_that_is_not_known_is_said_and_nothing_is_guessed() -> None:
    found = looked("ok/a.png", "def/b.png", "mystery/c.png")
    assert found.guesses == {"ok": Label.OK, "def": Label.DEFECTIVE, "mystery": None}
    assert found.problems == ("nothing is known about 'mystery': say what it holds, or it is left out",)


def test_one_class_alone_is_said() -> None:
    assert "all photos are of one class, ok" in looked("ok/a.png", "good/b.png").problems[0]


def test_photos_in_no_class_folder_are_asked_for() -> None:
    found = looked("a.png", "train/b.png", "ok/c.png")
    assert found.classes[0].key == ""
    assert "2 photos lie in no class folder" in found.problems[0]


def test_names_that_differ_by_case_or_form_are_one_class_and_that_is_said() -> None:
    found = looked(
        "OK/a.png",
        "ok/b.png",
        "def/c.png",
        "Gepr\u00fcft/d.png",
        "Gepru\u0308ft/e.png",
        "Train/ok/f.png",
        "train/ok/g.png",
    )
    assert [one.names for one in found.classes if len(one.names) > 1] == [
        ("Gepru\u0308ft", "Gepr\u00fcft"),
        ("OK", "ok"),
    ]
    said = "\n".join(found.problems)
    assert "'OK', 'ok' differ only in case" in said
    assert "'Train', 'train' differ only in case" in said
    assert clashes(["OK", "ok", "Def"]) == [("OK", "ok")]


def test_a_rule_says_what_its_classes_mean() -> None:
    found = preview(dropped("lunker/a.png"), rule=ClassRule().assign("Lunker", Label.DEFECTIVE))
    assert found.guesses == {"lunker": Label.DEFECTIVE}


def test_photos_lie_in_the_public_layout_under_names_of_our_own(tmp_path: Path) -> None:
    source = dropped("Training/OK/Größe 1.png", "test/def/b.png", "def/c.png", "train/d.png")
    done = take_in(source, tmp_path / "goal", {**BOTH, "": Label.DEFECTIVE})
    assert done == Taken(new=4)
    assert paths(tmp_path / "goal") == ["def/c", "test/def/b", "train/defective/d", "train/ok/Groe_1"]


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    content = zipped({"ok/a.png": photo(1), "def/b.png": photo(2), "ok/again.png": photo(1)})
    for expected in (Taken(new=2, known=1), Taken(known=3)):
        with archives.opened(io.BytesIO(content)) as archive:
            assert take_in(archive, tmp_path / "goal", BOTH) == expected
        assert paths(tmp_path / "goal") == ["def/b", "ok/a"]


def test_more_photos_are_added_later(tmp_path: Path) -> None:
    take_in(dropped("ok/a.png", "def/b.png"), tmp_path / "goal", BOTH)
    assert take_in(dropped("ok/c.png", "ok/a.png"), tmp_path / "goal", BOTH) == Taken(new=1, known=1)
    assert paths(tmp_path / "goal") == ["def/b", "ok/a", "ok/c"]


def test_what_nobody_wants_is_left_out(tmp_path: Path) -> None:
    done = take_in(dropped("ok/a.png", "mystery/b.png"), tmp_path / "goal", {"ok": Label.OK, "mystery": None})
    assert done == Taken(new=1, left_out=1)
    with pytest.raises(DatasetError, match="no class was wanted"):
        take_in(dropped("mystery/b.png"), tmp_path / "none", {"mystery": None})
    assert not (tmp_path / "none").exists()


def test_a_folder_can_be_taken_in_too(tmp_path: Path) -> None:
    for name, seed in (("ok/a.png", 1), ("def/b.png", 2)):
        (tmp_path / "from" / name).parent.mkdir(parents=True)
        (tmp_path / "from" / name).write_bytes(photo(seed))
    (tmp_path / "from" / "ok" / "c.png").mkdir()
    assert take_in(Folder(tmp_path / "from"), tmp_path / "goal", BOTH) == Taken(new=2)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("before", [True, False])
def test_whoever_stops_an_import_finds_the_disk_as_before(tmp_path: Path, at: int, before: bool) -> None:
    if before:
        take_in(dropped("ok/z.png"), tmp_path / "goal", BOTH)
    known = sorted(tmp_path.rglob("*"))

    def stop(done: int, _total: int) -> None:
        if done == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(dropped("ok/a.png", "def/b.png"), tmp_path / "goal", BOTH, report=stop)
    assert sorted(tmp_path.rglob("*")) == known


def test_a_disk_that_refuses_leaves_everything_as_before(tmp_path: Path) -> None:
    take_in(dropped("ok/z.png"), tmp_path / "goal", BOTH)
    (tmp_path / "goal" / "def").write_text("a file where the class folder should be")
    known = sorted(tmp_path.rglob("*"))
    with pytest.raises(Exception, match="cannot be written"):
        take_in(dropped("ok/zz.png", "def/b.png", "aa/c.png"), tmp_path / "goal", {**BOTH, "aa": Label.OK})
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == [p for p in known if p.is_file()]


def test_one_class_folder_never_holds_both(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot join 'ok'"):
        class_names({"ok": Label.DEFECTIVE, "": Label.OK})
    assert not list(tmp_path.iterdir())


def test_names_on_disk_are_plain_and_never_meet() -> None:
    assert [disk_name(name) for name in ("OK Front", "ok-front", "良品", "Geprüft")] == [
        "ok_front",
        "ok_front",
        "良品",
        "geprüft",
    ]
    odd = ["con", "con_", "a:b", "a*b", "x" * 61, "x" * 62, "\0", "\u202e"]
    assert len({disk_name(name) for name in odd}) == len(odd)


def test_a_zip_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be opened"), archives.opened(tmp_path / "gone.zip"):
        pass
