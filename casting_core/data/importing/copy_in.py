"""Taking photos in from a source: by their content, under names of our own, and all or nothing."""

import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import numpy as np
from PIL import Image

from casting_core.data.datasets.class_rule import ClassRule, disk_name, folder_key
from casting_core.data.datasets.layout.values import Place
from casting_core.data.datasets.reading.annotations import written_down
from casting_core.data.datasets.reading.masks import defect_in
from casting_core.data.datasets.reading.tables import Row
from casting_core.data.imaging.images import Photo, decode, identity
from casting_core.data.importing.sources import Entry, Source, layout_of
from casting_core.domain import Label, Progress, Split
from casting_core.errors import DatasetError, PhotoError, written
from casting_core.wording import count

MASKS, KEPT = "masks", "kept-"  # beside the photos: where their defects are; their groups and kinds of defect
UNFINISHED = ".importing-"  # how the name of a folder begins in which an import is prepared
SUFFIX = {"PNG": ".png", "BMP": ".bmp", "TIFF": ".tif", "WEBP": ".webp"}  # all others are kinds of JPEG
DIGITS = 12  # hexadecimal digits of the sha256 in a name on disk
NAMED = re.compile(rf"-([0-9a-f]{{{DIGITS}}})\.[a-z]+$")

Choices = Mapping[str, Label | None]  # by the class's key in a preview: what its photos are, or None to leave them out


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of the files of a source. ``refused`` has a path and a reason for each file that is no photo."""

    new: int = 0
    known: int = 0  # the same content lay in the same class already
    left_out: int = 0  # of classes that nobody wanted
    masks: int = 0  # kept with the photos that are new, as the place of their defects
    refused: tuple[tuple[str, str], ...] = ()


def class_names(choices: Choices) -> dict[str, str]:
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
    rule: ClassRule | None = None,
    chosen: str = "",
    report: Progress = lambda _done, _total: None,
    room: str | None = None,
) -> Taken:
    """Copies the photos of the wanted classes into the dataset's folder ``goal``, which may exist already.

    Every photo is decoded first; a file that is none is refused and the others go on. A photo whose content lies in
    its class folder already is not written again. ``report`` may raise to stop; then, and after every other failure,
    the disk is as it was before. ``room`` names this import: what an earlier attempt that was killed has left under
    the same name goes. ``rule`` and ``chosen`` are as ``preview`` had them. Masks of the photos, their groups and their
    kinds of defect are kept beside them. Raises ``DatasetError`` where no photo can be taken in.
    """
    names = class_names(choices)
    photos = layout_of(source, rule=rule, chosen=chosen).photos
    wanted = [(place, _class_folder(place, names)) for place in photos if folder_key(place.folder) in names]
    with written(goal.parent), _beside(goal, room) as beside:
        taken = _prepare(source, wanted, beside, goal, report)
        if not taken.new and not taken.known:
            first = taken.refused[0] if taken.refused else None
            why = f"; {first[0][:80]!r}: {first[1]}" if first else ", for no class was wanted"
            raise DatasetError(f"none of {count(len(photos), 'photo')} can be taken in{why}")
        _move(beside, goal)
    return replace(taken, left_out=len(photos) - len(wanted))


def _prepare(source: Source, wanted: Sequence[tuple[Place, Path]], beside: Path, goal: Path, report: Progress) -> Taken:
    """Writes what is new at the goal into the folder beside it, under the same names."""
    here = {folder: _identities(goal / folder) for folder in {folder for _, folder in wanted}}
    fresh, known, masks, refused, kept = 0, 0, 0, [], []
    for done, (place, folder) in enumerate(wanted):
        report(done, len(wanted))
        entry = source.entries[place.number]
        try:
            content = source.read(entry)
            photo = decode(content)
        except PhotoError as error:
            refused.append((_readable(entry.path), str(error)))
            continue
        if photo.sha256[:DIGITS] in here[folder]:
            known += 1
            continue
        here[folder].add(photo.sha256[:DIGITS])
        name = folder / _name(entry, photo)
        (beside / folder).mkdir(parents=True, exist_ok=True)
        (beside / name).write_bytes(content)
        masks += _keep_mask(source, place, photo, beside / MASKS / name.with_suffix(".png"))
        if place.groups or place.kinds:
            groups, kinds = (tuple(map(_readable, words)) for words in (place.groups, place.kinds))
            kept.append(Row(file=name.as_posix(), kinds=kinds, groups=groups))
        fresh += 1
    if kept:
        text = written_down(kept)
        (beside / f"{KEPT}{identity(text.encode())[:DIGITS]}.json").write_text(text, "utf-8")
    report(len(wanted), len(wanted))
    return Taken(new=fresh, known=known, masks=masks, refused=tuple(refused))


def _keep_mask(source: Source, place: Place, photo: Photo, goal: Path) -> int:
    """Writes the place of the photo's defects, black and white; 1 where there is one that fits it, else 0."""
    shown = np.zeros((photo.height, photo.width), dtype=np.bool_)
    fitting = 0
    for number in place.masks:
        try:
            mask = defect_in(source.read(source.entries[number]))
        except PhotoError:
            continue
        if mask.shape == shown.shape:
            shown |= mask
            fitting += 1
    if not fitting:
        return 0
    goal.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(shown.astype(np.uint8) * 255).save(goal)
    return 1


def _readable(path: str) -> str:
    """The path as text: an old disk may hold names that are none, and no page could show them."""
    return path.encode("utf-8", "replace").decode("utf-8")


def _class_folder(place: Place, names: Mapping[str, str]) -> Path:
    name = names[folder_key(place.folder)]
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
def _beside(goal: Path, name: str | None) -> Iterator[Path]:
    """An empty folder beside the goal; gone at the end, unless the process is killed."""
    beside = goal.parent / f"{UNFINISHED}{name or uuid4().hex}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _move(beside: Path, goal: Path) -> None:
    """Moves what was prepared to its goal; what was moved is taken back where something stands in the way."""
    if not goal.exists():
        beside.rename(goal)
        return
    moved: list[Path] = []
    try:
        for path in [path for path in sorted(beside.rglob("*")) if path.is_file()]:
            target = goal / path.relative_to(beside)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            moved.append(target)
    except OSError:
        for path in moved:
            path.unlink(missing_ok=True)
        raise
