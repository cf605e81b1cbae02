"""A backup is read: hostile until its manifest and every sha256 have been looked at."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from casting_core.data.importing import archives
from casting_core.data.importing.archives import Archive, Limits
from casting_core.data.importing.sources import Entry
from casting_core.errors import CastingError, DatasetError, PhotoError
from casting_core.wording import printable
from casting_core.workflows.installation.manifest import LARGEST, NAME, Held, Manifest, mark_of, read

MOST = Limits(files=4_000_000, size=2**45, ratio=1.001, depth=1000, photos=False)  # nothing in a backup is packed
PIECE = 2**20  # bytes that are read at a time


@dataclass(frozen=True, kw_only=True, eq=False)
class Backup:
    """A backup, open; its manifest was looked at, its files were not."""

    manifest: Manifest
    mark: str
    archive: Archive
    entries: dict[str, Entry]  # by the paths of the manifest

    def copy(self, one: Held, goal: BinaryIO | None, count: Callable[[int], None]) -> None:
        """Reads a file of it, into ``goal`` if there is one; ``CastingError`` where it is not as the manifest says."""
        told, left = hashlib.sha256(), one.size
        with self.archive.reading(self.entries[one.path]) as content:
            while piece := content.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise _altered(one)
                told.update(piece)
                if goal is not None:
                    goal.write(piece)
                count(len(piece))
        if left or told.hexdigest() != one.sha256:
            raise _altered(one)


@contextmanager
def opened(path: Path | IO[bytes]) -> Iterator[Backup]:
    """The backup in this file; ``CastingError`` where it is none, is damaged, or means harm."""
    if isinstance(path, Path) and path.is_file() and not zipfile.is_zipfile(path):
        raise CastingError("the backup cannot be read: it is none of this program, or it was cut off")
    try:
        with archives.opened(path, limits=MOST) as archive:
            *others, last = archive.entries
            if last.path != NAME:
                raise CastingError("this is no backup of this program: there is no manifest at its end")
            packed = archive.read(last, most=LARGEST)
            manifest = read(packed)
            expected = [one.entry(number) for number, one in enumerate(manifest.files)]
            if [one.path for one in others] != expected:
                raise CastingError("the backup holds other files than its manifest says, and is refused as a whole")
            entries = dict(zip((one.path for one in manifest.files), others, strict=True))
            yield Backup(manifest=manifest, mark=mark_of(packed), archive=archive, entries=entries)
    except (DatasetError, PhotoError) as error:
        raise CastingError(f"the backup cannot be read: {error}") from error


def check(path: Path, *, count: Callable[[int], None] = lambda _number: None) -> tuple[Manifest, str]:
    """Reads every byte of a backup: its manifest, and its mark; ``CastingError`` where one is not as it was written.

    ``count`` is told bytes.
    """
    with opened(path) as backup:
        for one in backup.manifest.files:
            backup.copy(one, None, count)
        return backup.manifest, backup.mark


def _altered(one: Held) -> CastingError:
    return CastingError(
        f"the backup is damaged or was altered: {printable(one.path)[-120:]!r} is not as it was written"
    )
