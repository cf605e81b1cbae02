"""A watched folder: half-written files are waited for, each photo is judged once, and none is written over."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casting_core.data.imaging.images import identity
from casting_core.domain import Verdict
from casting_core.errors import CastingError, DatasetError, JobError
from casting_core.records.chain import Kind
from casting_core.records.ledger import Ledger
from casting_core.records.registry import STARTER
from casting_core.records.version_files import CARD
from casting_core.records.version_folder import finish
from casting_core.settings import ROOT, settings
from casting_core.workflows import stores
from casting_core.workflows.judging.batch import watched
from casting_core.workflows.judging.batch.watch import Told, Watching, watch
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.shadow.verdicts import read
from casting_core.workflows.judging.shadow.version import begin
from casting_core.workflows.stores import registry
from tests.core.data.encoded import png_header
from tests.core.data.importing import hostile
from tests.core.jobs.counting import Clock
from tests.patience import until


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("starter")


@pytest.fixture
def photos(sample_folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((sample_folder / "test").rglob("*.jpeg"))[:6]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


class Watched:
    """A folder that is watched by a clock of the test's own: between two looks something may happen."""

    def __init__(self, folder: Path, model: Model, **how: Any) -> None:
        self.clock, self.notices = Clock(), list[str]()
        self._watching = Watching(folder=folder, model=model, **how)

    def looks(self, *happens: Callable[[], object] | None, seconds: float = 2.0) -> list[Told]:
        """What is told in one look, and one more after each thing that happens, so many seconds later."""
        left: Iterator[Callable[[], object] | None] = iter(happens)
        over: list[bool] = []

        def sleep(_seconds: float) -> None:
            self.clock.now += seconds
            try:
                if (thing := next(left)) is not None:
                    thing()
            except StopIteration:
                over.append(True)

        return list(
            watch(
                self._watching, should_stop=lambda: bool(over), sleep=sleep, clock=self.clock,
                notice=self.notices.append,
            )
        )  # fmt: skip


def test_a_version_in_shadow_judges_what_comes_too_and_changes_nothing_that_is_told(
    folder: Path, model: Model, photos: list[bytes]
) -> None:
    beside = settings().model_dir / "v1"
    shutil.copytree(settings().starter_dir, beside)
    (beside / CARD).unlink()
    finish(beside, registry().card(STARTER).model_copy(update={"name": "v1"}))
    watched_by = Watched(folder, model, actor="station 3")
    (folder / "0.jpeg").write_bytes(photos[0])
    told = watched_by.looks(None)
    begin("v1", actor="Ana", reason="new lamp")
    (folder / "1.jpeg").write_bytes(photos[1])
    (folder / "again.jpeg").write_bytes(photos[0])
    (folder / "none.jpeg").write_bytes(b"no photo")
    told += watched_by.looks(None, seconds=40.0)
    assert len(told) == 4
    (row,) = stores.ledger().rows(kinds=[Kind.SHADOW_VERDICT])
    pair = read(row)
    assert (row.about, row.actor, pair.answer.file) == (identity(photos[1]), "station 3", "1.jpeg")
    assert (pair.said.model, pair.answer.model, pair.differs) == ("v1", "starter", False)
    stores.ledger().verify()


def rows() -> list[str]:
    """The files on record, in the order in which they were judged."""
    return [row.values["file"] for row in reversed(stores.ledger().rows())]


def test_a_photo_is_judged_once_it_stands_still_and_is_on_record_with_who_judges(
    folder: Path, model: Model, photos: list[bytes]
) -> None:
    (folder / "a.jpeg").write_bytes(photos[0])
    watched = Watched(folder, model, actor="station 3")
    assert watched.looks() == []  # it came just now
    (told,) = watched.looks(None, None, None)
    assert (told.path, told.again, told.moved) == ("a.jpeg", False, "")
    assert told.seen.verdict in (Verdict.PASS, Verdict.REJECT)
    (row,) = stores.ledger().rows()
    assert (row.kind, row.actor, row.values["verdict"]) == ("inspection", "station 3", told.seen.verdict)


def test_a_half_written_file_is_waited_for_however_slowly_it_comes(
    folder: Path, model: Model, photos: list[bytes]
) -> None:
    path, whole = folder / "a.jpeg", photos[0]
    path.write_bytes(whole[:4000])
    watched = Watched(folder, model)
    later = [lambda size=size: path.write_bytes(whole[:size]) for size in (6000, 8000, 9000)]
    assert watched.looks(None, None, *later, None, None) == []  # it stood still in between, and was not all there
    (told,) = watched.looks(lambda: path.write_bytes(whole), None, None)
    assert told.seen.verdict is not None
    assert rows() == ["a.jpeg"]


