"""Which files an installation has beside its database, and which of them a backup need not hold."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casting_core import files
from casting_core.records.database.access import file_of
from casting_core.records.registry import UNFINISHED as WORKSHOP
from casting_core.settings import settings
from casting_core.wording import readable
from casting_core.workflows.installation.manifest import DATA, ELSEWHERE, MODEL, Place
from casting_core.workflows.stores import dataset_book

WORTH_KEEPING = ("castings-",)  # of the cache: what takes long to work out again
LEFT = (files.UNFINISHED, WORKSHOP)  # how names begin of what somebody is writing just now


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """One file that belongs to the installation."""

    path: str  # as a manifest calls it
    place: Path


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All of them, where they lie, and what cannot be taken along."""

    files: tuple[Belonging, ...]
    places: tuple[Place, ...]
    left_out: tuple[str, ...]


def contents() -> Contents:
    """The files of the data folder, the model folder and of datasets that lie elsewhere, but for links.

    The cache is left out, but for what takes long; so are locks, what is being written, and the database itself.
    """
    data, model = settings().data_dir.absolute(), settings().model_dir.absolute()
    found = [*_under(data, DATA, aside=(model,)), *_under(model, MODEL, aside=(settings().starter_dir, data))]
    places, left_out = [Place(at=DATA, folders=_names(data))], []
    for name, folder in _elsewhere(data):
        if not folder.is_dir():
            left_out.append(f"the photos of dataset {readable(name)!r}: {readable(str(folder))!r} is not there")
            continue
        at = f"{ELSEWHERE}/{len(places) - 1}"
        places.append(Place(at=at, folders=_names(folder)))
        found += _under(folder, at, aside=())
    if file_of(settings().database_url) is None:
        left_out.append("the trials of searches, which PostgreSQL keeps in a schema of its own")
    return Contents(files=tuple(found), places=tuple(places), left_out=tuple(left_out))


def _elsewhere(data: Path) -> list[tuple[str, Path]]:
    """The datasets that lie neither in the data folder nor within another one of them."""
    here = data.resolve()
    known = sorted({Path(one.folder).absolute(): one.name for one in dataset_book().all()}.items())
    outer: list[tuple[str, Path]] = []
    for folder, name in known:
        within = folder.resolve().is_relative_to(here) or any(folder.is_relative_to(other) for _, other in outer)
        if not within:
            outer.append((name, folder))
    return outer


def _under(root: Path, at: str, *, aside: tuple[Path, ...]) -> Iterator[Belonging]:
    apart = {os.fspath(one) for one in aside}
    for folder, below, names in os.walk(root):
        here = Path(folder)
        below[:] = sorted(name for name in below if os.fspath(here / name) not in apart and not name.startswith(LEFT))
        for name in sorted(names):
            place = here / name
            if not _is_left_out(place) and place.is_file() and not place.is_symlink():
                yield Belonging(path=f"{at}/{place.relative_to(root).as_posix()}", place=place)


def _is_left_out(place: Path) -> bool:
    database = file_of(settings().database_url)
    of_database = database is not None and place.parent == database.absolute().parent
    if database is not None and of_database and place.name.startswith(database.name):
        return True  # it, what SQLite lays beside it, its daily copy, and damaged ones of before
    if place.is_relative_to(settings().cache_dir.absolute()):
        return not place.name.startswith(WORTH_KEEPING)
    return place.name.startswith(LEFT) or place.suffix == ".lock"


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(dict.fromkeys((str(folder), str(folder.resolve()))))
