"""The database: its tables, and the only way to read and to write it.

A table that changes here wants a step in ``migrations/versions``, or databases of older versions would lack the change.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from json import JSONDecodeError
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    false,
    make_url,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnection

from casting_core import files
from casting_core.errors import CastingError
from casting_core.records import backup
from casting_core.records.migrations import HEAD
from casting_core.records.migrations.upgrade import reached_by, upgrade

CONNECTING = Lock()
BUSY = 30  # seconds a writer waits for another one
TURN = 0.01  # seconds between two tries
EXAMPLE = "postgresql://USER:PASSWORD@HOST/NAME"

metadata = MetaData()

datasets = Table(
    "datasets",
    metadata,
    Column("name", String, primary_key=True),
    Column("folder", String, nullable=False),
    Column("rule", JSON, nullable=False),  # {"ok": [...], "defective": [...]}: class folders by label
    Column("added", Float, nullable=False),  # seconds since 1970, UTC
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False, server_default=""),  # what it is about, for people
    Column("subject", String, nullable=False, server_default=""),  # the same for machines
    Column("inputs", JSON, nullable=False),
    Column("uses", JSON, nullable=False),  # what may not be removed while it goes on
    Column("actor", String, nullable=False, server_default=""),
    Column("machine", String, nullable=False, server_default=""),  # where it waits for its turn and works
    Column("heavy", Boolean, nullable=False),  # waits until no other heavy one is at work
    Column("anywhere", Boolean, nullable=False, server_default=false()),  # any worker may do it
    Column("asked", Float, nullable=False),  # seconds since 1970, UTC; so are the next four
    Column("queued", Float, nullable=False),  # when it joined the line
    Column("started", Float),
    Column("heartbeat", Float),
    Column("ended", Float),
    Column("state", String, nullable=False),
    Column("wish", String, nullable=False, server_default=""),  # what a person wants of it
    Column("pid", Integer),
    Column("attempt", Integer, nullable=False, server_default="1"),  # 2 once it was resumed
    Column("doing", String, nullable=False, server_default=""),
    Column("share", Float, nullable=False, server_default="0"),  # how far it is, 0 to 1
    Column("seconds_left", Float),  # about; none where nobody can say
    Column("result", JSON),  # what it came to; none where it came to nothing
    Column("message", String, nullable=False, server_default=""),  # why it failed, in one sentence
    Column("rewound", Integer, nullable=False, server_default="0"),  # how often events were taken back
    Index("ix_jobs_kind_subject", "kind", "subject"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", ForeignKey("jobs.id"), nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
    Column("kind", String, nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_job_events_job_id", "job", "id"),
)

removed_datasets = Table(
    "removed_datasets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("folder", String, nullable=False),
    Column("rule", JSON, nullable=False),
    Column("added", Float, nullable=False),  # seconds since 1970, UTC; so are the next two
    Column("removed", Float, nullable=False),
    Column("settled", Float),  # when its photos were dealt with; from then on it cannot come back
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch", String, nullable=False),  # what was decided at once, of one or many photos
    Column("folder", String, nullable=False, index=True),  # of the dataset
    Column("photo", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("value", String, nullable=False),
    Column("before", String, nullable=False),
    Column("why", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
)

ledger = Table(
    "ledger",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("at", BigInteger, nullable=False),  # milliseconds since 1970, UTC: a whole number is hashed alike everywhere
    Column("actor", String, nullable=False),
    Column("kind", String, nullable=False, index=True),
    Column("about", String, nullable=False),
    Column("body", String, nullable=False),  # JSON, as text: what was hashed
    Column("reason", String, nullable=False),
    Column("before", String, nullable=False),  # the hash of the row before
    Column("hash", String, nullable=False),
)

splits = Table(
    "splits",
    metadata,
    Column("folder", String, primary_key=True),  # of the dataset
    Column("name", String, primary_key=True),
    Column("plan", JSON, nullable=False),  # how it was drawn
    Column("parts", JSON, nullable=False),  # {photo: part}
    Column("made", Float, nullable=False),  # seconds since 1970, UTC
)

open_cards = Table(  # of Review: who looks at which casting just now; of no account a minute later
    "open_cards",
    metadata,
    Column("tab", String, primary_key=True),  # of a browser
    Column("scope", String, nullable=False),  # of the dataset
    Column("card", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, by the clock of the database
)

revisions = Table(
    "revisions",
    metadata,
    Column("folder", String, primary_key=True),  # of the dataset
    Column("number", Integer, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
)

shared_folders = Table(
    "shared_folders",
    metadata,
    Column("name", String, primary_key=True),  # as "model/v3"
    Column("files", JSON, nullable=False),  # {path: [sha256, bytes]}
    Column("machine", String, nullable=False),  # where it was written last
    Column("stored", Boolean, nullable=False),  # whether all of its files are in the object store
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
)


def connect(url: str) -> Engine:
    """The engine for this address, its tables brought up to date; one per process and address, for all its threads.

    Raises ``CastingError`` where it cannot be opened, or a newer version of the program has written it.
    """
    with CONNECTING:  # the cache alone would let two threads begin at once, and each make an engine
        return _connect(url)


@cache
def _connect(url: str) -> Engine:
    address = _address(url)
    sqlite = address.get_backend_name() == "sqlite"
    # PostgreSQL may have been started anew since a connection was last used, which is then tried and replaced.
    engine = _sqlite(address) if sqlite else create_engine(address, pool_pre_ping=True)
    try:
        if path := _file(engine):
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
    return _path(_address(url))


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"timeout": BUSY})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if path := _file(engine):
        event.listen(engine, "connect", lambda _, record: record.info.update(file=_identity(path)))
        event.listen(engine, "checkout", partial(_same_file, path))
    return engine


def _made_or_sound(path: Path) -> None:
    """Makes the database, whole or not at all; one that is there, or was, is never made anew in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if reason := backup.damage(path):
        raise CastingError(backup.said(path, reason))
    if path.exists():
        return
    beside = path.with_name(f"{files.UNFINISHED}{uuid4().hex}")
    fresh = _sqlite(URL.create("sqlite", database=str(beside)))
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
def writing(engine: Engine, *, patience: float = BUSY) -> Iterator[Connection]:
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

    Who takes several names them in the order in which they stand in this file, or two might wait for each other.
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


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # FULL: after a power cut, too, the events are those of the checkpoint; it costs a flush per beat.
    connection.isolation_level = None  # the driver's own BEGIN comes too late: see _begin_sqlite
    for pragma in (f"busy_timeout={BUSY * 1000}", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _log_ahead(connection)


def _log_ahead(connection: Any) -> None:
    # Of several that find a new file, one turns the mode, and the others are refused at once: SQLite's own waiting
    # (busy_timeout) does not cover this statement.
    last = monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > last:
                raise
            sleep(TURN)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that first reads and then writes loses updates, or fails at once, unless it takes the lock first.
    options = connection.get_execution_options()
    patience = options.get("patience", BUSY)
    if connection.info.get("patience", BUSY) != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(1000 * patience)}")
        connection.info["patience"] = patience
    connection.exec_driver_sql("BEGIN" if options.get("only_reads", False) else "BEGIN IMMEDIATE")


def _path(address: URL) -> Path | None:
    name = address.database
    if address.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


def _file(engine: Engine) -> Path | None:
    return _path(engine.url)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _same_file(path: Path, _connection: Any, record: Any, _proxy: Any) -> None:
    """Lets go of a connection to a file that is not there any more, as after a backup was put in its place."""
    now = _identity(path)
    if now is not None and now != record.info.get("file"):
        raise DisconnectionError("the database is another file now")


def _objection(engine: Engine, what: str, error: Exception) -> CastingError:
    """The sentence for this error: with the way back where the file is damaged."""
    path, said = _file(engine), _reason(error)
    if path is not None:
        garbled = said if isinstance(error, JSONDecodeError | UnicodeDecodeError) else None
        reason = backup.damage(path) or backup.reason_in(getattr(error, "orig", None) or error) or garbled
        if reason:
            return CastingError(backup.said(path, reason))
    return CastingError(f"{what}: {said}")


def _reason(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
    return said.strip().partition("\n")[0]  # PostgreSQL goes on with details line by line
