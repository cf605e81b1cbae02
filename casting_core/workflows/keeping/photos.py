"""Kept photos: a file each, called by its sha256. Page, batch, watched folder and service keep them by one function.

A photo that no version has read in time, as a station may send one, is kept apart: it is never decoded for a page,
which it could break or keep for ever, but can be taken away as a file.

A verdict never waits for its photo, and is not lost with it: what cannot be kept is said in the log, and on the page
the verdict then stands without a picture.
"""

import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from casting_core import files
from casting_core.data.imaging.images import identity
from casting_core.domain import Verdict
from casting_core.errors import CastingError
from casting_core.settings import settings
from casting_core.workflows.keeping.rule import rule

NAME = re.compile(r"[0-9a-f]{64}")
UNREAD = ".unread"  # behind the name of a photo that nobody has read


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One kept photo."""

    photo: str  # sha256
    size: int  # bytes
    at: float  # when a verdict on it was given last, seconds since 1970, UTC
    read: bool = True  # whether a version has read it


def keep(content: bytes, verdict: Verdict | None, *, read: bool = True) -> bool:
    """Keeps the photo of a verdict where the rule wants it; whether it is kept now. It never raises.

    ``read``: whether a version has read it; if not, it is kept apart.

    It is not flushed to the disk, which costs more than the verdict itself: of a photo that a power cut has torn,
    ``find`` says that it is gone.
    """
    try:
        if not rule().keep.wants(verdict):
            return False
        photo = identity(content)
        if read:
            _place(photo, UNREAD).unlink(missing_ok=True)
        _put(content, _place(photo) if read or is_kept(photo) else _place(photo, UNREAD))
    except (OSError, CastingError) as error:
        logging.getLogger(__name__).warning("the photo of a verdict is not kept: %s", error)
        return False
    return True


def find(photo: str) -> bytes | None:
    """The photo with this sha256, byte for byte; none where it was not kept, was removed or is damaged."""
    return _found(photo, "")


def find_unread(photo: str) -> bytes | None:
    """The same of one that no version has read; it is not to be decoded by whoever must not break."""
    return _found(photo, UNREAD)


def is_kept(photo: str) -> bool:
    """Whether this photo is kept and was read by a version; its file is not looked into."""
    return bool(NAME.fullmatch(photo)) and _place(photo).is_file()


def kept() -> Iterator[Kept]:
    """All kept photos, those that nobody has read among them, in no order."""
    for folder in _root().glob("[0-9a-f][0-9a-f]"):
        for place in folder.iterdir():
            with suppress(OSError):  # somebody removes it just now
                photo = place.name.removesuffix(UNREAD)
                if NAME.fullmatch(photo):
                    about = place.stat()
                    yield Kept(photo=photo, size=about.st_size, at=about.st_mtime, read=photo == place.name)


def readable() -> list[str]:
    """The kept photos that a version has read, so that another one may look at them; in order."""
    return sorted(one.photo for one in kept() if one.read)


def remove(photo: str) -> None:
    """Takes a kept photo away; nothing where there is none."""
    if NAME.fullmatch(photo):
        _place(photo).unlink(missing_ok=True)
        _place(photo, UNREAD).unlink(missing_ok=True)


def _put(content: bytes, place: Path) -> None:
    with suppress(OSError):
        if place.stat().st_size == len(content):  # else a power cut has torn it
            os.utime(place, (now := time.time(), now))
            return
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f"{files.UNFINISHED}{uuid4().hex}")
    try:
        beside.write_bytes(content)
        beside.replace(place)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _found(photo: str, ending: str) -> bytes | None:
    if not NAME.fullmatch(photo):
        return None
    try:
        content = _place(photo, ending).read_bytes()
    except OSError:
        return None
    return content if identity(content) == photo else None


def _place(photo: str, ending: str = "") -> Path:
    return _root() / photo[:2] / f"{photo}{ending}"


def _root() -> Path:
    return settings().data_dir / "photos"
