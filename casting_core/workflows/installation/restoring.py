"""The way back: an empty installation becomes what a backup holds, or stays empty.

Everything is written beside its place and looked at first: each file by its sha256, the database page by page, the
ledger row by row. Only then does it take its place.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from casting_core import files
from casting_core.domain import Progress
from casting_core.errors import CastingError, written
from casting_core.records.chain import Head, Kind
from casting_core.records.database import backup as database_file
from casting_core.records.database.access import connect, file_of
from casting_core.records.ledger import Ledger
from casting_core.settings import settings
from casting_core.workflows.installation import snapshot
from casting_core.workflows.installation.manifest import DATA, DATABASE, ELSEWHERE, MODEL, Manifest
from casting_core.workflows.installation.reading import Backup, opened
from casting_core.workflows.moved import MOVED

COMES_WITH_US = ("starter", ".gitkeep", ".gitignore")  # what a new model folder may hold


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Where an installation is to be."""

    data: Path
    model: Path
    url: str  # of its database

    @classmethod
    def here(cls) -> "Goal":
        """This installation."""
        return cls(
            data=settings().data_dir.absolute(), model=settings().model_dir.absolute(), url=settings().database_url
        )

    @classmethod
    def within(cls, folder: Path) -> "Goal":
        """One of its own in a folder."""
        data = folder.absolute() / "data"
        return cls(
            data=data, model=folder.absolute() / "model", url=f"sqlite:///{(data / 'casting.sqlite').as_posix()}"
        )


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back."""

    goal: Goal
    files: int
    size: int  # bytes
    head: str  # of the ledger as the backup has it
    mark: str
    made: float  # when the backup was made, seconds since 1970, UTC
    left_out: tuple[str, ...]


def restore(path: Path, goal: Goal, *, actor: str, report: Progress = lambda _done, _total: None) -> Restored:
    """Puts a backup into an empty installation. ``report`` is told bytes.

    Raises ``CastingError`` where that is not empty, the backup is damaged, altered or hostile, or there is no room for
    it; then nothing was written.
    """
    _must_be_empty(goal)
    with opened(path) as backup:
        _must_have_room(backup.manifest, goal.data)
        with _workshop(goal.data) as data, _workshop(goal.model) as model:
            _unpack(backup, data, model, _counted(backup.manifest, report))
            copied = data / DATABASE
            _settle(copied, backup.manifest, goal, data)
            _put(copied, data / DATA, model, goal)
    about = {"done": "restored", "manifest": backup.mark, "head": backup.manifest.head}
    Ledger(connect(goal.url)).add(Kind.BACKUP, about=path.name, body=about, actor=actor.strip())
    return Restored(
        goal=goal, files=len(backup.manifest.files), size=backup.manifest.size, head=backup.manifest.head,
        mark=backup.mark, made=backup.manifest.made, left_out=backup.manifest.left_out,
    )  # fmt: skip


def _must_be_empty(goal: Goal) -> None:
    for what, folder, aside in (("data", goal.data, ()), ("model", goal.model, COMES_WITH_US)):
        with suppress(FileNotFoundError):
            if any(one.name not in aside for one in folder.iterdir()):
                raise CastingError(
                    f"the {what} folder {str(folder)!r} is not empty, and nothing is ever written over; give an empty "
                    f"one (CASTING_{what.upper()}_DIR), or a new folder with --into"
                )
    if (place := file_of(goal.url)) is None:
        snapshot.must_be_empty(goal.url)
    elif place.exists():
        raise CastingError(f"there is a database {str(place)!r} already, and nothing is ever written over")


def _must_have_room(manifest: Manifest, folder: Path) -> None:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(there).free
    if manifest.size > free:
        raise CastingError(
            f"the backup needs {manifest.size / 1e9:,.1f} GB, and {str(there)!r} has {free / 1e9:,.1f} GB left"
        )


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder to write in, within the one that it is for, so that a rename is enough at the end."""
    room = folder / f"{files.UNFINISHED}{uuid4().hex}"
    with written(folder):
        room.mkdir(parents=True)
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)
            with suppress(OSError):  # as it was before, where nothing came of it
                folder.rmdir()


def _counted(manifest: Manifest, report: Progress) -> Callable[[int], None]:
    done = 0

    def count(number: int) -> None:
        nonlocal done
        done += number
        report(done, max(manifest.size, 1))

    return count


def _unpack(backup: Backup, data: Path, model: Path, count: Callable[[int], None]) -> None:
    for one in backup.manifest.files:
        first, _, rest = one.path.partition("/")
        place = model / rest if first == MODEL else data / one.path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as file:
            backup.copy(one, file, count)
        os.utime(place, (one.changed, one.changed))


def _settle(copied: Path, manifest: Manifest, goal: Goal, data: Path) -> None:
    """Looks whether database and ledger are whole, and lets them tell of folders where these will lie."""
    database_file.check(copied)
    moved: dict[str, str] = {}
    for folder in snapshot.folders_in(copied):
        if (new := _new_place(folder, manifest, goal)) is not None and new != folder:
            moved[folder] = new
    snapshot.move_folders(copied, moved)
    engine = connect(f"sqlite:///{copied.as_posix()}")
    try:
        Ledger(engine).verify(Head.of(manifest.head))
    finally:
        engine.dispose()
    snapshot.alone(copied)
    known = data / DATA / MOVED
    earlier = json.loads(known.read_text("utf-8")) if known.is_file() else {}
    if earlier or moved:
        known.parent.mkdir(exist_ok=True)
        known.write_text(json.dumps({old: moved.get(new, new) for old, new in earlier.items()} | moved), "utf-8")


def _new_place(folder: str, manifest: Manifest, goal: Goal) -> str | None:
    """Where a folder of the backup will lie; none where the backup does not hold it."""
    for place in manifest.places:
        new = goal.data if place.at == DATA else goal.data / "datasets" / _brought(place.at)
        for old in place.folders:
            if folder == old or folder.startswith((f"{old}/", f"{old}\\")):
                return str(new) + folder[len(old) :].replace("\\", "/")
    return None


def _brought(at: str) -> str:
    """How a folder is called here that lay elsewhere: ``elsewhere/0``."""
    return at.replace("/", "-")


def _put(copied: Path, data: Path, model: Path, goal: Goal) -> None:
    """Renames everything into its place, the database last; where that fails, all of it is taken away again."""
    elsewhere = data.parent / ELSEWHERE
    pairs = [(one, goal.data / one.name) for one in sorted(data.iterdir())] if data.is_dir() else []
    pairs += [(one, goal.model / one.name) for one in sorted(model.iterdir()) if one.name not in COMES_WITH_US]
    if elsewhere.is_dir():
        below = goal.data / "datasets"
        pairs += [(one, below / f"{ELSEWHERE}-{one.name}") for one in sorted(elsewhere.iterdir())]
    done: list[Path] = []
    try:
        for source, place in pairs:
            place.parent.mkdir(parents=True, exist_ok=True)
            source.rename(place)
            done.append(place)
        if (database := file_of(goal.url)) is None:
            snapshot.fill(goal.url, copied)
        else:
            database.parent.mkdir(parents=True, exist_ok=True)
            copied.rename(database)
    except BaseException:
        for one in done:
            shutil.rmtree(one, ignore_errors=True) if one.is_dir() else one.unlink(missing_ok=True)
        raise
