"""Folders that several machines share: which files each holds, and whether all of them are in the object store.

What a folder holds is said here and nowhere else: nobody lists the store, and what lies there is held against this.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import Engine, delete, insert, select, update

from casting_core.errors import CastingError
from casting_core.records.database.access import deciding, reading, writing
from casting_core.records.database.tables import shared_folders
from casting_core.records.version_files import SHA256

Files = Mapping[str, tuple[str, int]]  # by its path in the folder: the sha256 of a file, and its bytes


@dataclass(frozen=True, kw_only=True)
class SharedFolder:
    """One folder as its row tells it."""

    name: str  # as "model/v3"
    files: Files
    machine: str  # where it was written last
    stored: bool  # whether all of its files are in the store


class SharedBook:
    """Reads and writes those rows. ``clock`` gives seconds since 1970."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock

    def all(self) -> list[SharedFolder]:
        """Every folder, by its name; ``CastingError`` where a row is none that this program has written."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(shared_folders).order_by(shared_folders.c.name)).all()
        return [
            SharedFolder(name=row.name, files=_checked(row.name, row.files), machine=row.machine, stored=row.stored)
            for row in rows
        ]

    def claim(self, name: str, *, machine: str) -> bool:
        """Takes a name for a folder that is being made on this machine; whether nobody else had it."""
        with deciding(self._engine, shared_folders) as connection:
            if connection.execute(select(shared_folders.c.name).where(shared_folders.c.name == name)).first():
                return False
            values = {"name": name, "files": {}, "machine": machine, "stored": True, "at": self._clock()}
            connection.execute(insert(shared_folders).values(**values))
            return True

    def write(self, name: str, change: Callable[[Files], Files], *, machine: str) -> None:
        """Says what a folder holds: ``change`` gets what it held; where that is something new it must be stored."""
        with deciding(self._engine, shared_folders) as connection:
            own = shared_folders.c.name == name
            row = connection.execute(select(shared_folders).where(own)).first()
            before = {} if row is None else _checked(name, row.files)
            files = {path: list(told) for path, told in _checked(name, change(before)).items()}
            values = {"files": files, "machine": machine, "stored": False, "at": self._clock()}
            if row is None:
                connection.execute(insert(shared_folders).values(name=name, **values))
            elif files != row.files:
                connection.execute(update(shared_folders).where(own).values(**values))

    def has(self, name: str) -> bool:
        """Whether a folder of this name is shared."""
        wanted = select(shared_folders.c.name).where(shared_folders.c.name == name)
        with reading(self._engine) as connection:
            return connection.execute(wanted).first() is not None

    def forget(self, name: str) -> None:
        """Nobody needs this folder any more."""
        with writing(self._engine) as connection:
            connection.execute(delete(shared_folders).where(shared_folders.c.name == name))

    def stored(self, folder: SharedFolder) -> None:
        """All files of this folder are in the store, if it still holds the same."""
        with deciding(self._engine, shared_folders) as connection:
            own = shared_folders.c.name == folder.name
            row = connection.execute(select(shared_folders).where(own)).first()
            if row is not None and _checked(folder.name, row.files) == folder.files:
                connection.execute(update(shared_folders).where(own).values(stored=True))


def _checked(name: str, files: Mapping[str, object]) -> Files:
    """The files, if each has a path inside its folder and a sum; nothing is ever written anywhere else."""
    found = {}
    for path, told in files.items():
        parts = PurePosixPath(path).parts
        inside = parts and not path.startswith("/") and "\\" not in path and "\0" not in path and ".." not in parts
        sha256, size = told if isinstance(told, list | tuple) and len(told) == 2 else ("", -1)
        whole = isinstance(sha256, str) and SHA256.fullmatch(sha256) and isinstance(size, int) and size >= 0
        if not inside or ":" in parts[0] or not whole:
            raise CastingError(f"what is on record of the shared folder {name[:80]!r} is damaged: {path[:80]!r}")
        found[path] = (sha256, size)
    return found
