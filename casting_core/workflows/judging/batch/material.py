"""The photos of a batch: a folder of this machine, a zip file that is never unpacked, or files that a browser sent."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casting_core import files
from casting_core.data.datasets.folders import ToJudge, photos_to_judge, to_judge
from casting_core.data.importing import archives
from casting_core.data.importing.sources import Source
from casting_core.data.importing.staging import Staged
from casting_core.errors import DatasetError, PhotoError
from casting_core.wording import is_unicode, readable
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.inspect import read_file

HEAD = 16  # bytes that say what a file is


@dataclass(frozen=True, kw_only=True)
class Item:
    """One file of a batch."""

    path: str  # as its source calls it; a name that is not Unicode keeps its bytes
    entry: int  # which of the source's files; -1 of one that is known only by its path
    reason: str = ""  # why it cannot be judged, where that is known before it is opened

    @property
    def name(self) -> str:
        """Its path as text that pages and tables can hold."""
        return readable(self.path)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The files of a batch, in the order in which they are judged, and sentences about all that is no photo."""

    items: tuple[Item, ...]
    notes: tuple[str, ...]


Read = Callable[[Item], bytes]  # ``PhotoError`` where it cannot be read


@contextmanager
def reading(found: Found) -> Iterator[Read]:
    """Gives the bytes of each file, to several threads at once; ``DatasetError`` where they are not there."""
    if found.form is Form.FOLDER:
        yield lambda item: read_file(found.path / item.path)
        return
    with _source(found) as source:
        yield lambda item: source.read(source.entries[item.entry])


def list_items(found: Found) -> Listed:
    """All files that look like photos, and those that do and cannot be read, each with the reason.

    Raises ``DatasetError`` where there is none, and for a zip file that means harm.
    """
    if found.form is Form.FOLDER:
        listed = _listed(photos_to_judge(found.path))
    else:
        with _source(found) as source:
            listed = _listed(_to_judge(source), tuple(source.notes))
    if not listed.items:
        raise DatasetError("; ".join(("there are no photos in it", *listed.notes)))
    return listed


def keep_list(listed: Listed, path: Path) -> None:
    """Writes down which files a batch has: taken up again, it judges these and no others."""
    rows = [[one.path, one.entry, one.reason] for one in listed.items]
    files.replace(path, json.dumps({"items": rows, "notes": listed.notes}))


def kept_list(path: Path) -> Listed | None:
    """The files of a batch as they were written down; none where it was never begun."""
    try:
        told = json.loads(path.read_text("utf-8"))
        items = tuple(Item(path=name, entry=entry, reason=reason) for name, entry, reason in told["items"])
        return Listed(items=items, notes=tuple(told["notes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _source(found: Found) -> Iterator[Source]:
    if found.form is Form.ZIP:
        with archives.opened(found.path) as archive:
            yield archive
    else:
        yield Staged(found.path)


def _to_judge(source: Source) -> ToJudge:
    entries = source.entries

    def head(number: int) -> bytes:
        try:
            return source.read(entries[number])[:HEAD]
        except PhotoError:
            return b""

    return to_judge([one.path for one in entries], look=lambda number: source.read(entries[number]), head=head)


def _listed(found: ToJudge, notes: Sequence[str] = ()) -> Listed:
    read = [Item(path=path, entry=number) for path, number in zip(found.photos, found.numbers, strict=True)]
    unread = [Item(path=path, entry=-1, reason=reason) for path, reason in found.unread]
    told = [note if is_unicode(note) else readable(note) for note in (*notes, *found.notes)]
    return Listed(items=(*read, *unread), notes=tuple(told))
