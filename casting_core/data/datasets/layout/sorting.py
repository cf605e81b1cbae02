"""Which files of a listing are photos, masks, traces of computers, and others, by their names and folders."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from casting_core.data.datasets.levels import Folders
from casting_core.data.datasets.reading.listing import ending, is_system, looks_like_photo
from casting_core.data.datasets.reading.masks import Look, Masks, Named, find_masks
from casting_core.data.datasets.reading.said import Listed


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """A listing, by what the files are; ``photos`` and ``others`` are in the order of the listing."""

    photos: tuple[Listed, ...]
    others: tuple[Listed, ...]
    masks: Masks
    system: int  # files that are nobody's


def sort_out(paths: Iterable[str], look: Look | None) -> Sorted:
    """Which of these files are photos, masks, traces of computers, and others, by their names and folders.

    Masks are looked at; without ``look`` their names are believed.
    """
    folders_of = cache(_folders_of)  # asked once for each folder: very many files lie in few
    photos: list[Listed] = []
    others: list[Listed] = []
    system = 0
    for number, path in enumerate(paths):
        above, _, name = path.rpartition("/")
        folders = folders_of(above)
        if not name:
            continue
        if folders is None or is_system(name):
            system += 1
            continue
        (photos if looks_like_photo(name) else others).append(Listed(number=number, folders=folders, name=name))
    named = [
        Named(number=one.number, folders=one.folders, stem=stem_of(one.name), ending=ending(one.name)) for one in photos
    ]
    masks = find_masks(named, look)
    return Sorted(
        photos=tuple(one for one in photos if one.number not in masks.numbers),
        others=tuple(others),
        masks=masks,
        system=system,
    )


def stem_of(name: str) -> str:
    """A file's name without its ending."""
    return name.rpartition(".")[0] or name


def _folders_of(above: str) -> Folders | None:
    """The names of the folders above a file, the outermost first; none where one of them is no place for photos."""
    folders = tuple(part for part in above.split("/") if part not in ("", "."))
    return None if any(map(is_system, folders)) else folders
