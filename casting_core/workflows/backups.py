"""The backup of the database: one is kept, made anew each day the dashboard or a job runs."""

from datetime import datetime
from pathlib import Path

from casting_core import roles
from casting_core.errors import CastingError
from casting_core.records.database import backup
from casting_core.records.database.access import connect, file_of
from casting_core.roles import Write
from casting_core.settings import settings

ELSEWHERE = "PostgreSQL is backed up by its own tools, such as pg_dump; here only an SQLite database is"


def back_up_if_due() -> None:
    """Makes the backup anew where it is older than a day; nothing where the database is PostgreSQL's.

    Raises ``CastingError`` where it cannot be made; the one of before then stays.
    """
    path = file_of(settings().database_url)
    if path is not None and backup.due(path):
        connect(settings().database_url)  # one that an older program has made is brought up to date first
        backup.back_up(path)


def back_up() -> Path:
    """Makes the backup now and returns where it lies; ``CastingError`` where it cannot be made."""
    return backup.back_up(_here())


def restore() -> tuple[datetime, Path | None]:
    """Puts the backup in the database's place: when it was made, and where what stood there lies now."""
    roles.require(Write.RESTORE)
    path = _here()
    when = backup.made(path)
    aside = backup.restore(path)
    assert when is not None
    return when, aside


def check() -> tuple[Path, datetime | None]:
    """Reads the whole database: where it lies, and when its backup was made; ``CastingError`` where it is damaged."""
    path = _here()
    if not path.exists() and backup.made(path) is None:
        connect(settings().database_url)
    backup.check(path)
    return path, backup.made(path)


def _here() -> Path:
    path = file_of(settings().database_url)
    if path is None:
        raise CastingError(ELSEWHERE)
    return path
