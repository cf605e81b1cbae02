"""The file of an SQLite database: whether it is one still, its one backup, and the way back from it.

PostgreSQL keeps its files itself, and is backed up by its own tools.
"""

import os
import sqlite3
import stat
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from casting_core import files
from casting_core.errors import CastingError, written

DAY = 24 * 3600.0  # seconds after which a backup is made anew
WAITING = 30.0  # seconds that a backup waits for who writes
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite lays beside a database
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
RESTORE = "python -m casting_core database restore"


class Torn(sqlite3.DatabaseError):
    """A look at every page of a database has found one that is damaged."""


def backup_of(path: Path) -> Path:
    """Where the one backup of this database is kept."""
    return path.with_name(f"{path.name}.backup")


def damage(path: Path) -> str | None:
    """What shows at the first look that this file is no database, in words; none where nothing does."""
    try:
        found = os.lstat(path) if not path.is_symlink() else path.stat()
        if not stat.S_ISREG(found.st_mode):
            return "it is no file"
        if not found.st_size:
            return "it has 0 bytes"
        # Through SQLite: a process that opens and closes the file beside it loses the locks it holds on it (POSIX), and
        # what it writes then is lost.
        with closing(sqlite3.connect(path, timeout=WAITING)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
        return None
    except FileNotFoundError:
        return "it has gone, and its backup is there" if backup_of(path).is_file() else None
    except sqlite3.DatabaseError as error:
        return "it does not begin as a database does" if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB else None
    except OSError:  # opening it says so
        return None


def reason_in(error: BaseException) -> str | None:
    """What SQLite says of a damaged file; none where it objects to something else."""
    if isinstance(error, Torn):
        return str(error)
    code = getattr(error, "sqlite_errorcode", None)
    text = str(error).strip().partition("\n")[0]
    if (code is not None and code & 0xFF in DAMAGED) or text.startswith("no such table"):
        return text
    return None


def said(path: Path, reason: str) -> str:
    """One sentence: that this database is damaged, how it shows, and the way back."""
    when = made(path)
    back = (
        f"'{RESTORE}' puts back the backup of {when:%Y-%m-%d %H:%M} UTC and keeps the damaged file"
        if when
        else "there is no backup of it; move it away to begin anew"
    )
    return f"the database {str(path)!r} is damaged: {reason}; {back}"


def made(path: Path) -> datetime | None:
    """When the backup of this database was made; none where there is none."""
    try:
        return datetime.fromtimestamp(backup_of(path).stat().st_mtime, UTC)
    except OSError:
        return None


def due(path: Path, *, now: float | None = None) -> bool:
    """Whether there is a database, and no backup of it that is younger than a day."""
    now = time.time() if now is None else now
    when = made(path)
    return path.is_file() and (when is None or abs(now - when.timestamp()) >= DAY)


def back_up(path: Path) -> Path:
    """Puts a checked copy of this database in the place of its backup, and returns where that is.

    Others may write meanwhile. Raises ``CastingError`` where the database is damaged or the disk is
    full; the backup of before then stays.
    """
    if reason := damage(path) or (None if path.is_file() else "it is not there"):
        raise CastingError(said(path, reason))
    beside = path.with_name(f"{files.UNFINISHED}{uuid4().hex}")
    try:
        with closing(sqlite3.connect(path, timeout=WAITING)) as source:
            copy_whole(source, beside)
        _put(beside, backup_of(path))
    except sqlite3.Error as error:
        if reason := reason_in(error):
            raise CastingError(said(path, reason)) from error
        raise CastingError(f"no backup of {str(path)!r} can be made: {error}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return backup_of(path)


def copy_whole(source: sqlite3.Connection, out: Path) -> None:
    """Copies the database behind a connection into a new file that stands alone, and reads that through.

    Others may write meanwhile; a connection that reads already copies what it sees. Raises ``sqlite3.Error``.
    """
    with closing(sqlite3.connect(out)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    _check(out)


def check(path: Path) -> None:
    """Reads all of this database; ``CastingError`` with the way back where it is damaged."""
    try:
        if reason := damage(path):
            raise CastingError(said(path, reason))
        _check(path)
    except sqlite3.Error as error:
        raise CastingError(said(path, str(error))) from error


def restore(path: Path, *, now: datetime | None = None) -> Path | None:
    """Puts the backup in the place of this database; where what stood there lies now, if anything did.

    Nothing is deleted. Raises ``CastingError`` where there is no backup, or it is damaged itself.
    """
    backup = backup_of(path)
    if not backup.is_file():
        raise CastingError(f"there is no backup of {str(path)!r}: one is made each day that the dashboard runs")
    try:
        if reason := damage(backup):
            raise CastingError(f"the backup {str(backup)!r} is damaged itself: {reason}")
        _check(backup)
    except sqlite3.Error as error:
        raise CastingError(f"the backup {str(backup)!r} is damaged itself: {error}") from error
    beside = path.with_name(f"{files.UNFINISHED}{uuid4().hex}")
    with written(path.parent):
        beside.write_bytes(backup.read_bytes())
        aside = _move_aside(path, now or datetime.now(UTC))
        _put(beside, path)
    return aside


def _move_aside(path: Path, now: datetime) -> Path | None:
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}-{uuid4().hex[:4]}")
    for end in BESIDE:  # first: they belong to the old file, and must never meet the new one
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    try:
        path.rename(aside)
    except FileNotFoundError:
        return None
    return aside


def _check(path: Path) -> None:
    """Raises ``sqlite3.DatabaseError`` where a page of this database is damaged."""
    with closing(sqlite3.connect(path, timeout=WAITING)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise Torn(str(found).strip().replace("\n", ", "))


def _put(beside: Path, path: Path) -> None:
    """Flushes a file and puts it in its place in one step."""
    with written(path.parent):
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
