"""What SQLite wants to be told before many threads and processes can share one file."""

import sqlite3
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

BUSY = 30  # seconds a writer waits for another one
TURN = 0.01  # seconds between two tries


def make_engine(address: URL) -> Engine:
    """An engine for a file that many threads and processes write to, and that a backup may take the place of."""
    engine = create_engine(address, connect_args={"timeout": BUSY})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    if path := path_of(address):
        event.listen(engine, "connect", lambda _, record: record.info.update(file=_identity(path)))
        event.listen(engine, "checkout", partial(_same_file, path))
    return engine


def path_of(address: URL) -> Path | None:
    """The file of the SQLite database at this address; none of another one, or of one in memory."""
    name = address.database
    if address.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


def _prepare(connection: Any, _record: Any) -> None:
    # FULL: after a power cut, too, the events are those of the checkpoint; it costs a flush per beat.
    connection.isolation_level = None  # the driver's own BEGIN comes too late: see _begin
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


def _begin(connection: Connection) -> None:
    # A transaction that first reads and then writes loses updates, or fails at once, unless it takes the lock first.
    options = connection.get_execution_options()
    patience = options.get("patience", BUSY)
    if connection.info.get("patience", BUSY) != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(1000 * patience)}")
        connection.info["patience"] = patience
    connection.exec_driver_sql("BEGIN" if options.get("only_reads", False) else "BEGIN IMMEDIATE")


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
