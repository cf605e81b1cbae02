"""Taking photos in from a source: by their content, under names of our own, and all or nothing."""

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from casting_core.data.datasets.folders import Place, plain
from casting_core.data.datasets.layout import Entry, disk_name, look
from casting_core.data.imaging.images import Photo, decode
from casting_core.data.importing.sources import Source
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError, PhotoError, written

ROOM = ".importing-"  # how the folder begins in which an import is prepared
SUFFIX = {"PNG": ".png", "BMP": ".bmp", "TIFF": ".tif", "WEBP": ".webp"}  # all others are kinds of JPEG
DIGITS = 12  # hexadecimal digits of the sha256 in a name on disk
NAMED = re.compile(rf"-([0-9a-f]{{{DIGITS}}})\.[a-z]+$")

Report = Callable[[int, int], None]
Choices = Mapping[str, Label | None]  # by the class's key in a preview: what its photos are, or None to leave them out


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of the files of a source. ``refused`` has a path and a reason for each file that is no photo."""

    new: int = 0
    known: int = 0  # the same content lay in the same class already
    left_out: int = 0  # of classes that nobody wanted
    refused: tuple[tuple[str, str], ...] = ()


def shelves(choices: Choices) -> dict[str, str]:
    """The name on disk of each class that is wanted; ``DatasetError`` where one would hold ok and defective ones."""
    names = {key: disk_name(key) if key else label.word for key, label in choices.items() if label is not None}
    for key, name in names.items():
        other = next(one for one in names if names[one] == name)
        if choices[other] is not choices[key]:
            raise DatasetError(f"photos in no class folder cannot join {name!r}, which holds the opposite here")
    return names


def take_in(
    source: Source,
    goal: Path,
    choices: Choices,
    *,
    report: Report = lambda _done, _total: None,
    room: str | None = None,
) -> Taken:
    """Copies the photos of the wanted classes into the dataset's folder ``goal``, which may exist already.

    Every photo is decoded first; a file that is none is refused and the others go on. A photo whose content lies in
    its class folder already is not written again. ``report`` may raise to stop; then, and after every other failure,
    the disk is as it was before. ``room`` names this import: what an earlier attempt that was killed has left under
    the same name goes. Raises ``DatasetError`` where no photo can be taken in.
    """
    names = shelves(choices)
    photos = look(source.entries).photos
    wanted = [(entry, _shelf(place, names)) for entry, place in photos if plain(place.folder) in names]
    with written(goal.parent), _room(goal, room) as prepared:
        taken = _prepare(source, wanted, prepared, goal, report)
        if not taken.new and not taken.known:
            first = taken.refused[0] if taken.refused else None
            why = f"; {first[0][:80]!r}: {first[1]}" if first else ", for no class was wanted"
            raise DatasetError(f"none of {len(photos):,} photos can be taken in{why}")
        _move(prepared, goal)
    return replace(taken, left_out=len(photos) - len(wanted))


def sweep(folder: Path, *, older_than: float, now: float) -> None:
    """Deletes what imports left in ``folder`` that were killed; ``older_than`` in seconds."""
    for room in folder.glob(f"{ROOM}*"):
        if now - room.stat().st_mtime > older_than:
            shutil.rmtree(room, ignore_errors=True)


def _prepare(source: Source, wanted: Sequence[tuple[Entry, Path]], room: Path, goal: Path, report: Report) -> Taken:
    """Writes what is new at the goal into the room, under the same names."""
    here = {shelf: _identities(goal / shelf) for shelf in {shelf for _, shelf in wanted}}
    fresh, known, refused = 0, 0, []
    for done, (entry, shelf) in enumerate(wanted):
        report(done, len(wanted))
        try:
            content = source.read(entry)
            photo = decode(content)
        except PhotoError as error:
            refused.append((_readable(entry.path), str(error)))
            continue
        if photo.sha256[:DIGITS] in here[shelf]:
            known += 1
            continue
        here[shelf].add(photo.sha256[:DIGITS])
        (room / shelf).mkdir(parents=True, exist_ok=True)
        (room / shelf / _name(entry, photo)).write_bytes(content)
        fresh += 1
    report(len(wanted), len(wanted))
    return Taken(new=fresh, known=known, refused=tuple(refused))


def _readable(path: str) -> str:
    """The path as text: an old disk may hold names that are none, and no page could show them."""
    return path.encode("utf-8", "replace").decode("utf-8")


def _shelf(place: Place, names: Mapping[str, str]) -> Path:
    name = names[plain(place.folder)]
    return Path(name) if place.split is Split.UNSPLIT else Path(place.split.value, name)


def _identities(folder: Path) -> set[str]:
    """The beginnings of the sha256 of the photos that lie there."""
    if not folder.is_dir():
        return set()
    return {found[1] for path in folder.iterdir() if (found := NAMED.search(path.name))}


def _name(entry: Entry, photo: Photo) -> str:
    """A name of our own: letters of the old one, the photo's identity, and the end that its real format has."""
    stem = Path(entry.path.rsplit("/", 1)[-1]).stem
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "_", ascii_only).strip("_")[:40] or "photo"
    return f"{slug}-{photo.sha256[:DIGITS]}{SUFFIX.get(photo.format, '.jpg')}"


@contextmanager
def _room(goal: Path, name: str | None) -> Iterator[Path]:
    """An empty folder beside the goal; gone at the end, unless the process is killed."""
    room = goal.parent / f"{ROOM}{name or uuid4().hex}"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _move(room: Path, goal: Path) -> None:
    """Moves what was prepared to its goal; what was moved is taken back where something stands in the way."""
    if not goal.exists():
        room.rename(goal)
        return
    moved: list[Path] = []
    try:
        for path in [path for path in sorted(room.rglob("*")) if path.is_file()]:
            target = goal / path.relative_to(room)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            moved.append(target)
    except OSError:
        for path in moved:
            path.unlink(missing_ok=True)
        raise
