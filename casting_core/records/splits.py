"""The splits that are kept with a dataset, each under its own name, so that a score can be repeated."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from casting_core import roles
from casting_core.errors import DatasetError
from casting_core.records.database.access import deciding, reading, writing
from casting_core.records.database.tables import splits


@dataclass(frozen=True, kw_only=True)
class KeptSplit:
    """A split under its name."""

    name: str
    plan: Mapping[str, Any]  # how it was drawn: kind, seed, and the share of castings or the number of folds
    parts: Mapping[str, str]  # of each photo
    made: float  # seconds since 1970, UTC


class SplitBook:
    """Reads and writes the splits of datasets. A dataset is known by its folder."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def plans(self, folder: str) -> dict[str, dict[str, Any]]:
        """How each split of a dataset was drawn, by its name, in the order in which they were made."""
        wanted = select(splits.c.name, splits.c.plan).where(splits.c.folder == folder).order_by(splits.c.made)
        with reading(self._engine) as connection:
            return {row.name: row.plan for row in connection.execute(wanted)}

    def find(self, folder: str, name: str) -> KeptSplit:
        """One split; ``DatasetError`` where the name is not known."""
        wanted = select(splits.c.name, splits.c.plan, splits.c.parts, splits.c.made)
        with reading(self._engine) as connection:
            row = connection.execute(wanted.where(splits.c.folder == folder, splits.c.name == name)).mappings().first()
        if row is None:
            known = ", ".join(repr(one) for one in self.plans(folder)) or "none"
            raise DatasetError(f"no split {name!r} is kept with {folder!r} (known: {known})")
        return KeptSplit(**row)

    def put(self, folder: str, name: str, *, plan: Mapping[str, Any], parts: Mapping[str, str]) -> KeptSplit:
        """Keeps a split; ``DatasetError`` where its name is taken, for scores may have been given under it."""
        roles.require(roles.Write.SPLIT)
        kept = KeptSplit(name=name, plan=dict(plan), parts=dict(parts), made=self._clock())
        taken = select(splits.c.name).where(splits.c.folder == folder, splits.c.name == name)
        with deciding(self._engine, splits) as connection:
            if connection.execute(taken).first() is not None:
                raise DatasetError(f"there is a split {name!r} already; choose another name, or delete that one first")
            connection.execute(insert(splits).values(folder=folder, **vars(kept)))
        return kept

    def forget(self, folder: str, name: str) -> None:
        """Takes a split out of the book."""
        roles.require(roles.Write.SPLIT)
        with writing(self._engine) as connection:
            connection.execute(delete(splits).where(splits.c.folder == folder, splits.c.name == name))
