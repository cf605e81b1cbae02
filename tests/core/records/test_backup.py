"""A database that is damaged is said, with the way back; one backup is kept, checked, and nothing is destroyed."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core import files
from casting_core.__main__ import main
from casting_core.errors import CastingError
from casting_core.records.database import access, backup
from casting_core.records.database.access import connect
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows import backups
from casting_core.workflows.stores import dataset_book


def named(name: str) -> NamedDataset:
    return NamedDataset(name=name, folder=f"/photos/{name}", rule={"ok": ["ok"], "defective": ["def"]})


@pytest.fixture
def file() -> Iterator[Path]:
    """The database of this test's installation, with fifty datasets in it; gone afterwards, damaged as it may be."""
    for number in range(50):
        dataset_book().add(named(f"set {number}"))
    path = settings().data_dir / "casting.sqlite"
    let_go()
    yield path
    path.unlink(missing_ok=True)
    backup.backup_of(path).unlink(missing_ok=True)


def let_go() -> None:
    """As a server that has ended: what was noted ahead is in the file, and who comes next opens it anew."""
    engine = connect(settings().database_url)
    with closing(sqlite3.connect(settings().data_dir / "casting.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    access._connect.cache_clear()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite_header(path: Path) -> None:
    with path.open("r+b") as opened:
        opened.write(bytes(100))


def cut_in_the_middle(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def other_file(path: Path) -> None:
    path.write_text("these are my notes\n" * 1000)


def tear_pages(path: Path) -> None:
    with path.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xa5" * (path.stat().st_size - 4096))


def remove(path: Path) -> None:
    path.unlink()


TORN = {one.__name__: one for one in (empty, overwrite_header, cut_in_the_middle, other_file, tear_pages, remove)}


@pytest.mark.parametrize("how", TORN)
def test_a_torn_database_is_one_sentence_with_the_way_back_which_brings_all_back(file: Path, how: str) -> None:
    backups.back_up_if_due()
    let_go()
    TORN[how](file)
    torn = file.read_bytes() if file.exists() else None
    done = CliRunner().invoke(main, ["jobs", "list"])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "is damaged: " in done.stderr
    assert "'python -m casting_core database restore' puts back the backup of 20" in done.stderr
    assert (file.read_bytes() if file.exists() else None) == torn, "it was not touched, nor made anew"
    done = CliRunner().invoke(main, ["database", "restore", "--json"])
    assert done.exit_code == 0, done.stderr
    kept = json.loads(done.stdout)["kept"]
    assert (Path(kept).read_bytes() if kept else None) == torn
    assert len(dataset_book().all()) == 50
    assert CliRunner().invoke(main, ["database", "check"]).exit_code == 0


def test_without_a_backup_that_is_said(file: Path) -> None:
    empty(file)
    with pytest.raises(CastingError, match="it has 0 bytes; there is no backup of it; move it away to begin anew"):
        dataset_book()
    done = CliRunner().invoke(main, ["database", "restore", "--yes"])
    assert (done.exit_code, "there is no backup" in done.stderr) == (2, True)
    assert file.stat().st_size == 0


def test_a_database_that_is_torn_under_a_server_is_said_and_works_again_once_it_is_restored(file: Path) -> None:
    book = dataset_book()
    backups.back_up_if_due()
    assert len(book.all()) == 50
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwrite_header(file)
    with pytest.raises(CastingError, match=r"is damaged: .*database restore"):
        book.all()
    backups.restore()
    assert len(book.all()) == 50
    book.add(named("after"))
    assert len(dataset_book().all()) == 51


def test_a_backup_is_made_once_a_day_and_holds_what_was_written(file: Path) -> None:
    assert backup.made(file) is None
    backups.back_up_if_due()
    kept = backup.backup_of(file)
    before = kept.read_bytes()
    dataset_book().add(named("later"))
    backups.back_up_if_due()
    assert kept.read_bytes() == before
    os.utime(kept, (0, 0))
    backups.back_up_if_due()
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM datasets").fetchone() == (51,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert sorted(path.name for path in file.parent.iterdir() if files.UNFINISHED in path.name) == []


@pytest.mark.parametrize("how", [name for name in TORN if name != "remove"])
def test_a_damaged_database_never_takes_the_place_of_a_good_backup(file: Path, how: str) -> None:
    kept = backups.back_up()
    good = kept.read_bytes()
    let_go()
    TORN[how](file)
    with pytest.raises(CastingError, match="is damaged: "):
        backups.back_up()
    assert kept.read_bytes() == good


def test_a_damaged_backup_is_not_put_anywhere(file: Path) -> None:
    tear_pages(backups.back_up())
    before = file.read_bytes()
    done = CliRunner().invoke(main, ["database", "restore", "--yes"])
    assert (done.exit_code, "is damaged itself" in done.stderr) == (2, True)
    assert file.read_bytes() == before


def test_what_was_noted_ahead_of_a_damaged_file_is_moved_aside_with_it(file: Path) -> None:
    backups.back_up()
    let_go()
    file.with_name(f"{file.name}-wal").write_bytes(b"of the old file")
    empty(file)
    _, aside = backups.restore()
    assert aside is not None
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"of the old file"
    assert len(dataset_book().all()) == 50


def test_postgresql_is_left_to_its_own_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_DATABASE_URL", "postgresql://somebody@nowhere/casting")
    settings.cache_clear()
    backups.back_up_if_due()
    for command in ("check", "backup", "restore"):
        done = CliRunner().invoke(main, ["database", command])
        assert (done.exit_code, "pg_dump" in done.stderr) == (2, True)


def test_a_look_at_the_file_does_not_cost_this_process_its_hold_on_it(tmp_path: Path) -> None:
    """Closed beside SQLite, the file would lose its locks: another process would clear its log away, and its rows."""
    path = tmp_path / "casting.sqlite"
    engine = connect(f"sqlite:///{path.as_posix()}")
    with access.writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE seen (number INTEGER)")
        assert backup.damage(path) is None
    asked = (
        "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM seen').fetchone()[0])"
    )

    def rows_elsewhere() -> str:
        return subprocess.run(
            [sys.executable, "-c", asked, str(path)], capture_output=True, text=True, check=True
        ).stdout

    assert rows_elsewhere() == "0\n"
    with access.writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO seen VALUES (1)")
    assert rows_elsewhere() == "1\n"
    engine.dispose()
