"""The disk: files replaced in one step, locks that die with their process, and what was left behind swept away."""

import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock

from casting_core.errors import written

UNFINISHED = ".unfinished-"  # how the name of a file begins that is still being written


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """A new file, open for bytes, that takes the place of ``path`` in one step when the block ends.

    Its folder is made where there is none. A reader sees what was there before, or all that is new; so it is after a
    power cut, too. Where the block or the disk fails, what was there before is untouched and nothing lies beside it.
    Raises ``CastingError`` where the disk is full or forbids it.
    """
    beside = path.parent / f"{UNFINISHED}{uuid4().hex}"
    with written(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        _flush_names(path.parent)


def replace(path: Path, content: bytes | str) -> None:
    """Puts this content (text as UTF-8) in the place of ``path`` in one step, as ``replaced`` does."""
    with replaced(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds the lock of this file, which the system takes from a process however it ends; waits as long as it takes.

    No other process, and no other thread of this one, holds it meanwhile. The folder must exist.
    """
    with FileLock(path):
        yield


def sweep(
    folder: Path, prefix: str, *, older_than: float, now: float | None = None, needed: Collection[str] = ()
) -> None:
    """Deletes the files and folders in ``folder`` that processes left there which were killed while they wrote.

    These are all whose names begin with ``prefix`` and that nobody has changed for ``older_than`` seconds, but for
    those ``needed``: somebody works on them. A link is taken away, and what it leads to stays. ``now``: in seconds
    since 1970, this moment if not given.
    """
    now = time.time() if now is None else now
    for left in folder.glob(f"{prefix}*"):
        with suppress(OSError):  # whoever wrote it has just finished, or another process sweeps, too
            if left.name in needed or now - left.lstat().st_mtime <= older_than:
                continue
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def _flush_names(folder: Path) -> None:
    """Lets a new name outlive a power cut; Windows knows no such thing, and does it by itself."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def arrays_in(kept: Path, names: Iterable[str]) -> dict[str, np.ndarray] | None:
    """These arrays of a file; none where it was never written, or is cut off."""
    try:
        with kept.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None
