"""What a backup says of itself: which files it holds, each with its sha256, and where they lay."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from casting_core.errors import CastingError
from casting_core.records.chain import Head
from casting_core.wording import is_unicode, printable

NAME = "manifest.json"
FORMAT, VERSION = "casting backup", 1
DATABASE = "database.sqlite"
DATA, MODEL, ELSEWHERE = "data", "model", "elsewhere"  # the first part of each path
UNNAMED = "unnamed"  # where files lie in the zip whose names are no text
LARGEST = 2**30  # bytes of a manifest
HEX = set("0123456789abcdef")


@dataclass(frozen=True, kw_only=True)
class Held:
    """One file of a backup."""

    path: str  # with forward slashes; begins with ``DATA``, ``MODEL`` or ``ELSEWHERE``, or is ``DATABASE``
    size: int  # bytes
    sha256: str
    changed: float  # seconds since 1970, UTC

    def entry(self, number: int) -> str:
        """How it is called in the zip file, where it is the one with this number, from 0."""
        return self.path if is_unicode(self.path) and "\\" not in self.path else f"{UNNAMED}/{number:07d}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a folder of a backup lay when it was made."""

    at: str  # in the backup: ``data``, or ``elsewhere/0``
    folders: tuple[str, ...]  # how the database may call it


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    program: str  # the version of the program that made it
    made: float  # seconds since 1970, UTC
    head: str  # of the ledger, as the database of the backup has it
    places: tuple[Place, ...]
    left_out: tuple[str, ...]  # what is not in it, as sentences
    files: tuple[Held, ...]

    @property
    def size(self) -> int:
        """Bytes of all its files together."""
        return sum(one.size for one in self.files)

    def to_bytes(self) -> bytes:
        """As it is written."""
        told = asdict(self) | {"format": FORMAT, "version": VERSION}
        return json.dumps(told, separators=(",", ":")).encode("ascii")


def mark_of(written: bytes) -> str:
    """By which a manifest is known, and with it every byte of its backup: the sha256 of it."""
    return hashlib.sha256(written).hexdigest()


def read(written: bytes) -> Manifest:
    """The manifest in these bytes; ``CastingError`` where it is none, or wants a file in a place where none may be."""
    try:
        told: dict[str, Any] = json.loads(written)
        if told["format"] != FORMAT:
            raise ValueError
        if told["version"] != VERSION:
            raise CastingError("the backup was made by a newer version of the program; restore it with that one")
        found = Manifest(
            program=str(told["program"]),
            made=float(told["made"]),
            head=str(told["head"]),
            places=tuple(Place(at=str(one["at"]), folders=tuple(map(str, one["folders"]))) for one in told["places"]),
            left_out=tuple(map(str, told["left_out"])),
            files=tuple(_held(one) for one in told["files"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CastingError("this is no backup of this program: its manifest cannot be read") from error
    _check(found)
    return found


def _held(told: dict[str, Any]) -> Held:
    one = Held(
        path=str(told["path"]), size=int(told["size"]), sha256=str(told["sha256"]), changed=float(told["changed"])
    )
    if one.size < 0 or len(one.sha256) != 64 or set(one.sha256) - HEX or not 0 <= one.changed < 2**40:
        raise ValueError
    return one


def _check(found: Manifest) -> None:
    Head.of(found.head)
    paths = [one.path for one in found.files]
    for path in paths:
        if not _may_be(path):
            raise CastingError(
                f"the backup wants to write outside its folders ({printable(path)[:80]!r}) and is refused as a whole"
            )
    if len(set(paths)) != len(paths):
        raise CastingError("the backup holds a file twice and is refused as a whole")
    if DATABASE not in paths:
        raise CastingError("the backup holds no database and is refused as a whole")
    if any(not _may_be(f"{one.at}/x") for one in found.places):
        raise CastingError("the backup has a folder in a place where none may be, and is refused as a whole")


def _may_be(path: str) -> bool:
    """Whether a file may lie there: within one of the three folders, by a name that leads nowhere else."""
    if path == DATABASE:
        return True
    parts: Sequence[str] = path.split("/")
    plain = all(part not in ("", ".", "..") and "\0" not in part for part in parts)
    tame = plain and not any(PurePosixPath(part).is_absolute() for part in parts)
    return tame and len(parts) > 1 and parts[0] in (DATA, MODEL, ELSEWHERE) and ":" not in parts[1][1:2]
