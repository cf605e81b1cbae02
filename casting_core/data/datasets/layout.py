"""What paths say: which split and class a file belongs to, and whether it is called a photo.

Known layouts: ``train|test / class / photos`` (the public one) and ``class / photos``, each of them also wrapped in
folders that hold nothing else. The same grammar reads a folder on this machine, a zip file and files that were dropped.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casting_core.data.datasets.class_rule import ClassRule, folder_key
from casting_core.data.imaging.images import SUFFIXES
from casting_core.domain import Split
from casting_core.errors import DatasetError, require_unicode
from casting_core.wording import is_unicode

SPLIT_WORDS: Mapping[str, Split] = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "validation": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "val": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}
SYSTEM = frozenset({"__macosx", "thumbs.db", "desktop.ini"})  # what computers leave behind, beside hidden files

Folders = tuple[str, ...]  # the names of the folders above a file, the outermost first


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a file lies in a dataset, and what the folders above it say of it."""

    path: str  # within the dataset's root, with forward slashes
    split: Split
    folder: str  # the class folder's name; empty for a file that lies in none
    number: int  # which of the paths that were given; a path may come twice

    @property
    def is_photo(self) -> bool:
        """Whether it is called a photo; what is in it is for the decoder to say."""
        return looks_like_photo(self.path)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """All files of a dataset, in the order in which they were given, but for those of the system."""

    wrapping: str  # the path of the folder that holds splits and classes; empty where none is wrapped around them
    files: tuple[Place, ...]

    @property
    def photos(self) -> tuple[Place, ...]:
        """The files that are called photos."""
        return tuple(place for place in self.files if place.is_photo)

    @property
    def others(self) -> tuple[Place, ...]:
        """The files that are not called photos."""
        return tuple(place for place in self.files if not place.is_photo)

    @property
    def meant_as_photos(self) -> tuple[Place, ...]:
        """The photos, and whatever else lies in split and class folders, where nothing but photos is expected.

        Notes and tables beside those folders are left out.
        """
        return tuple(one for one in self.files if one.folder or one.split is not Split.UNSPLIT or one.is_photo)

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the split folders, as they are written, in alphabetical order."""
        tops = {place.path.partition("/")[0] for place in self.files if place.split is not Split.UNSPLIT}
        return tuple(sorted(tops))


def read_layout(paths: Iterable[str]) -> Layout:
    """Which split and class each file has by its path; folders that wrap the whole are seen through.

    Hidden files, what computers leave behind, and files beside a wrapping folder are left out.
    """
    folders_of = cache(_folders_of)  # asked once for each folder: very many files lie in few
    split_up = ((number, *path.rpartition("/")) for number, path in enumerate(paths))
    named = [(number, folders_of(above), name) for number, above, _, name in split_up if name and not is_system(name)]
    files = [(number, folders, name) for number, folders, name in named if folders is not None]
    wrapping = _wrapping({folders for _, folders, _ in files})
    meaning = {
        folders: _meaning(folders[len(wrapping) :])
        for folders in {folders for _, folders, _ in files}
        if folders[: len(wrapping)] == wrapping
    }
    places = (
        Place(path=f"{before}{name}", split=split, folder=folder, number=number)
        for number, folders, name in files
        if folders in meaning
        for before, split, folder in [meaning[folders]]
    )
    return Layout(wrapping="/".join(wrapping), files=tuple(places))


def folder_layout(folder: Path) -> tuple[Path, Layout]:
    """The root of the dataset in a folder on this machine (where its splits or classes lie), and its files.

    Raises ``DatasetError`` where there is no such folder, or no folder in it that could be a class.
    """
    try:
        if not folder.is_dir():
            raise DatasetError(f"there is no folder {str(folder)!r}")
        require_unicode(folder.resolve())  # it is there, so its name can be resolved
        holds_folders = any(inner.is_dir() and not is_system(inner.name) for inner in folder.iterdir())
    except OSError as error:
        raise DatasetError(f"the folder {str(folder)!r} cannot be read: {error.strerror}") from error
    if not holds_folders:
        raise DatasetError(
            f"{str(folder)!r} holds no class folders: expected train/ok_front, train/def_front, ... in it"
        )
    layout = read_layout(files_in(folder))
    return folder / layout.wrapping, layout


def files_in(folder: Path | str, *, links: bool = True) -> Iterator[str]:
    """The paths of all files below a folder, within it, with forward slashes and in a fixed order.

    Hidden files and what computers leave behind are left out. A link to a folder is followed where a split or a class
    may stand (``links``), and never within a class folder.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for entry in found if not is_system(entry.name)), key=lambda entry: entry.name)
    except PermissionError:  # what nobody may look into holds no photos for us
        return
    folders = {entry.name for entry in entries if _is_folder(entry, links=links)}
    for entry in entries:
        if entry.name in folders:
            within = links and (_split_of(entry.name) is not None or (len(folders) == 1 and not _is_known(entry.name)))
            yield from (f"{entry.name}/{path}" for path in files_in(entry.path, links=within))
        elif _is_file(entry):
            yield entry.name


def looks_like_photo(path: str) -> bool:
    """Whether the file's name ends like a photo's; what is in it is for the decoder to say."""
    return os.path.splitext(path)[1].lower() in SUFFIXES  # noqa: PTH122 - a Path for each of very many files costs more


def is_system(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or left behind by a computer: nobody's photo."""
    return name.startswith(".") or name.casefold() in SYSTEM


def class_folders(places: Iterable[Place]) -> tuple[str, ...]:
    """The names of the class folders among these places, in alphabetical order."""
    return tuple(sorted({place.folder for place in places if place.folder and is_unicode(place.folder)}))


def _is_folder(entry: "os.DirEntry[str]", *, links: bool) -> bool:
    try:
        if not entry.is_symlink():
            return entry.is_dir()
        leads_to, here = os.path.realpath(entry.path), os.path.realpath(os.path.dirname(entry.path))  # noqa: PTH120
        above = here == leads_to or here.startswith(leads_to.rstrip(os.sep) + os.sep)  # it would never end
        return links and entry.is_dir() and not above
    except OSError:  # a link that leads to itself
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a file; a pipe or a device is none, and reading one would never end."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _folders_of(above: str) -> Folders | None:
    """The names of the folders above a file, the outermost first; none where one of them is no place for photos."""
    folders = tuple(part for part in above.split("/") if part not in ("", "."))
    return None if any(map(is_system, folders)) else folders


def _wrapping(found: Collection[Folders]) -> Folders:
    """The folders that hold all others, where the whole was wrapped in some; a split or a class wraps nothing."""
    wrapping: Folders = ()
    while True:
        tops = {folders[0] for folders in found if folders}
        if len(tops) != 1 or all(len(folders) < 2 for folders in found) or _is_known(min(tops)):
            return wrapping
        wrapping += (min(tops),)
        found = {folders[1:] for folders in found if folders}


def _is_known(folder: str) -> bool:
    """Whether this is what a split or a class is usually called."""
    return _split_of(folder) is not None or ClassRule().label(folder) is not None


def _split_of(folder: str) -> Split | None:
    return SPLIT_WORDS.get(folder_key(folder))


def _meaning(folders: Folders) -> tuple[str, Split, str]:
    """What a path in these folders begins with, and the split and the class folder that they name."""
    first, second = (*folders, "", "")[:2]
    before, split = "".join(f"{folder}/" for folder in folders), _split_of(first)
    return (before, Split.UNSPLIT, first) if split is None else (before, split, second)
