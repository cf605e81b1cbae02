"""The whole database as it was at one moment, as one SQLite file, whichever database it is; and the way back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, Integer, func, insert, select, text, update

from casting_core.errors import CastingError
from casting_core.records.database import backup
from casting_core.records.database.access import connect, deciding, file_of, reading, writing
from casting_core.records.database.tables import (
    datasets,
    decisions,
    ledger,
    metadata,
    removed_datasets,
    revisions,
    splits,
)

T = TypeVar("T")

AT_ONCE = 1000  # rows that are copied at a time
OF_FOLDERS = (datasets, removed_datasets, decisions, splits, revisions)  # the tables that tell where a dataset lies


def take(url: str, out: Path, *, at_that_moment: Callable[[], T]) -> T:
    """Copies the database at this address into a new SQLite file; others write on meanwhile.

    What ``at_that_moment`` reads and gives back is of the same moment: while it is called, nobody adds to the ledger.
    Raises ``CastingError`` where the database cannot be read or the disk is full.
    """
    engine, path = connect(url), file_of(url)
    if path is None:
        return _copied(engine, out, at_that_moment)
    try:
        with closing(sqlite3.connect(path, timeout=backup.WAITING, isolation_level=None)) as source:
            with deciding(engine, ledger):
                source.execute("BEGIN")
                source.execute("SELECT number FROM ledger LIMIT 1").fetchone()  # from now on it sees this moment
                found = at_that_moment()
            backup.copy_whole(source, out)
    except sqlite3.Error as error:
        reason = backup.reason_in(error)
        said = backup.said(path, reason) if reason else f"no backup of {str(path)!r} can be made: {error}"
        raise CastingError(said) from error
    return found


def fill(url: str, source: Path) -> None:
    """Copies all rows of such a file into the database at this address, which must be empty, or nothing of them.

    Raises ``CastingError`` where there is a row in it already.
    """
    kept, engine = connect(_address(source)), connect(url)
    try:
        with reading(kept) as old, writing(engine) as new:
            _must_be_empty(new)
            _copy_rows(old, new)
            if new.dialect.name == "postgresql":
                _count_on(new)
    finally:
        kept.dispose()


def must_be_empty(url: str) -> None:
    """Raises ``CastingError`` where the database at this address holds a row already."""
    with reading(connect(url)) as connection:
        _must_be_empty(connection)


def folders_in(source: Path) -> list[str]:
    """The folders of all datasets that such a file tells of; tables of an older version are brought up to date."""
    kept = connect(_address(source))
    try:
        with reading(kept) as connection:
            told = {row.folder for table in OF_FOLDERS for row in connection.execute(select(table.c.folder).distinct())}
            return sorted(told)
    finally:
        kept.dispose()


def move_folders(source: Path, moved: dict[str, str]) -> None:
    """Lets such a file tell of datasets where they lie now; ``moved``: from folders to folders."""
    kept = connect(_address(source))
    try:
        with writing(kept) as connection:
            for table in OF_FOLDERS:
                for old, new in moved.items():
                    connection.execute(update(table).where(table.c.folder == old).values(folder=new))
    finally:
        kept.dispose()
    alone(source)


def alone(source: Path) -> None:
    """Sees to it that such a file needs no other one beside it, as it does while somebody has it open."""
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _address(source: Path) -> str:
    return f"sqlite:///{source.as_posix()}"


def _copied(engine: Engine, out: Path, at_that_moment: Callable[[], T]) -> T:
    """The same row by row, as of a PostgreSQL: all that one transaction reads is of the moment it began to read."""
    made = connect(_address(out))
    try:
        with reading(engine) as source:
            source.execution_options(isolation_level="REPEATABLE READ")
            with deciding(engine, ledger):
                source.execute(select(ledger.c.number).limit(1)).first()
                found = at_that_moment()
            with writing(made) as copy:
                _copy_rows(source, copy)
    finally:
        made.dispose()
    alone(out)
    return found


def _copy_rows(source: Connection, goal: Connection) -> None:
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
        for some in rows.partitions(AT_ONCE):
            goal.execute(insert(table), [dict(row) for row in some])


def _count_on(connection: Connection) -> None:
    """Lets PostgreSQL go on behind the numbers that rows were copied with."""
    for table in metadata.sorted_tables:
        for column in table.primary_key:
            if isinstance(column.type, Integer) and column.autoincrement is not False and not column.foreign_keys:
                last = connection.execute(select(func.max(column))).scalar()
                if last is not None:
                    sequence = text("SELECT setval(pg_get_serial_sequence(:named, :column), :last)")
                    connection.execute(sequence, {"named": table.name, "column": column.name, "last": last})


def _must_be_empty(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(select(*table.primary_key).limit(1)).first() is not None:
            raise CastingError(f"the database is not empty: there are rows in {table.name!r}; give an empty one")
