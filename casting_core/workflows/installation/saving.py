"""A backup is made while others work: the database as it was at one moment first, then all files, then read back.

What a row of the database tells of is on the disk before the row, so files that are copied after it are all there. What
is replaced together with a row of the ledger, such as which version is in production, is copied at that very moment.
"""

import hashlib
import io
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from casting_core import __version__, files
from casting_core.domain import Progress
from casting_core.errors import CastingError, StoppedError, require_unicode, written
from casting_core.records.chain import Kind
from casting_core.records.registry import POINTER
from casting_core.roles import Write, require
from casting_core.settings import settings
from casting_core.workflows.installation import snapshot
from casting_core.workflows.installation.contents import Belonging, contents
from casting_core.workflows.installation.manifest import DATA, DATABASE, MODEL, NAME, Held, Manifest, mark_of
from casting_core.workflows.installation.reading import check
from casting_core.workflows.stores import ledger

ABANDONED = 24 * 3600.0  # seconds after which a half-written backup is nobody's any more
PIECE = 2**20  # bytes that are copied at a time
NAMED = "casting-backup-%Y%m%d-%H%M%S.zip"
WITH_ROWS = (f"{MODEL}/{POINTER}", f"{DATA}/stations/tokens.json", f"{DATA}/photos/rule.json")


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A backup that was made and read back."""

    path: Path
    files: int
    size: int  # bytes of the zip file
    head: str  # of the ledger in it
    mark: str  # by which every byte of it is known
    left_out: tuple[str, ...]


def back_up(
    out: Path,
    *,
    actor: str,
    report: Progress = lambda _done, _total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Saved:
    """Writes everything this installation has into one zip file, reads it back, and then gives it its name.

    ``out`` is the file, or a folder that it gets a name in. ``report`` is told bytes. Raises ``CastingError`` where
    it lies in what is backed up, there is one already, the disk is full, or it does not read back as it was written.
    """
    actor = require(Write.BACK_UP, actor)
    goal = _goal(out)
    with written(goal.parent), tempfile.TemporaryDirectory(prefix=files.UNFINISHED, dir=_folder(goal)) as room:
        copied = Path(room, "copy.sqlite")
        early: dict[str, bytes] = {}
        head = snapshot.take(settings().database_url, copied, at_that_moment=lambda: _with_rows(early))
        there = contents()
        step = _Counted(2 * (sum(_size(one.place) for one in there.files) + _size(copied)), report, should_stop)
        with files.replaced(goal) as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as zipped:
                held = _pack(zipped, copied, early, there.files, step)
                packed = Manifest(
                    program=__version__, made=time.time(), head=head, places=there.places, left_out=there.left_out,
                    files=tuple(held),
                ).to_bytes()  # fmt: skip
                zipped.writestr(zipfile.ZipInfo(NAME), packed)
            file.flush()
            check(Path(file.name), count=step.count)
    mark = mark_of(packed)
    size = goal.stat().st_size
    body = {"done": "made", "files": len(held), "bytes": size, "manifest": mark, "head": head}
    ledger().add(Kind.BACKUP, about=goal.name, body=body, actor=actor.strip())
    return Saved(path=goal, files=len(held), size=size, head=head, mark=mark, left_out=there.left_out)


class _Counted:
    """Tells how many bytes are done, and looks whether somebody wants it to stop."""

    def __init__(self, total: int, report: Progress, should_stop: Callable[[], bool]) -> None:
        self._done, self._total, self._report, self._should_stop = 0, total, report, should_stop

    def count(self, number: int) -> None:
        """So many more bytes are done."""
        if self._should_stop():
            raise StoppedError("stopped before its end; there is no backup of it")
        self._done += number
        self._report(min(self._done, self._total), max(self._total, 1))


def _goal(out: Path) -> Path:
    require_unicode(out)
    with written(out):  # a name too long to be one
        goal = (out / time.strftime(NAMED, time.gmtime()) if out.is_dir() else out).absolute()
    for what, folder in (("data", settings().data_dir), ("model", settings().model_dir)):
        if goal.resolve().is_relative_to(folder.resolve()):
            raise CastingError(f"a backup cannot lie in the {what} folder, which it is of: take another disk")
    if goal.exists():
        raise CastingError(f"there is a file {str(goal)!r} already; give the backup another name")
    return goal


def _folder(goal: Path) -> Path:
    goal.parent.mkdir(parents=True, exist_ok=True)
    files.sweep(goal.parent, files.UNFINISHED, older_than=ABANDONED)
    return goal.parent


def _with_rows(early: dict[str, bytes]) -> str:
    """Reads what must be of the same moment as the ledger; its head. Nobody adds a row meanwhile."""
    for name in WITH_ROWS:
        with suppress(OSError):
            early[name] = _place(name).read_bytes()
    return str(ledger().head())


def _place(name: str) -> Path:
    root, _, rest = name.partition("/")
    return (settings().data_dir if root == DATA else settings().model_dir) / rest


def _size(place: Path) -> int:
    try:
        return place.stat().st_size
    except OSError:  # it has gone meanwhile
        return 0


class _Packing:
    """The zip file that is being written; nothing is packed in it, so that nothing in a backup can swell."""

    def __init__(self, zipped: zipfile.ZipFile, step: _Counted) -> None:
        self._zipped, self._step = zipped, step
        self.held: list[Held] = []

    def add_file(self, path: str, place: Path) -> None:
        """A file of this machine; of one that grows what is there now, and nothing of one that has gone meanwhile."""
        try:
            opened = place.open("rb")
        except FileNotFoundError:
            return
        except OSError as error:
            raise CastingError(f"{str(place)!r} cannot be read: {error.strerror or error}") from error
        with opened:
            about = os.fstat(opened.fileno())
            self.add(path, opened, size=about.st_size, changed=about.st_mtime)

    def add(self, path: str, content: BinaryIO, *, size: int, changed: float) -> None:
        """So many bytes at most, under this path."""
        told, done = hashlib.sha256(), 0
        info = zipfile.ZipInfo(Held(path=path, size=0, sha256="", changed=0.0).entry(len(self.held)))
        with self._zipped.open(info, "w", force_zip64=True) as goal:
            while done < size and (piece := content.read(min(PIECE, size - done))):
                goal.write(piece)
                told.update(piece)
                done += len(piece)
                self._step.count(len(piece))
        self.held.append(Held(path=path, size=done, sha256=told.hexdigest(), changed=max(0.0, changed)))


def _pack(
    zipped: zipfile.ZipFile, copied: Path, early: dict[str, bytes], there: tuple[Belonging, ...], step: _Counted
) -> list[Held]:
    packing = _Packing(zipped, step)
    for path, content in early.items():
        packing.add(path, io.BytesIO(content), size=len(content), changed=time.time())
    for one in there:
        if one.path not in early:
            packing.add_file(one.path, one.place)
    packing.add_file(DATABASE, copied)
    return packing.held
