"""What the folders above a file say: its split, its class, and the groups it belongs to; and sets side by side.

The deepest folder whose name is a known word is the class, and the deepest that is called like a split is the split;
they may stand in any order and at any depth. All other levels are groups: dates, lines, stations, numbers of parts.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from casting_core.data.datasets.class_rule import ClassRule, folder_key
from casting_core.data.datasets.reading.words import is_date, is_place, says_nothing, split_word
from casting_core.domain import Split

Folders = tuple[str, ...]  # the names of the folders above a file, the outermost first

OLD_SPLITS: Mapping[str, Split] = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "validation": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "val": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}  # all that an exact rule knows
_SIZE = re.compile(r"\d{2,4}\s*[x×]\s*\d{2,4}")
_VERSION = re.compile(
    r"augmented|augmentation|aug|original|originals|orig|raw|resized|cropped|crop|gr[ae]y(scale)?|(pre)?processed|copy|backup"
)


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What the folders above a file say of it."""

    split: Split
    folder: str  # the class folder's name; empty where none stands there
    known: bool = False  # whether that is a word the rule knows
    groups: Folders = ()  # all other levels, but those that are there for order only


def split_of(name: str, rule: ClassRule) -> Split | None:
    """The split that a folder of this name stands for."""
    return OLD_SPLITS.get(folder_key(name)) if rule.exact else split_word(name)


def is_known(name: str, rule: ClassRule) -> bool:
    """Whether this is what a split or a class is called."""
    return split_of(name, rule) is not None or rule.label(name) is not None


def wrapping(found: Collection[Folders], rule: ClassRule) -> Folders:
    """The folders that hold all others, where the whole was wrapped in some; a split or a class wraps nothing."""
    above: Folders = ()
    while True:
        tops = {folders[0] for folders in found if folders}
        if len(tops) != 1 or all(len(folders) < 2 for folders in found) or is_known(min(tops), rule):
            return above
        above += (min(tops),)
        found = {folders[1:] for folders in found if folders}


def meanings(found: Collection[Folders], rule: ClassRule, others: Collection[Folders] = ()) -> dict[Folders, Meaning]:
    """What each place says. A folder of no known word is a class where others beside it, or as deep as it, are.

    ``others`` are places without photos: they are read as the photos' places say, and say nothing themselves.
    """
    at = {folders: _class_level(folders, rule) for folders in found}
    parents = {folders[:level] for folders, level in at.items() if level is not None}
    depths = {len(_without_splits(parent, rule)) for parent in parents}
    depth = min(depths) if depths else _likely_depth([_without_splits(folders, rule) for folders in found])
    places = at | {folders: _class_level(folders, rule) for folders in others}
    return {folders: _meaning(folders, level, parents, depth, rule) for folders, level in places.items()}


def _class_level(folders: Folders, rule: ClassRule) -> int | None:
    levels = [level for level, name in enumerate(folders) if rule.label(name) is not None]
    return levels[-1] if levels else None


def _without_splits(folders: Folders, rule: ClassRule) -> Folders:
    return tuple(name for name in folders if split_of(name, rule) is None)


def _meaning(folders: Folders, level: int | None, parents: set[Folders], depth: int, rule: ClassRule) -> Meaning:
    splits = [at for at, name in enumerate(folders) if at != level and split_of(name, rule) is not None]
    split = split_of(folders[splits[-1]], rule) if splits else None
    known = level is not None
    if level is None:
        level = _unknown_level(folders, set(splits), parents, depth)
    rest = [name for at, name in enumerate(folders) if at != level and at not in splits]
    return Meaning(
        split=split or Split.UNSPLIT,
        folder="" if level is None else folders[level],
        known=known,
        groups=tuple(name for name in rest if not says_nothing(name)),
    )


def _unknown_level(folders: Folders, splits: set[int], parents: set[Folders], depth: int) -> int | None:
    """Where the class stands among folders of no known word; ``None`` where only groups do."""
    beside = [level for level in range(len(folders)) if folders[:level] in parents and level not in splits]
    others = [level for level in range(len(folders)) if level not in splits]
    wanted = beside[-1] if beside else others[depth] if len(others) > depth else None
    if wanted is None or is_date(folders[wanted]) or says_nothing(folders[wanted]):
        return None
    return wanted


def _likely_depth(found: Sequence[Folders]) -> int:
    """How many levels stand above the classes where no word is known: dates, lines and batches, and no more."""
    most = max((len(folders) for folders in found), default=0)
    for depth in range(most):
        names = {folders[depth] for folders in found if len(folders) > depth}
        deeper = any(len(folders) > depth + 1 for folders in found)
        if not deeper or not all(is_place(name) or says_nothing(name) for name in names):
            return depth
    return 0


def sets_of(found: Mapping[Folders, int], rule: ClassRule) -> dict[str, int]:
    """Sets that lie side by side, each with its photos; nothing where the folders are groups of one set.

    ``found`` has how many photos lie in each place. Sets have classes of their own in them, and differ in their layout,
    or are called like versions of each other: in a folder of their own name, by a size, as original and augmented.
    """
    whole = {top: _below(found, top) for top in sorted({folders[0] for folders in found if folders})}
    complete = {
        top: inner
        for top, inner in whole.items()
        if not is_known(top, rule) and any(_class_level(folders, rule) is not None for folders in inner)
    }
    if len(complete) < 2 or all(is_place(top) for top in complete):
        return {}
    split_up = {any(split_of(name, rule) for folders in inner for name in folders) for inner in complete.values()}
    twice = any(folders[:1] == (top,) for top, inner in complete.items() for folders in inner)
    versions = any(_SIZE.search(top.casefold()) or _VERSION.search(top.casefold()) for top in complete)
    if len(split_up) < 2 and not twice and not versions:
        return {}
    return {top: sum(inner.values()) for top, inner in complete.items()}


def _below(found: Mapping[Folders, int], top: str) -> Counter[Folders]:
    inner: Counter[Folders] = Counter()
    for folders, photos in found.items():
        if folders[:1] == (top,):
            inner[folders[1:]] += photos
    return inner


def has_splits(found: Collection[Folders], top: str, rule: ClassRule) -> bool:
    """Whether the set in this folder says which of its photos are for training and which for the test."""
    return any(split_of(name, rule) for folders in found if folders[:1] == (top,) for name in folders[1:])
