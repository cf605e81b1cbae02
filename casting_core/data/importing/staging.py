"""Files that a browser sent, put down on disk until an import has taken them in: numbered, beside a list of names."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from casting_core.data.importing.sources import Dropped, Entry, capped
from casting_core.errors import DatasetError, PhotoError, written
from casting_core.settings import settings

NAMES = "names.json"


def stage(files: Sequence[tuple[str, Callable[[], bytes]]], folder: Path) -> None:
    """Writes the files (a name and a way to the bytes) into the empty folder; ``CastingError`` where it is full.

    What is larger than a photo may be is left out of the disk; reading it from there says so.
    """
    names = [entry.path for entry in Dropped(files).entries]
    with written(folder):
        folder.mkdir(parents=True)
        (folder / NAMES).write_text(json.dumps(names), "utf-8")
        for number, (_, read) in enumerate(files):
            content = read()
            (folder / str(number)).write_bytes(content[: settings().max_photo_bytes + 1])


class Staged:
    """The files of such a folder as a source; ``DatasetError`` where it has gone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            names = json.loads((folder / NAMES).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DatasetError("the files that were sent are not here any more; drop them once more") from error
        self.entries: Sequence[Entry] = tuple(Entry(path=name, number=at) for at, name in enumerate(names))
        self.notes: Sequence[str] = ()

    def read(self, entry: Entry) -> bytes:
        """The bytes of one file."""
        try:
            return capped((self._folder / str(entry.number)).read_bytes())
        except OSError as error:
            raise PhotoError(f"the file cannot be opened: {error.strerror or error}") from error
