"""Bad input, every kind of it: refused or reported with a sentence, nothing outside its folder, memory bounded."""

import io
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from casting_core.data.importing import archives
from casting_core.data.importing.copy_in import Taken, take_in
from casting_core.data.importing.preview import preview
from casting_core.data.importing.sources import Dropped, Folder
from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.settings import settings
from tests.core.data.importing import hostile

BOTH = {"ok": Label.OK, "ok_front": Label.OK, "def_front": Label.DEFECTIVE}
MEMORY = 64 * 2**20  # bytes; the largest archive here would unpack to 4 GiB


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A folder with a dataset's place in it and something beside it that must stay as it is."""
    (tmp_path / "beside.txt").write_text("untouched")
    (tmp_path / "datasets").mkdir()
    return tmp_path


@pytest.fixture(autouse=True)
def small_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_MAX_PHOTO_BYTES", str(2**20))
    settings.cache_clear()


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below, with what is in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def taken(content: bytes, world: Path) -> Taken:
    """Looks into the archive and takes in what is known to be ok or defective."""
    with archives.opened(io.BytesIO(content)) as archive:
        found = preview(archive)
        choices = {one.key: BOTH.get(one.key) for one in found.classes}
        return take_in(archive, world / "datasets" / "goal", choices)


@pytest.mark.parametrize("what", hostile.REFUSED)
def test_an_archive_that_means_harm_is_refused_and_the_disk_is_as_before(what: str, world: Path) -> None:
    make, reason = hostile.REFUSED[what]
    content, before = make(), tree(world)
    with measured() as peak, pytest.raises(DatasetError, match=reason) as refused:
        taken(content, world)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400
    assert tree(world) == before
    assert peak() < MEMORY


@pytest.mark.parametrize("what", hostile.DAMAGED)
def test_a_damaged_file_is_reported_and_the_others_go_on(what: str, world: Path) -> None:
    make, reason = hostile.DAMAGED[what]
    content = make()
    with measured() as peak:
        done = taken(content, world)
    assert (done.new, len(done.refused)) == (2, 1)
    with pytest.raises(DatasetError, match=reason):
        raise DatasetError(done.refused[0][1])
    assert peak() < MEMORY
    assert len([path for path in tree(world) if path.endswith(".png")]) == 2


@pytest.mark.parametrize("what", hostile.NAMES)
def test_a_name_from_outside_is_no_name_on_this_disk(what: str, world: Path) -> None:
    done = taken(hostile.with_name(hostile.NAMES[what]), world)
    assert (done.new, done.refused) == (3, ())
    assert_tame(world)


@pytest.mark.parametrize("what", hostile.NAMES)
def test_a_name_that_a_browser_sends_is_no_name_on_this_disk(what: str, world: Path) -> None:
    name = hostile.NAMES[what]
    files = [(f"../../{name}", lambda: hostile.photo(3)), (f"/etc/{name}", lambda: b"no photo")]
    source = Dropped(files)
    done = take_in(source, world / "datasets" / "goal", {one.key: Label.OK for one in preview(source).classes})
    assert (done.new, len(done.refused)) == (1, 1)
    assert_tame(world)


@pytest.mark.parametrize("folder", ["CON", "nul", "a\0b", "x" * 300, "\u202eko", "a:b", "o..k", "良品", "ok <b>", "*"])
def test_a_class_folder_of_any_name_finds_a_place(folder: str, world: Path) -> None:
    source = Dropped(
        [(f"train/{folder}/a.png", lambda: hostile.photo(3)), ("train/def/b.png", lambda: hostile.photo(4))]
    )
    done = take_in(source, world / "datasets" / "goal", {one.key: Label.OK for one in preview(source).classes})
    assert done.new == 2
    names = [path.name for path in (world / "datasets" / "goal" / "train").iterdir()]
    assert len(names) == 2
    for name in names:
        assert len(name.encode()) < 255
        assert not set(name) & set('\0/\\:*?"<>|\u202e.')
        assert name.casefold() not in ("con", "nul")


def test_a_size_that_is_too_large_does_no_harm(world: Path) -> None:
    lying = hostile.changed(hostile.with_name("ok/c.png"), line=24, to=struct.pack("<I", 2**18))
    assert taken(lying, world).new == 3


