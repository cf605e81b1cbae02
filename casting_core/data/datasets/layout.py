"""What the paths of a source say, before anything is on this machine: splits, class folders, and what is no photo.

The same rules as in ``folders``, which looks at a disk; here there are only names.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from casting_core.data.datasets.folders import SPLIT_WORDS, ClassRule, Place, looks_like_photo, plain
from casting_core.domain import Split

SYSTEM = frozenset({"__macosx", "thumbs.db", "desktop.ini"})  # what computers leave behind, beside hidden files
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
LONGEST = 60  # letters of a class folder's name on disk


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file of a source. ``path`` is what the source calls it, with forward slashes; nothing is written there."""

    path: str
    number: int  # which of the source's files; a path may come twice


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The files of a source, sorted. ``Place.folder`` is empty for a photo that lies in no class folder."""

    photos: tuple[tuple[Entry, Place], ...]
    others: tuple[Entry, ...]  # not photos by the end of their names
    splits: tuple[str, ...]  # the names of the split folders, as they are written


def look(entries: Sequence[Entry]) -> Layout:
    """Which split and class each file has by its path; folders that wrap the whole are seen through.

    Hidden files and what computers leave behind are left out.
    """
    files = [(entry, tuple(part for part in entry.path.split("/") if part)) for entry in entries]
    files = [(entry, parts) for entry, parts in files if parts and not any(map(_is_system, parts))]
    while wrapping := _wrapping([parts for _, parts in files]):
        files = [(entry, parts[1:]) for entry, parts in files if parts[0] == wrapping]
    photos = [(entry, parts) for entry, parts in files if looks_like_photo(parts[-1])]
    tops = {parts[0] for _, parts in files if len(parts) > 1}
    return Layout(
        photos=tuple((entry, _place(parts)) for entry, parts in photos),
        others=tuple(entry for entry, parts in files if not looks_like_photo(parts[-1])),
        splits=tuple(sorted(top for top in tops if plain(top) in SPLIT_WORDS)),
    )


def clashes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of names that differ only in case, Unicode form, blanks or hyphens, and so count as one."""
    groups: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        groups.setdefault(plain(name), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def disk_name(folder: str) -> str:
    """What a class folder is called on this machine: its own letters and digits, and nothing a disk could mind.

    Names that count as one get one name, others never do: where something was changed, a part of the sha256 tells.
    """
    wanted = plain(folder)
    kept = "".join(letter if letter.isalnum() else "_" for letter in wanted)[:LONGEST]
    if kept == wanted and kept not in RESERVED:
        return kept
    return f"{kept}-{hashlib.sha256(wanted.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _is_system(part: str) -> bool:
    return part.startswith(".") or part.casefold() in SYSTEM


def _wrapping(paths: Sequence[tuple[str, ...]]) -> str | None:
    """The folder that holds all others, where an archive was wrapped in one; a split or a class wraps nothing."""
    tops = {parts[0] for parts in paths if len(parts) > 1}
    if len(tops) != 1:
        return None
    (only,) = tops
    deeper = any(len(parts) > 2 for parts in paths)
    return only if deeper and not _means_something(only) else None


def _means_something(folder: str) -> bool:
    return plain(folder) in SPLIT_WORDS or ClassRule().label(folder) is not None


def _place(parts: tuple[str, ...]) -> Place:
    folders: Iterator[str] = iter(parts[:-1])
    first = next(folders, "")
    split = SPLIT_WORDS.get(plain(first), Split.UNSPLIT)
    return Place(path="/".join(parts), split=split, folder=first if split is Split.UNSPLIT else next(folders, ""))