def test_a_file_that_never_becomes_a_photo_is_told_after_a_while_with_the_reason(folder: Path, model: Model) -> None:
    (folder / "a.jpeg").write_bytes(b"Dear foundry")
    (folder / "b.svg").write_bytes(b"<svg/>")
    (folder / "notes.txt").write_bytes(b"x")
    (folder / ".hidden.jpeg").write_bytes(b"x")
    watched = Watched(folder, model)
    assert watched.looks(*[None] * 10) == []
    first, second = watched.looks(*[None] * 20)
    assert "not a photo" in first.seen.reason
    assert "a drawing" in second.seen.reason
    assert watched.looks(*[None] * 20) == []
    assert rows() == ["a.jpeg", "b.svg"]


def test_a_copy_is_not_judged_again_and_a_file_that_was_written_anew_is(
    folder: Path, model: Model, photos: list[bytes]
) -> None:
    (folder / "a.jpeg").write_bytes(photos[0])
    watched = Watched(folder, model)
    watched.looks(None, None)
    (folder / "copy.jpeg").write_bytes(photos[0])
    (told,) = watched.looks(None, None)
    assert (told.path, told.again) == ("copy.jpeg", True)
    (folder / "a.jpeg").write_bytes(photos[1])
    (told,) = watched.looks(None, None)
    assert (told.path, told.again) == ("a.jpeg", False)
    assert rows() == ["a.jpeg", "a.jpeg"]
    assert Watched(folder, model).looks(None, None) == []  # watched again by another process


