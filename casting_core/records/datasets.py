"""Which datasets a person has named: where each lies, what its class folders mean, and which were removed.

The states a dataset has been in are numbered from 1: which photos could be used, with which labels.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from casting_core import roles
from casting_core.errors import DatasetError
from casting_core.records.database.access import deciding, reading, writing
from casting_core.records.database.tables import datasets, jobs, removed_datasets, revisions


@dataclass(frozen=True, kw_only=True)
class NamedDataset:
    """A folder under a name. ``rule`` maps ``ok`` and ``defective`` to the names of class folders.

    It may also name class folders under ``neither``: a person has looked at them and said that they are neither.
    """

    name: str
    folder: str
    rule: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class RemovedDataset:
    """A dataset that was removed, and can come back as long as it is not settled."""

    id: int
    dataset: NamedDataset
    removed: float  # seconds since 1970, UTC
    settled: bool  # its photos were dealt with


Ask = Callable[[Connection, NamedDataset], None]  # raises where somebody needs this dataset


def _nobody(_connection: Connection, _dataset: NamedDataset) -> None:
    """Nobody needs it."""


class DatasetBook:
    """Reads and writes the named datasets."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def all(self) -> list[NamedDataset]:
        """Every named dataset, in the order in which they were added."""
        with reading(self._engine) as connection:
            return _all(connection)

    def find(self, name: str) -> NamedDataset:
        """One named dataset; ``DatasetError`` where the name is not known."""
        with reading(self._engine) as connection:
            return _find(connection, name)

    def put(self, dataset: NamedDataset) -> None:
        """Adds a dataset, or changes folder and rule of the one with its name."""
        roles.require(roles.Write.IMPORT)
        with deciding(self._engine, datasets) as connection:
            added = connection.execute(select(datasets.c.added).where(datasets.c.name == dataset.name)).scalar()
            connection.execute(delete(datasets).where(datasets.c.name == dataset.name))
            _insert(connection, dataset, added or self._clock())

    def add(self, dataset: NamedDataset) -> None:
        """Adds a dataset; ``DatasetError`` where there is one of its name, which stays as it is."""
        roles.require(roles.Write.IMPORT)
        with deciding(self._engine, datasets) as connection:
            _must_be_free(connection, dataset.name)
            _insert(connection, dataset, self._clock())

    def change(self, name: str, change: Callable[[NamedDataset], NamedDataset]) -> NamedDataset:
        """The dataset after ``change``, which nobody else's change can fall between; its name may be another one."""
        roles.require(roles.Write.DATASET)
        with deciding(self._engine, datasets) as connection:
            changed = change(_find(connection, name))
            if changed.name != name:
                _must_be_free(connection, changed.name)
            values = {"name": changed.name, "folder": changed.folder, "rule": changed.rule}
            connection.execute(update(datasets).where(datasets.c.name == name).values(**values))
            return changed

    def rename(self, name: str, other: str) -> NamedDataset:
        """The dataset under another name; ``DatasetError`` where that is taken."""
        return self.change(name, lambda dataset: replace(dataset, name=other))

    def forget(self, name: str) -> None:
        """Removes the name; the folder and its photos stay as they are."""
        roles.require(roles.Write.REMOVE)
        with writing(self._engine) as connection:
            connection.execute(delete(datasets).where(datasets.c.name == name))

    def remove(self, name: str, *, ask: Ask = _nobody) -> int:
        """Takes a dataset out of the book and notes that it can come back; returns the number to ``restore`` it by.

        ``ask`` may raise where somebody needs it; no job can be noted down between its answer and the removal. Raises
        ``DatasetError`` where the name is not known, or no dataset would be left.
        """
        roles.require(roles.Write.REMOVE)
        with deciding(self._engine, datasets, jobs, removed_datasets) as connection:
            gone = _find(connection, name)
            ask(connection, gone)
            if len(_all(connection)) == 1:
                raise DatasetError(f"{name!r} is the only dataset here; add another one first")
            added = connection.execute(select(datasets.c.added).where(datasets.c.name == name)).scalar_one()
            values = {"name": name, "folder": gone.folder, "rule": gone.rule, "added": added, "removed": self._clock()}
            made = connection.execute(insert(removed_datasets).values(**values))
            connection.execute(delete(datasets).where(datasets.c.name == name))
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])

    def removed(self) -> list[RemovedDataset]:
        """The datasets that were removed, the last one first."""
        wanted = select(removed_datasets).order_by(removed_datasets.c.removed.desc(), removed_datasets.c.id.desc())
        with reading(self._engine) as connection:
            return [
                RemovedDataset(
                    id=row.id,
                    dataset=NamedDataset(name=row.name, folder=row.folder, rule=row.rule),
                    removed=row.removed,
                    settled=row.settled is not None,
                )
                for row in connection.execute(wanted)
            ]

    def restore(self, removed: int) -> NamedDataset:
        """Puts a removed dataset back; ``DatasetError`` where it is settled or its name has been taken."""
        roles.require(roles.Write.REMOVE)
        row = removed_datasets.c
        with deciding(self._engine, datasets, removed_datasets) as connection:
            found = connection.execute(
                select(removed_datasets).where(row.id == removed, row.settled.is_(None))
            ).one_or_none()
            if found is None:
                raise DatasetError("this dataset was put back already, or its photos have been deleted")
            dataset = NamedDataset(name=found.name, folder=found.folder, rule=found.rule)
            _must_be_free(connection, dataset.name)
            _insert(connection, dataset, found.added)
            connection.execute(delete(removed_datasets).where(row.id == removed))
            return dataset

    def settle(self, removed: int, *, ask: Ask = _nobody) -> None:
        """Notes that the photos of a removed dataset are dealt with: it cannot come back. ``ask`` as in ``remove``."""
        row = removed_datasets.c
        with deciding(self._engine, datasets, jobs, removed_datasets) as connection:
            found = connection.execute(select(removed_datasets).where(row.id == removed)).one_or_none()
            if found is not None:
                ask(connection, NamedDataset(name=found.name, folder=found.folder, rule=found.rule))
            noted = update(removed_datasets).where(row.id == removed)
            connection.execute(noted.values(settled=self._clock()))

    def unsettle(self, removed: int) -> None:
        """Takes that back: its photos are still there."""
        with writing(self._engine) as connection:
            connection.execute(update(removed_datasets).where(removed_datasets.c.id == removed).values(settled=None))


