"""Where photos come from before they are a dataset: files with a path each, read one at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.folders import folder_layout
from casting_core.data.datasets.layout.grammar import read_layout
from casting_core.data.datasets.layout.values import Layout
from casting_core.data.imaging.images import too_large
from casting_core.errors import NOT_UNICODE, PhotoError
from casting_core.settings import settings
from casting_core.wording import count, is_unicode, readable, verb


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file of a source. ``path`` is what the source calls it, with forward slashes; nothing is written there."""

    path: str
    number: int  # which of the source's files; a path may come twice


class Source(Protocol):
    """Files that may be photos. An archive, a folder and files dropped on a page are sources."""

    @property
    def entries(self) -> Sequence[Entry]:
        """Every file, in the source's own order."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What is to be said of the source as a whole, as sentences for a person."""
        ...

    def read(self, entry: Entry) -> bytes:
        """The bytes of one file; ``PhotoError`` where it is larger than a photo may be or cannot be read."""
        ...


class Folder:
    """The files of a dataset's folder on this machine, found as ``scan`` finds them; ``root`` is where photos lie.

    Raises ``DatasetError`` where the folder is missing or holds no class folders.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listing, layout = folder_layout(folder)
        self.root = (folder / layout.wrapping).resolve()
        self._listing = replace(listing, paths=tuple(filter(is_unicode, listing.paths)))
        unreadable = sum(not is_unicode(place.path) for place in layout.files)
        self.notes: Sequence[str] = (*_left_out(unreadable), *listing.notes)
        self.entries: Sequence[Entry] = _numbered(self._listing.paths)

    def read(self, entry: Entry) -> bytes:
        """The bytes of one file."""
        return capped(self._listing.read(entry.number))


class Dropped:
    """Files that a browser sent: pairs of a name, which may be a path, and a way to the bytes.

    ``..``, drives and leading slashes are left out of the names: they say nothing about a photo.
    """

    def __init__(self, files: Sequence[tuple[str, Callable[[], bytes]]]) -> None:
        self._files = files
        self.entries: Sequence[Entry] = _numbered([_tame(name) for name, _ in files])
        self.notes: Sequence[str] = ()

    def read(self, entry: Entry) -> bytes:
        """The bytes of one file."""
        return capped(self._files[entry.number][1]())


def layout_of(source: Source, *, rule: ClassRule | None = None, chosen: str = "") -> Layout:
    """What the paths of a source say; tables of labels and masks in it are read. ``chosen`` is one of several sets."""
    entries = source.entries
    paths = (entry.path for entry in entries)
    return read_layout(paths, rule=rule, look=lambda number: source.read(entries[number]), chosen=chosen)


def capped(content: bytes) -> bytes:
    """The same bytes; ``PhotoError`` where they are more than a photo may have."""
    if len(content) > settings().max_photo_bytes:
        raise PhotoError(too_large())
    return content


def _left_out(files: int) -> tuple[str, ...]:
    """What is said of files whose names no database and no page could hold."""
    if not files:
        return ()
    return (f"{count(files, 'file')} {verb(files, 'are')} left out: {NOT_UNICODE}",)


def _numbered(paths: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(Entry(path=path, number=number) for number, path in enumerate(paths))


def _tame(name: str) -> str:
    parts = [part for part in readable(name).replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(part for part in parts if not part.endswith(":")) or "no name"
