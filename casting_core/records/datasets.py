"""Which datasets a person has named: where each lies, and what its class folders mean."""

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from casting_core.errors import DatasetError
from casting_core.records.database import datasets, reading, writing


@dataclass(frozen=True, kw_only=True)
class NamedDataset:
    """A folder under a name. ``rule`` maps ``ok`` and ``defective`` to the names of class folders."""

    name: str
    folder: str
    rule: dict[str, list[str]]


class DatasetBook:
    """Reads and writes the named datasets."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def all(self) -> list[NamedDataset]:
        """Every named dataset, in the order in which they were added."""
        wanted = select(datasets.c.name, datasets.c.folder, datasets.c.rule).order_by(datasets.c.added)
        with reading(self._engine) as connection:
            return [NamedDataset(**row) for row in connection.execute(wanted).mappings()]

    def find(self, name: str) -> NamedDataset:
        """One named dataset; ``DatasetError`` where the name is not known."""
        known = self.all()
        for dataset in known:
            if dataset.name == name:
                return dataset
        raise DatasetError(f"no dataset {name!r} (known: {', '.join(repr(one.name) for one in known) or 'none'})")

    def put(self, dataset: NamedDataset) -> None:
        """Adds a dataset, or changes folder and rule of the one with its name."""
        with writing(self._engine) as connection:
            added = connection.execute(select(datasets.c.added).where(datasets.c.name == dataset.name)).scalar()
            connection.execute(delete(datasets).where(datasets.c.name == dataset.name))
            values = {"name": dataset.name, "folder": dataset.folder, "rule": dataset.rule}
            connection.execute(insert(datasets).values(**values, added=added or self._clock()))

    def forget(self, name: str) -> None:
        """Removes the name; the folder and its photos stay as they are."""
        with writing(self._engine) as connection:
            connection.execute(delete(datasets).where(datasets.c.name == name))
