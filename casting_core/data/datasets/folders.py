"""What a folder of photos says: which split and which label each photo has by where it lies.

Known layouts: ``train|test / class / photos`` (the public one) and ``class / photos``.
"""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casting_core.data.imaging.images import SUFFIXES
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError

OK_WORDS = frozenset(
    {"ok", "ok_front", "good", "pass", "passed", "sound", "normal", "accept", "accepted", "io", "0_ok"}
)
DEFECTIVE_WORDS = frozenset(
    {
        "def",
        "def_front",
        "defect",
        "defects",
        "defective",
        "bad",
        "ng",
        "nok",
        "not_ok",
        "fail",
        "failed",
        "faulty",
        "reject",
    }
    | {"rejected", "scrap", "nio", "anomaly", "1_defective"}
)
SPLIT_WORDS: Mapping[str, Split] = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "validation": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "val": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}


def plain(name: str) -> str:
    """A folder name as rules compare it: case, Unicode form, blanks and hyphens do not matter."""
    return unicodedata.normalize("NFC", name).casefold().strip().replace(" ", "_").replace("-", "_")


@dataclass(frozen=True)
class ClassRule:
    """Which class folders hold ok castings and which hold defective ones. Raises ``DatasetError`` if one holds both."""

    ok: frozenset[str] = field(default=OK_WORDS)
    defective: frozenset[str] = field(default=DEFECTIVE_WORDS)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ok", frozenset(map(plain, self.ok)))
        object.__setattr__(self, "defective", frozenset(map(plain, self.defective)))
        if both := self.ok & self.defective:
            raise DatasetError(f"the class folder {min(both)!r} cannot be ok and defective at once")

    def label(self, folder: str) -> Label | None:
        """The label of photos in a class folder of this name; ``None`` where the rule does not know it."""
        name = plain(folder)
        return Label.OK if name in self.ok else Label.DEFECTIVE if name in self.defective else None

    def assign(self, folder: str, label: Label | None) -> "ClassRule":
        """The same rule, but with this folder meaning ``label``, or nothing."""
        name = plain(folder)
        ok, defective = self.ok - {name}, self.defective - {name}
        if label is None:
            return ClassRule(ok, defective)
        return ClassRule(ok | {name}, defective) if label is Label.OK else ClassRule(ok, defective | {name})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a file lies in a dataset: its path, and the names of the folders that say split and class."""

    path: str  # relative to the dataset's root, with forward slashes
    split: Split
    folder: str  # the class folder's name; empty for a file that lies in none


def dataset_root(folder: Path) -> Path:
    """The folder that holds splits or classes: ``folder``, or the only one inside it where an archive wrapped it.

    Raises ``DatasetError`` where there is no folder, or nothing in it to look at.
    """
    try:
        if not folder.is_dir():
            raise DatasetError(f"there is no folder {str(folder)!r}")
        inner = _folders(folder)
    except OSError as error:
        raise DatasetError(f"the folder {str(folder)!r} cannot be read: {error.strerror}") from error
    if not inner:
        raise DatasetError(
            f"{str(folder)!r} holds no class folders: expected train/ok_front, train/def_front, ... in it"
        )
    only = inner[0]
    known = plain(only.name) in SPLIT_WORDS or ClassRule().label(only.name) is not None
    wraps = len(inner) == 1 and not known and _folders(only)
    return dataset_root(only) if wraps else folder


def places(root: Path) -> Iterator[Place]:
    """Every file that is meant to be a photo, in a fixed order: all files that lie in class or split folders.

    Hidden files and files beside the class folders (notes, tables) are nobody's photos and are left out.
    """
    for folder in _folders(root):
        split = SPLIT_WORDS.get(plain(folder.name))
        if split is None:
            yield from _photos(root, folder, Split.UNSPLIT, folder.name)
            continue
        yield from _photos(root, folder, split, "", deep=False)
        for inner in _folders(folder):
            yield from _photos(root, inner, split, inner.name)


def looks_like_photo(path: str) -> bool:
    """Whether the file's name ends like a photo's; what is in it is for the decoder to say."""
    return Path(path).suffix.lower() in SUFFIXES


def class_folders(found: Iterable[Place]) -> tuple[str, ...]:
    """The names of the class folders among these places, in alphabetical order."""
    return tuple(sorted({place.folder for place in found if place.folder}))


def _folders(folder: Path) -> list[Path]:
    return sorted(inner for inner in folder.iterdir() if inner.is_dir() and not inner.name.startswith("."))


def _photos(root: Path, folder: Path, split: Split, name: str, *, deep: bool = True) -> Iterator[Place]:
    within = folder.relative_to(root).as_posix()
    return (Place(path=f"{within}/{path}", split=split, folder=name) for path in _files(folder, deep=deep))


def _files(folder: Path | str, *, deep: bool) -> Iterator[str]:
    """The paths of the files in a folder, within it and with forward slashes; links to folders are not followed."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except PermissionError:  # what nobody may look into holds no photos for us
        return
    for entry in entries:
        if entry.is_file():  # a pipe or a device is no file, and reading one would never end
            yield entry.name
        elif deep and entry.is_dir(follow_symlinks=False):
            yield from (f"{entry.name}/{path}" for path in _files(entry.path, deep=True))