def test_a_large_archive_is_read_one_photo_at_a_time(world: Path) -> None:
    content = hostile.zipped({f"ok/{n}.png": hostile.photo(n) + hostile.random_bytes(2**19) for n in range(60)})
    with measured() as peak:
        assert taken(content, world).new == 60
    assert peak() < 8 * 2**20


def test_limits_can_be_moved(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value, reason in (
        ("FILES", "1", "2 files; at most 1.*CASTING_MAX_ZIP_FILES"),
        ("BYTES", "100", "unpack to.*CASTING_MAX_ZIP_BYTES"),
        ("DEPTH", "1", "2 deep.*CASTING_MAX_ZIP_DEPTH"),  # within the folder train
    ):
        with monkeypatch.context() as patch:
            patch.setenv(f"CASTING_MAX_ZIP_{name}", value)
            settings.cache_clear()
            with pytest.raises(DatasetError, match=reason):
                taken(hostile.zipped(hostile.HONEST), world)
    settings.cache_clear()
    assert taken(hostile.zipped(hostile.HONEST), world).new == 2


def made(folder: Path, *names: str) -> Path:
    """A folder with a photo of its own under each name."""
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(hostile.photo(seed))
    return folder


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no class folders"):
        preview(Folder(tmp_path))
    (tmp_path / "ok").mkdir()
    with pytest.raises(DatasetError, match="no photos were found among 0 files"):
        preview(Folder(tmp_path))


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("ok/a.png", "good/b.png"), "all photos are of one class, ok"),
        (("ok/a.png", "def/b.png", "lunker/c.png"), "nothing is known about 'lunker'"),
        (
            ("train/ok/a.png", "train/def/b.png", "train/c.png"),
            "1 photo lies in no class folder: say what it is, or it is left out",
        ),
        (("ok/a.png", "def/b.png", "def/c.svg"), "left out: 1 .svg"),
        (("Gepr\u00fcft/a.png", "Gepru\u0308ft/b.png"), "differ only in case or in the form of their letters"),
    ],
)
def test_what_is_odd_about_a_folder_is_said_with_counts(tmp_path: Path, names: tuple[str, ...], sentence: str) -> None:
    assert sentence in "\n".join(preview(Folder(made(tmp_path, *names))).problems)


def test_files_that_cannot_be_read_are_reported_and_the_others_go_on(world: Path, tmp_path: Path) -> None:
    folder = made(tmp_path / "from", "ok/a.png", "def/b.png", "def/gone.png")
    source = Folder(folder)
    (folder / "def" / "gone.png").unlink()
    (folder / "def" / "gone.png").mkdir()
    os.mkfifo(folder / "def" / "pipe.png")  # made after the folder was looked at, and not even opened
    done = take_in(source, world / "datasets" / "goal", {"ok": Label.OK, "def": Label.DEFECTIVE})
    assert (done.new, [path for path, _ in done.refused]) == (2, ["def/gone.png"])
    assert "cannot be opened" in done.refused[0][1]
    assert len(Folder(folder).entries) == 2


def test_a_bomb_is_one_indeed() -> None:
    """The corpus does what it says: unpacked in the usual way, the overlapping files are large."""
    with zipfile.ZipFile(io.BytesIO(hostile.quoted_overlap(5, 1000))) as archive:
        assert [info.file_size > 1000 for info in archive.infolist()] == [True] * 4 + [False]
        assert archive.infolist()[0].compress_size > archive.infolist()[-1].header_offset - 60


def assert_tame(world: Path) -> None:
    """Everything lies in the dataset's folder, under plain short names."""
    inside = [path for path in (world / "datasets" / "goal").rglob("*") if path.is_file()]
    outside = [path for path in tree(world) if not path.startswith("datasets")]
    assert outside == ["beside.txt"]
    assert inside
    for path in inside:
        assert path.name.isascii()
        assert len(path.name) < 80
        assert path.stem.replace("-", "").replace("_", "").isalnum()


class measured:  # noqa: N801 - used like a function
    """Measures how much memory is taken at most within a ``with``; the value is a function that tells bytes."""

    def __enter__(self) -> Callable[[], int]:
        tracemalloc.start()
        self._peak = 0
        return lambda: self._peak

    def __exit__(self, *_: object) -> None:
        self._peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
