"""The engine for an address, and the only way to read and to write through it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from json import JSONDecodeError
from pathlib import Path
from threading import Lock
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, Table, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from casting_core import files
from casting_core.errors import CastingError
from casting_core.records.database import backup, sqlite
from casting_core.records.migrations import HEAD
from casting_core.records.migrations.upgrade import reached_by, upgrade

CONNECTING = Lock()
EXAMPLE = "postgresql://USER:PASSWORD@HOST/NAME"


def connect(url: str) -> Engine:
    """The engine for this address, its tables brought up to date; one per process and address, for all its threads.

    Raises ``CastingError`` where it cannot be opened, or a newer version of the program has written it.
    """
    with CONNECTING:  # the cache alone would let two threads begin at once, and each make an engine
        return _connect(url)


@cache
def _connect(url: str) -> Engine:
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        engine = sqlite.make_engine(address)
    else:  # the server may have been started anew since a connection was last used, which is then tried and replaced
        engine = create_engine(address, pool_pre_ping=True)
    try:
        if path := sqlite.path_of(engine.url):
            _made_or_sound(path)
        _bring_up_to_date(engine)
    except (DBAPIError, OSError) as error:
        engine.dispose()
        raise _objection(engine, f"the database {address.render_as_string()} cannot be opened", error) from error
    except CastingError:
        engine.dispose()
        raise
    return engine


def file_of(url: str) -> Path | None:
    """The file of the SQLite database at this address; none of another one, or of one in memory."""
    return sqlite.path_of(_address(url))


def _made_or_sound(path: Path) -> None:
    """Makes the database, whole or not at all; one that is there, or was, is never made anew in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if reason := backup.damage(path):
        raise CastingError(backup.said(path, reason))
    if path.exists():
        return
    beside = path.with_name(f"{files.UNFINISHED}{uuid4().hex}")
    fresh = sqlite.make_engine(URL.create("sqlite", database=str(beside)))
    try:
        _bring_up_to_date(fresh)
        fresh.dispose()  # what it has noted ahead is in the file by then
        with suppress(FileExistsError):  # somebody else has been quicker, and has written into it already
            os.link(beside, path)
    except OSError:  # a disk without second names
        if not path.exists():
            beside.rename(path)
    finally:
        fresh.dispose()
        for end in ("", *backup.BESIDE):
            beside.with_name(beside.name + end).unlink(missing_ok=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads, and never waits for a writer. Raises ``CastingError`` where it is damaged."""
    try:
        with engine.connect().execution_options(only_reads=True) as connection:
            yield connection
    except (DBAPIError, NoConnection, JSONDecodeError, UnicodeDecodeError) as error:
        raise _objection(engine, "the database cannot be read", error) from error


@contextmanager
def writing(engine: Engine, *, patience: float = sqlite.BUSY) -> Iterator[Connection]:
    """A transaction: all of it is kept, or nothing. Raises ``CastingError`` where the disk or a lock forbids it.

    One that writes by what it has read wants ``deciding`` instead. On SQLite, which has one writer at a time, another
    one is waited for so many seconds.
    """
    try:
        with engine.execution_options(patience=patience).begin() as connection:
            yield connection
    except (DBAPIError, NoConnection, JSONDecodeError, UnicodeDecodeError) as error:
        raise _objection(engine, "the database cannot be written", error) from error


@contextmanager
def deciding(engine: Engine, *tables: Table) -> Iterator[Connection]:
    """A transaction that reads these tables before it writes them: nobody else writes to them until it is over.

    Who takes several names them in the order in which they stand in ``tables``, or two might wait for each other.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite knows one writer at a time anyway
            names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in tables)
            connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect().execution_options(only_reads=True) as connection:
        if reached_by(connection) == HEAD:  # nearly always; a start need not wait for who writes
            return
    with engine.begin() as connection:
        upgrade(connection)


def _address(url: str) -> URL:
    """The address in SQLAlchemy's words; ``CastingError`` where it is none, without repeating what may be a secret."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise CastingError(f"CASTING_DATABASE_URL is no address of a database; one looks like {EXAMPLE}") from error
    if address.get_backend_name() == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite":
        return address
    raise CastingError(f"CASTING_DATABASE_URL begins with {address.drivername!r}; it must be sqlite or {EXAMPLE}")


def _objection(engine: Engine, what: str, error: Exception) -> CastingError:
    """The sentence for this error: with the way back where the file is damaged."""
    path, said = sqlite.path_of(engine.url), _reason(error)
    if path is not None:
        garbled = said if isinstance(error, JSONDecodeError | UnicodeDecodeError) else None
        reason = backup.damage(path) or backup.reason_in(getattr(error, "orig", None) or error) or garbled
        if reason:
            return CastingError(backup.said(path, reason))
    return CastingError(f"{what}: {said}")


def _reason(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
    return said.strip().partition("\n")[0]  # PostgreSQL goes on with details line by line
