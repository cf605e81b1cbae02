"""Nothing that is needed is removed, nothing is deleted through a link, and what was left half made goes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casting_core import files
from casting_core.data.importing import copy_in
from casting_core.errors import DatasetError
from casting_core.jobs import control
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Request, State, dataset_in
from casting_core.settings import ROOT, settings
from casting_core.workflows.datasets import import_job, removing
from casting_core.workflows.stores import dataset_book
from tests.core.data.importing.hostile import HONEST, zipped

posix = pytest.mark.skipif(os.name != "posix", reason="links are made by everybody there, and processes killed")

KILLED_WHILE = """
import os, signal, sys
from pathlib import Path
from casting_core.domain import Label
from casting_core.workflows.datasets.importing import import_photos, source_of
def report(done, total):
    if done >= float(sys.argv[2]) * total:
        os.kill(os.getpid(), signal.SIGKILL)
with source_of(Path(sys.argv[1])) as source:
    choices = {"ok_front": Label.OK, "def_front": Label.DEFECTIVE}
    import_photos(source, name="parts", choices=choices, report=report, mark="0badcafe", room="0badcafe")
"""


@pytest.fixture(autouse=True)
def two(tmp_path: Path) -> None:
    """Two datasets that lie elsewhere, so that either can be removed."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        dataset_book().add(NamedDataset(name=name, folder=str(tmp_path / name), rule={"ok": [], "defective": []}))


def left_over() -> list[Path]:
    return sorted(settings().datasets_dir.rglob("*")) if settings().datasets_dir.is_dir() else []


@posix
@pytest.mark.parametrize("share", [0.25, 0.75], ids=["while photos are copied", "before it has a name"])
def test_what_a_killed_import_left_goes_when_it_is_old_and_nobody_works_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    (tmp_path / "photos.zip").write_bytes(zipped(HONEST))
    command = [sys.executable, "-c", KILLED_WHILE, str(tmp_path / "photos.zip"), str(share)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    left = left_over()
    assert any(path.suffix == ".png" for path in left) or share < 0.5
    assert [known.name for known in dataset_book().all()] == ["one", "other"]
    removing.settle()
    assert left_over() == left, "it is not a day old"
    monkeypatch.setattr(removing, "ABANDONED", -1)
    request = Request(kind=import_job.KIND, inputs={"mark": "0badcafe", "path": ""})
    job = control.queue().ask(request, starting=True)[0]
    removing.settle()
    assert left_over() == left, "an import goes on there"
    control.log().end(job.id, State.FAILED)
    removing.settle()
    assert left_over() == []


def test_a_folder_that_no_import_has_noted_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database may be an old one that was put back, and not know it any more."""
    kept = settings().datasets_dir / "parts-12345678" / "ok"
    kept.mkdir(parents=True)
    monkeypatch.setattr(removing, "ABANDONED", -1)
    removing.settle()
    assert kept.is_dir()


def test_a_job_that_is_asked_for_while_the_dataset_is_removed_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first look at the jobs and the removal somebody asks for one: it is seen all the same."""
    folder = dataset_book().find("one").folder
    look = control.going_on

    def and_then_one_is_asked_for() -> object:
        seen = look()
        control.queue().ask(Request(kind="audit", inputs={}, uses=(dataset_in(folder),)))
        return seen

    monkeypatch.setattr(control, "going_on", and_then_one_is_asked_for)
    with pytest.raises(DatasetError, match="audit 1 needs the photos of 'one'"):
        removing.remove("one")
    assert dataset_book().find("one").folder == folder


@posix
def test_photos_behind_a_link_are_never_deleted(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "ok").mkdir(parents=True)
    (mine / "ok" / "photo.png").write_bytes(b"mine")
    settings().datasets_dir.mkdir(parents=True)
    link, held = settings().datasets_dir / "linked-1", settings().datasets_dir / "held-1"
    link.symlink_to(mine)
    held.mkdir()
    (held / "ok").symlink_to(mine / "ok")
    for folder in (link, held):
        dataset_book().add(NamedDataset(name=folder.name, folder=str(folder), rule={"ok": [], "defective": []}))
        removing.remove(folder.name)
    removing.settle()
    assert (mine / "ok" / "photo.png").read_bytes() == b"mine"
    assert not held.exists()
    assert removing.restorable() == []


@posix
def test_sweeping_takes_a_link_away_and_leaves_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.png").write_bytes(b"mine")
    (tmp_path / f"{copy_in.UNFINISHED}x").symlink_to(tmp_path / "mine")
    (tmp_path / f"{copy_in.UNFINISHED}y").mkdir()
    files.sweep(tmp_path, copy_in.UNFINISHED, older_than=-1, needed=[f"{copy_in.UNFINISHED}y"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{copy_in.UNFINISHED}y", "mine", "one", "other"]
    assert (tmp_path / "mine" / "photo.png").read_bytes() == b"mine"


def test_a_workshop_of_a_killed_run_goes_when_the_dashboard_starts() -> None:
    old, fresh = settings().model_dir / ".incoming-old", settings().model_dir / ".incoming-fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    removing.settle()
    assert not old.exists()
    assert fresh.exists()
