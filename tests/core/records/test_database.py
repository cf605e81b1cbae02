"""What holds for every connection to the database."""

import sqlite3
from pathlib import Path
from threading import Timer

from casting_core.records.database.access import connect

HELD = 0.5  # seconds


def test_who_finds_a_new_file_while_another_one_writes_waits(tmp_path: Path) -> None:
    """SQLite refuses to turn the journal's mode at once while somebody writes, however long one is willing to wait."""
    file = tmp_path / "casting.sqlite"
    first = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    first.execute("CREATE TABLE before (x)")  # a file without a byte would be a damaged one
    first.execute("BEGIN IMMEDIATE")
    done = Timer(HELD, first.execute, ["ROLLBACK"])
    done.start()
    engine = connect(f"sqlite:///{file}")
    done.join()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    first.close()
