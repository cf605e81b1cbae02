"""Looking at a source of photos before anything is taken in, and taking it in: photos are kept by their content."""

import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from casting_core.data.folders import ClassRule, Place, plain
from casting_core.data.images import Photo, decode
from casting_core.data.layout import Layout, clashes, disk_name, look
from casting_core.data.sources import Entry, Source
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError, PhotoError, written

ROOM = ".importing-"  # how the folder begins in which an import is prepared
MOST_CLASSES = 40  # class folders; more are no classes, but castings or dates
SHOWN = 5  # names in one sentence
SUFFIX = {"PNG": ".png", "BMP": ".bmp", "TIFF": ".tif", "WEBP": ".webp"}  # all others are kinds of JPEG
DIGITS = 12  # hexadecimal digits of the sha256 in a name on disk
NAMED = re.compile(rf"-([0-9a-f]{{{DIGITS}}})\.[a-z]+$")

Report = Callable[[int, int], None]
Choices = Mapping[str, Label | None]  # by ``ClassFound.key``: what its photos are, or None to leave them out


@dataclass(frozen=True, kw_only=True)
class ClassFound:
    """One class of a source. Names that differ only in case or Unicode form are one class with several names."""

    key: str  # the name as rules compare it; empty for photos that lie in no class folder
    names: tuple[str, ...]
    counts: Mapping[Split, int]  # train before test
    guess: Label | None  # by the known words; nothing is guessed about other names
    examples: tuple[Entry, ...]

    @property
    def photos(self) -> int:
        """How many there are, over all splits."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a source holds by its names alone; ``problems`` are sentences for a person."""

    classes: tuple[ClassFound, ...]
    splits: tuple[Split, ...]
    problems: tuple[str, ...]

    @property
    def photos(self) -> int:
        """How many files are called photos."""
        return sum(found.photos for found in self.classes)

    @property
    def guesses(self) -> dict[str, Label | None]:
        """What the known words say of each class."""
        return {found.key: found.guess for found in self.classes}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of the files of a source. ``refused`` has a path and a reason for each file that is no photo."""

    new: int = 0
    known: int = 0  # the same content lay in the same class already
    left_out: int = 0  # of classes that nobody wanted
    refused: tuple[tuple[str, str], ...] = ()


def preview(source: Source, *, rule: ClassRule | None = None) -> Preview:
    """What the source holds; no photo is read and nothing is written.

    Raises ``DatasetError`` where there is no photo by its name, or more class folders than classes can be.
    """
    layout = look(source.entries)
    if not layout.photos:
        raise DatasetError(
            f"no photos were found among {len(source.entries):,} files: expected class folders with photos in them, "
            "such as ok_front and def_front, alone or within train and test"
        )
    classes = tuple(_classes(layout, rule or ClassRule()))
    if len(classes) > MOST_CLASSES:
        raise DatasetError(
            f"{len(classes):,} class folders were found, which cannot all be classes: expected folders such as "
            "ok_front and def_front, alone or within train and test"
        )
    present = {place.split for _, place in layout.photos}
    splits = tuple(split for split in Split if split in present)
    return Preview(classes=classes, splits=splits, problems=tuple(_problems(layout, classes)))


def shelves(choices: Choices) -> dict[str, str]:
    """The name on disk of each class that is wanted; ``DatasetError`` where one would hold ok and defective ones."""
    names = {key: disk_name(key) if key else label.word for key, label in choices.items() if label is not None}
    for key, name in names.items():
        other = next(one for one in names if names[one] == name)
        if choices[other] is not choices[key]:
            raise DatasetError(f"photos in no class folder cannot join {name!r}, which holds the opposite here")
    return names


def take_in(source: Source, goal: Path, choices: Choices, *, report: Report = lambda _done, _total: None) -> Taken:
    """Copies the photos of the wanted classes into the dataset's folder ``goal``, which may exist already.

    Every photo is decoded first; a file that is none is refused and the others go on. A photo whose content lies in
    its class folder already is not written again. ``report`` may raise to stop; then, and after every other failure,
    the disk is as it was before. Raises ``DatasetError`` where no photo can be taken in.
    """
    names = shelves(choices)
    photos = look(source.entries).photos
    wanted = [(entry, place) for entry, place in photos if plain(place.folder) in names]
    goal.parent.mkdir(parents=True, exist_ok=True)
    fresh, known, refused = 0, 0, []
    here: dict[Path, set[str]] = {}
    with written(goal.parent), _room(goal) as room:
        for done, (entry, place) in enumerate(wanted):
            report(done, len(wanted))
            shelf = _shelf(place, names)
            present = here.setdefault(shelf, _identities(goal / shelf))
            try:
                content = source.read(entry)
                photo = decode(content)
            except PhotoError as error:
                refused.append((_readable(entry.path), str(error)))
                continue
            if photo.sha256[:DIGITS] in present:
                known += 1
                continue
            present.add(photo.sha256[:DIGITS])
            (room / shelf).mkdir(parents=True, exist_ok=True)
            (room / shelf / _name(entry, photo)).write_bytes(content)
            fresh += 1
        if not fresh and not known:
            why = f"; {refused[0][0][:80]!r}: {refused[0][1]}" if refused else ", for no class was wanted"
            raise DatasetError(f"none of {len(photos):,} photos can be taken in{why}")
        report(len(wanted), len(wanted))
        _move(room, goal)
    return Taken(new=fresh, known=known, left_out=len(photos) - len(wanted), refused=tuple(refused))


def sweep(folder: Path, *, older_than: float, now: float) -> None:
    """Deletes what imports left in ``folder`` that were killed; ``older_than`` in seconds."""
    for room in folder.glob(f"{ROOM}*"):
        if now - room.stat().st_mtime > older_than:
            shutil.rmtree(room, ignore_errors=True)


def _classes(layout: Layout, rule: ClassRule) -> Iterator[ClassFound]:
    by_key: dict[str, list[tuple[Entry, Place]]] = {}
    for entry, place in layout.photos:
        by_key.setdefault(plain(place.folder), []).append((entry, place))
    for key, members in sorted(by_key.items()):
        numbers = Counter(place.split for _, place in members)
        yield ClassFound(
            key=key,
            names=tuple(sorted({place.folder for _, place in members})),
            counts={split: numbers[split] for split in Split if split in numbers},
            guess=rule.label(key),
            examples=tuple(entry for entry, _ in members[:: max(1, len(members) // 4)][:4]),
        )


def _problems(layout: Layout, classes: tuple[ClassFound, ...]) -> Iterator[str]:
    for names in [*clashes(layout.splits), *(found.names for found in classes if len(found.names) > 1)]:
        shown = ", ".join(repr(name) for name in names[:SHOWN])
        yield f"the folders {shown} differ only in case or in the form of their letters and count as one"
    unknown = [found for found in classes if found.key and found.guess is None]
    if unknown:
        shown = ", ".join(repr(found.names[0]) for found in unknown[:SHOWN])
        yield f"nothing is known about {shown}: say what it holds, or it is left out"
    if loose := next((found for found in classes if not found.key), None):
        yield f"{loose.photos:,} photos lie in no class folder: say what they are, or they are left out"
    guesses = {found.guess for found in classes}
    if len(guesses) == 1 and (only := guesses.pop()) is not None:
        yield f"all photos are of one class, {only.word}; a network needs both to learn the difference"
    if layout.others:
        kinds = Counter(Path(entry.path).suffix[:12].lower() or "no ending" for entry in layout.others).most_common(
            SHOWN
        )
        shown = ", ".join(f"{number:,} {kind}" for kind, number in kinds)
        yield f"not photos by their names, and left out: {shown}"


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
def _room(goal: Path) -> Iterator[Path]:
    """An empty folder beside the goal; gone at the end, however it ends."""
    room = goal.parent / f"{ROOM}{uuid4().hex}"
    room.mkdir()
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
