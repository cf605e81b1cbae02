"""What was judged in a watched folder, kept line by line; and the way of a judged photo into a folder of its own."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from casting_core.domain import Verdict
from casting_core.errors import DatasetError, JobError, written
from casting_core.settings import settings

FOLDERS = {Verdict.PASS: "passed", Verdict.REJECT: "rejected", Verdict.INSPECT: "inspect", None: "unread"}
MOST_NAMES = 10_000  # of files that were called the same


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A file as it was seen; one that is written to has another soon."""

    size: int  # bytes
    changed: int  # nanoseconds since 1970


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was said of one file."""

    path: str  # within the folder, with forward slashes
    size: int
    changed: int
    sha256: str
    verdict: Verdict | None
    score: float | None
    reason: str

    @property
    def stamp(self) -> Stamp:
        """The file as it was then."""
        return Stamp(size=self.size, changed=self.changed)


class Memory:
    """What was judged in a folder, however often its watching was ended."""

    def __init__(self, file: BinaryIO, known: list[Seen]) -> None:
        self._file = file
        self._by_path = {one.path: one for one in known}
        self._by_photo = {one.sha256: one for one in known if one.sha256}

    def __len__(self) -> int:
        return len(self._by_path)

    def of_file(self, path: str, stamp: Stamp) -> Seen | None:
        """What was said of this very file; none where it is new, or was written anew."""
        known = self._by_path.get(path)
        return known if known is not None and known.stamp == stamp else None

    def of_photo(self, sha256: str) -> Seen | None:
        """What was said of the same photo, whatever it is called."""
        return self._by_photo.get(sha256)

    def keep(self, seen: Seen) -> None:
        """Writes it down, on the disk before anything else is done."""
        self._file.write(json.dumps(asdict(seen)).encode("ascii") + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._by_path[seen.path] = seen
        self._by_photo.setdefault(seen.sha256, seen)


def mark_of(folder: Path) -> str:
    """By which what was judged in a folder is found."""
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]


@contextmanager
def remembered(folder: Path) -> Iterator[Memory]:
    """What was judged in the folder; ``JobError`` where another process watches it."""
    place = settings().data_dir / "watched"
    with written(place):
        place.mkdir(parents=True, exist_ok=True)
        lock, kept = FileLock(place / f"{mark_of(folder)}.lock"), place / f"{mark_of(folder)}.jsonl"
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise JobError(f"another process watches {str(folder)!r} already") from error
        try:
            with kept.open("a+b") as file:
                yield Memory(file, _whole(file))
        finally:
            lock.release()


def move(folder: Path, path: str, verdict: Verdict | None) -> str:
    """Moves a judged file into the folder of its verdict, never over another file; where it lies now.

    Raises ``DatasetError`` where it cannot be moved, or that folder leads elsewhere.
    """
    source, within = folder / path, Path(FOLDERS[verdict]) / path
    place = folder
    try:
        for part in within.parts[:-1]:
            place = place / part
            if place.is_symlink():
                raise DatasetError(f"{place.relative_to(folder).as_posix()!r} is a link, so nothing is moved there")
            place.mkdir(exist_ok=True)
        return _into(source, place).relative_to(folder).as_posix()
    except OSError as error:
        raise DatasetError(f"{path!r} cannot be moved: {error.strerror or error}") from error


def _into(source: Path, place: Path) -> Path:
    """The file under its own name, or one with a number behind it where that is taken."""
    for number in range(1, MOST_NAMES):
        name = source.name if number == 1 else f"{source.stem} ({number}){source.suffix}"
        goal = place / name
        if _moved(source, goal):
            return goal
    raise DatasetError(f"{source.name!r} cannot be moved: {MOST_NAMES} files there are called so")


def _moved(source: Path, goal: Path) -> bool:
    """Whether it was moved; not where there is a file already, but for the same one, moved half by a killed process."""
    try:
        os.link(source, goal, follow_symlinks=False)  # says so where there is one, and replaces nothing
    except FileExistsError:
        if goal.is_symlink() or not goal.exists() or not goal.samefile(source):
            return False
    except (OSError, NotImplementedError):  # a disk that knows no second name, as of a camera's card or a network
        return _moved_by_name(source, goal)
    source.unlink()
    return True


def _moved_by_name(source: Path, goal: Path) -> bool:
    """The same where a file has one name only: the new name is taken first, by an empty file."""
    try:
        goal.open("xb").close()
    except FileExistsError:
        return False
    try:
        source.replace(goal)
    except OSError:
        with suppress(OSError):
            goal.unlink()
        raise
    return True


def _whole(file: BinaryIO) -> list[Seen]:
    """The lines that are whole; what a killed process left behind them is dropped."""
    file.seek(0)
    found, size = list[Seen](), 0
    for line in file:
        seen = _read(line)
        if seen is None:
            break
        found.append(seen)
        size += len(line)
    file.truncate(size)
    file.seek(size)
    return found


def _read(line: bytes) -> Seen | None:
    if not line.endswith(b"\n"):
        return None
    try:
        told: dict[str, Any] = json.loads(line)
        return Seen(**told | {"verdict": None if told["verdict"] is None else Verdict(told["verdict"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
