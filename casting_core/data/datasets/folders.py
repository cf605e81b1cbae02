"""A folder on this machine as a dataset: all its files, read by the grammar of ``layout``."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.layout.grammar import read_layout
from casting_core.data.datasets.layout.sorting import sort_out
from casting_core.data.datasets.layout.values import SHOWN, Aside, Layout
from casting_core.data.datasets.levels import is_known, split_of
from casting_core.data.datasets.reading.listing import (
    Skipped,
    begins_like,
    ending,
    files_in,
    foreign_format,
    is_system,
    looks_like_photo,
)
from casting_core.data.datasets.reading.masks import Look
from casting_core.errors import DatasetError, PhotoError, require_unicode
from casting_core.settings import settings
from casting_core.wording import count, listed, verb

PLAIN = frozenset(  # endings of files that nobody looks into for a photo
    {
        *(".txt", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".md", ".html", ".log", ".ini", ".py", ".ipynb"),
        *(".zip", ".docx", ".xlsx", ".npz", ".npy", ".db", ".onnx"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All files below a folder, within it, and what was not looked into."""

    folder: Path
    paths: tuple[str, ...]
    skipped: tuple[tuple[Skipped, str], ...] = ()  # what was not looked into, with its path

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what was not looked into; what computers leave behind is nobody's loss."""
        places = [(what, path) for what, path in self.skipped if not _is_trace(path)]
        kinds = Counter(what for what, _ in places)
        shown = {what: [repr(path) for one, path in places if one is what] for what in kinds}
        return tuple(f"left out, for it is {what}: {listed(paths, most=SHOWN)}" for what, paths in shown.items())

    def head(self, number: int) -> bytes:
        """The first bytes of a file; none where it cannot be opened."""
        try:
            with (self.folder / self.paths[number]).open("rb") as file:
                return file.read(16)
        except OSError:
            return b""

    def read(self, number: int) -> bytes:
        """The bytes of one file, at most one more than a photo may have; ``PhotoError`` where it cannot be opened."""
        try:
            with (self.folder / self.paths[number]).open("rb") as file:
                return file.read(settings().max_photo_bytes + 1)
        except OSError as error:
            raise PhotoError(f"the file cannot be opened: {error.strerror or error}") from error


def list_folder(folder: Path, rule: ClassRule | None = None) -> Listing:
    """All files of a folder; ``DatasetError`` where there is no such folder, or it cannot be read.

    A link to a folder is followed where a split or a class may stand, and never within a class folder; one that leads
    out of this folder only where ``CASTING_FOLLOW_LINKS`` asks for it.
    """
    try:
        if not folder.is_dir():
            raise DatasetError(f"there is no folder {str(folder)!r}")
        next(folder.iterdir(), None)
    except OSError as error:
        raise DatasetError(f"the folder {str(folder)!r} cannot be read: {error.strerror}") from error
    rule = rule or ClassRule()

    def may_be_linked(name: str, beside: int) -> bool:
        return split_of(name, rule) is not None or (beside == 1 and not is_known(name, rule))

    skipped: list[tuple[Skipped, str]] = []
    paths = tuple(files_in(folder, may_be_linked=may_be_linked, notice=lambda what, path: skipped.append((what, path))))
    return Listing(folder=folder, paths=paths, skipped=tuple(skipped))


def folder_layout(folder: Path, *, rule: ClassRule | None = None, chosen: str = "") -> tuple[Listing, Layout]:
    """All files of a folder on this machine, and what they are; ``wrapping`` says where splits or classes lie in it.

    Raises ``DatasetError`` where there is no such folder, or nothing in it that could say what a photo is, and
    ``CastingError`` where the name of the folder that holds splits or classes is not written in Unicode.
    """
    found = list_folder(folder, rule)
    require_unicode(folder.resolve())
    layout = read_layout(found.paths, rule=rule, look=found.read, chosen=chosen)
    require_unicode(folder / layout.wrapping)
    in_folders = any(inner.is_dir() and not is_system(inner.name) for inner in folder.iterdir())
    if not in_folders and not any(place.folder for place in layout.files):
        raise DatasetError(
            f"{str(folder)!r} holds no class folders: expected train/ok_front, train/def_front, ... in it, or a table "
            "labels.csv with the columns filename and label"
        )
    return found, replace(layout, notes=(*layout.notes, *found.notes))


@dataclass(frozen=True, kw_only=True)
class ToJudge:
    """The files of a folder, by whether they can be judged. Paths are within the folder."""

    photos: tuple[str, ...]
    numbers: tuple[int, ...]  # which of the files they are: of a zip file two may have one path
    unread: tuple[tuple[str, str], ...]  # what looks like a photo and cannot be read, each with the reason
    notes: tuple[str, ...]  # sentences about all that is no photo


def photos_to_judge(folder: Path) -> ToJudge:
    """All that looks like a photo in a folder, at any depth: by its name, or by how it begins."""
    listing = list_folder(folder)
    found = to_judge(listing.paths, look=listing.read, head=listing.head)
    unread = list(found.unread)
    for what, path in listing.skipped:
        if not _is_trace(path) and (what is not Skipped.DEVICE or looks_like_photo(path)):
            unread.append((path, f"it is {what}"))
    return replace(found, unread=tuple(unread))


def to_judge(paths: Sequence[str], *, look: Look, head: Callable[[int], bytes]) -> ToJudge:
    """The same of files from anywhere; ``look`` and ``head`` give all and the first bytes of one by its number."""
    found = sort_out(paths, look)
    photos = [one.number for one in found.photos]
    unread: list[tuple[str, str]] = []
    others = 0
    for one in found.others:
        path = paths[one.number]
        kind = "" if foreign_format(path) or ending(path) in PLAIN else begins_like(head(one.number))
        if looks_like_photo(f"it{kind}"):
            photos.append(one.number)
        elif reason := foreign_format(path) or foreign_format(f"it{kind}"):
            unread.append((path, reason))
        else:
            others += 1
    masks = [repr(paths[number]) for number in sorted(found.masks.numbers)]
    notes = [f"{count(found.system, 'file')} {verb(found.system, 'are')} {Aside.SYSTEM}, and not judged"] * bool(
        found.system
    )
    no_photo = "is no photo by its name" if others == 1 else "are no photos by their names"
    notes += [f"not judged, for they show where defects are and no casting: {listed(masks, most=SHOWN)}"] * bool(masks)
    notes += [f"{count(others, 'file')} {no_photo}, and not judged"] * bool(others)
    numbers = tuple(sorted(photos))
    chosen = tuple(paths[number] for number in numbers)
    return ToJudge(photos=chosen, numbers=numbers, unread=tuple(unread), notes=tuple(notes))


def _is_trace(path: str) -> bool:
    return any(map(is_system, path.split("/")))
