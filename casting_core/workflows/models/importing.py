"""Taking a version in from the zip file that ``models export`` writes: all of it, or nothing.

The file may come from anywhere. It is looked through as every zip file from outside; what it holds
must be the files of one version and no others, each as its card says; and the version must stand the
trial that comes before production, its graph giving the answers that it brings, before it has a name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

from casting_core import roles
from casting_core.data.datasets.reading.listing import is_system
from casting_core.data.importing import archives
from casting_core.data.importing.archives import Archive
from casting_core.data.importing.sources import Entry
from casting_core.errors import CastingError, DatasetError, ModelError, PhotoError
from casting_core.records.card import ModelCard
from casting_core.records.version_files import CARD, GATE, GRAPH, LARGEST
from casting_core.records.version_folder import file_in, finish, read_in
from casting_core.roles import Write
from casting_core.workflows.models.checks import check
from casting_core.workflows.recipes import check_card
from casting_core.workflows.stores import registry


def import_version(file: Path | IO[bytes], *, name: str = "") -> ModelCard:
    """The card of the version that was taken in under this name, or as the next ``vN``.

    Raises ``ModelError`` where the file is no version or cannot judge, or the name will not do; then
    everything is as it was before.
    """
    roles.require(Write.TAKE_IN)
    store = registry()
    store.check_name(name)
    try:
        with archives.opened(file) as archive, store.workshop() as folder:
            _unpack(archive, folder)
            brought = read_in(folder, check_card)
            _check_files(folder, brought)
            card = brought.model_copy(
                update={"name": name or brought.name, "run": None, "brought_from": _origin(brought)}
            )
            finish(folder, card)  # which a process of its own reads
            check(folder)
            return store.register(folder, card, name=name)
    except DatasetError as error:
        raise ModelError(str(error)) from error
    except ModelError as error:
        raise ModelError(f"this version is not taken in: {error}") from error


def _unpack(archive: Archive, folder: Path) -> None:
    """Writes the files of the archive into a workshop, under names of our own."""
    for file, entry in _files_of(archive).items():
        try:
            content = archive.read(entry, most=LARGEST[file])
        except PhotoError as error:
            raise ModelError(f"its {file} cannot be read: {error}") from error
        try:
            (folder / file).write_bytes(content)
        except OSError as error:
            raise CastingError(f"{str(folder)!r} cannot be written: {error.strerror or error}") from error


def _files_of(archive: Archive) -> Mapping[str, Entry]:
    """The entries by the file of a version that each is; ``ModelError`` where one is none, or comes twice."""
    found: dict[str, Entry] = {}
    entries = [one for one in archive.entries if not any(map(is_system, one.path.split("/")))]
    for entry in entries:
        _, _, name = entry.path.rpartition("/")
        if name not in LARGEST or entry.path.count("/") > 1:
            raise ModelError(f"the zip file holds {entry.path[:80]!r}, which no version has")
        if name in found:
            raise ModelError(f"the zip file holds {name} twice")
        found[name] = entry
    if len({entry.path.rpartition("/")[0] for entry in entries}) > 1:
        raise ModelError("the zip file holds more than one folder, and a version is in one")
    if missing := sorted({CARD, GRAPH, GATE} - set(found)):
        raise ModelError(f"the zip file lacks {', '.join(missing)}: 'models export' writes all of a version")
    return found


def _check_files(folder: Path, card: ModelCard) -> None:
    """Refuses what the card does not name, and what is not as it says."""
    here = {path.name for path in folder.iterdir()} - {CARD}
    if surplus := sorted(here - set(card.files)):
        raise ModelError(f"the zip file holds {surplus[0]}, which its card does not name")
    if missing := sorted(set(card.files) - here):
        raise ModelError(f"the zip file lacks {missing[0]}, which its card names")
    for file in card.files:
        file_in(folder, card, file)


def _origin(card: ModelCard) -> str:
    """What it was called where it was made."""
    return card.brought_from or card.name + (f" of run {card.run}" if card.run is not None else "")