def test_killed_between_the_record_and_its_own_memory_it_records_no_photo_twice(
    folder: Path, model: Model, photos: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, photo in enumerate(photos[:3]):
        (folder / f"{number}.jpeg").write_bytes(photo)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(watched.Memory, "keep", killed)
        Watched(folder, model).looks(None, None)
    assert rows() == ["0.jpeg"]
    assert [told.path for told in Watched(folder, model).looks(None, None)] == ["0.jpeg", "1.jpeg", "2.jpeg"]
    assert rows() == ["0.jpeg", "1.jpeg", "2.jpeg"]


def test_a_memory_that_was_cut_off_anywhere_records_no_photo_twice(
    folder: Path, model: Model, photos: list[bytes]
) -> None:
    for number, photo in enumerate(photos[:3]):
        (folder / f"{number}.jpeg").write_bytes(photo)
    Watched(folder, model).looks(None, None)
    from casting_core.settings import settings

    (memory,) = (settings().data_dir / "watched").glob("*.jsonl")
    whole = memory.read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        memory.write_bytes(whole[:cut])
        Watched(folder, model).looks(None, None)
        assert memory.read_bytes() == whole
    assert len(rows()) == 3


def test_judged_photos_are_moved_and_none_is_written_over(folder: Path, model: Model, photos: list[bytes]) -> None:
    (folder / "line 1").mkdir()
    for name in ("a.jpeg", "line 1/b.jpeg"):
        (folder / name).write_bytes(photos[0])
    (folder / "half.jpeg").write_bytes(photos[1][:5000])
    for other in watched.FOLDERS.values():
        (folder / other).mkdir()
        (folder / other / "a.jpeg").write_bytes(b"it was there before")
    told = Watched(folder, model, move=True).looks(*[None] * 20)
    place = watched.FOLDERS[told[0].seen.verdict]
    assert [one.moved for one in told] == [f"{place}/a (2).jpeg", f"{place}/line 1/b.jpeg", "unread/half.jpeg"]
    assert (folder / told[0].moved).read_bytes() == (folder / told[1].moved).read_bytes() == photos[0]
    assert all((folder / other / "a.jpeg").read_bytes() == b"it was there before" for other in watched.FOLDERS.values())
    assert [path.name for path in folder.iterdir() if path.is_file()] == []
    assert rows() == ["a.jpeg", "half.jpeg"]
    (folder / "a.jpeg").write_bytes(photos[2])  # the camera counts anew
    (again,) = Watched(folder, model, move=True).looks(None, None)
    assert again.moved in {f"{other}/a (2).jpeg" for other in watched.FOLDERS.values()} | {f"{place}/a (3).jpeg"}
    assert (folder / again.moved).read_bytes() == photos[2]


def test_killed_before_it_was_moved_a_judged_photo_is_moved_and_not_judged_again(
    folder: Path, model: Model, photos: list[bytes]
) -> None:
    (folder / "a.jpeg").write_bytes(photos[0])
    (told,) = Watched(folder, model).looks(None, None)
    place = folder / watched.FOLDERS[told.seen.verdict]
    place.mkdir()
    os.link(folder / "a.jpeg", place / "a.jpeg")  # killed between the new name and the end of the old one
    assert Watched(folder, model, move=True).looks(None, None) == []
    assert sorted(path.name for path in place.iterdir()) == ["a.jpeg"]
    assert not (folder / "a.jpeg").exists()
    assert rows() == ["a.jpeg"]


def test_on_a_disk_without_second_names_nothing_is_written_over_either(
    folder: Path, photos: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError("not supported")

    monkeypatch.setattr(os, "link", unknown)
    (folder / "passed").mkdir()
    (folder / "passed" / "a.jpeg").write_bytes(b"before")
    (folder / "a.jpeg").write_bytes(photos[0])
    assert watched.move(folder, "a.jpeg", Verdict.PASS) == "passed/a (2).jpeg"
    assert (folder / "passed" / "a.jpeg").read_bytes() == b"before"
    assert (folder / "passed" / "a (2).jpeg").read_bytes() == photos[0]


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_links_are_never_followed_neither_to_photos_nor_to_a_place_for_them(
    folder: Path, model: Model, photos: list[bytes], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpeg").write_bytes(photos[0])
    (folder / "link.jpeg").symlink_to(outside / "secret.jpeg")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    for other in watched.FOLDERS.values():
        (folder / other).symlink_to(outside, target_is_directory=True)
    (folder / "a.jpeg").write_bytes(photos[1])
    (told,) = Watched(folder, model, move=True).looks(None, None, None)
    assert (told.path, told.moved) == ("a.jpeg", "")
    assert "is a link, so nothing is moved there" in told.trouble
    assert sorted(path.name for path in outside.iterdir()) == ["secret.jpeg"]
    os.mkfifo(folder / "pipe.jpeg")
    assert Watched(folder, model).looks(None, None, None) == []


def test_hostile_files_have_reasons_and_the_photos_beside_them_verdicts(
    folder: Path, model: Model, photos: list[bytes]
) -> None:
    bad = {"empty.png": b"", "bomb.png": png_header(60_000, 60_000), "zip.jpeg": hostile.zipped({"a": b"b"})}
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    for name in ("![x](http:__e.org).jpeg", "=1+1.jpeg", "\u202egpj.jpeg"):
        (folder / name).write_bytes(photos[0])
    if os.name == "posix":
        (folder / os.fsdecode(b"\xff.jpeg")).write_bytes(photos[0])
    told = Watched(folder, model).looks(*[None] * 20)
    reasons = {one.path: one.seen.reason for one in told if one.seen.verdict is None}
    assert set(bad) <= set(reasons)
    assert all(reasons.values())
    assert sum(one.seen.verdict is not None for one in told) == 3


def test_what_cannot_be_recorded_now_is_tried_again(
    folder: Path, model: Model, photos: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.jpeg").write_bytes(photos[0])

    def full(*_: object, **__: object) -> None:
        raise CastingError("the disk is full")

    watching = Watched(folder, model, move=True)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "add", full)
        assert watching.looks(*[None] * 4) == []
    assert watching.notices == ["'a.jpeg' is not on record yet: the disk is full"]
    assert (folder / "a.jpeg").exists()
    assert len(watching.looks(None, None)) == 1


def test_a_folder_that_is_away_is_waited_for_and_one_that_never_was_is_said(
    folder: Path, model: Model, photos: list[bytes], tmp_path: Path
) -> None:
    with pytest.raises(DatasetError, match="there is no folder"):
        Watched(tmp_path / "nowhere", model).looks()
    watching, away = Watched(folder, model), tmp_path / "away"

    def back() -> None:
        (away / "a.jpeg").write_bytes(photos[0])
        away.rename(folder)

    assert len(watching.looks(lambda: folder.rename(away), None, None, back, None, None)) == 1
    assert len(watching.notices) == 1


def test_a_folder_is_watched_by_one_process(folder: Path, model: Model) -> None:
    with watched.remembered(folder), pytest.raises(JobError, match="another process watches"):
        Watched(folder, model).looks()


@pytest.mark.skipif(os.name != "posix", reason="only POSIX knows kill -9")
def test_the_command_goes_on_after_kill_9_and_stops_when_it_is_told_to(folder: Path, photos: list[bytes]) -> None:
    command = [sys.executable, "-m", "casting_core", "watch", str(folder), "--move", "--every", "0.2", "--json"]
    for number, photo in enumerate(photos):
        (folder / f"{number}.jpeg").write_bytes(photo)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        until(lambda: stores.ledger().rows())
        process.kill()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        until(lambda: not [path for path in folder.iterdir() if path.is_file()])
        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate()
    assert process.returncode == 0
    assert all(json.loads(line)["moved"] for line in printed.splitlines())
    assert sorted(rows()) == [f"{number}.jpeg" for number in range(len(photos))]
    moved = [path.read_bytes() for path in folder.rglob("*.jpeg")]
    assert sorted(moved) == sorted(photos)