class RevisionBook:
    """Reads and writes revisions. A dataset is known by its folder."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def number(self, folder: str, fingerprint: str, *, photos: int) -> int:
        """The number of the revision with this fingerprint; a state not seen before becomes the next one."""
        here = revisions.c.folder == folder
        wanted = select(revisions.c.number).where(here, revisions.c.fingerprint == fingerprint)
        with reading(self._engine) as connection:
            known = connection.execute(wanted).scalar()
        if known is not None:
            return int(known)
        with deciding(self._engine, revisions) as connection:
            if (known := connection.execute(wanted).scalar()) is not None:  # somebody was quicker
                return int(known)
            number = 1 + int(connection.execute(select(func.max(revisions.c.number)).where(here)).scalar() or 0)
            values = {"folder": folder, "number": number, "fingerprint": fingerprint, "photos": photos}
            connection.execute(insert(revisions).values(**values, at=self._clock()))
            return number


def _all(connection: Connection) -> list[NamedDataset]:
    wanted = select(datasets.c.name, datasets.c.folder, datasets.c.rule).order_by(datasets.c.added)
    return [NamedDataset(**row) for row in connection.execute(wanted).mappings()]


def _find(connection: Connection, name: str) -> NamedDataset:
    known = _all(connection)
    for dataset in known:
        if dataset.name == name:
            return dataset
    raise DatasetError(f"no dataset {name!r} (known: {', '.join(repr(one.name) for one in known) or 'none'})")


def _must_be_free(connection: Connection, name: str) -> None:
    if any(known.name == name for known in _all(connection)):
        raise DatasetError(f"there is a dataset named {name!r} already; choose another name")


def _insert(connection: Connection, dataset: NamedDataset, added: float) -> None:
    values = {"name": dataset.name, "folder": dataset.folder, "rule": dataset.rule}
    connection.execute(insert(datasets).values(**values, added=added))
