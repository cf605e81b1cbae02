"""Brings the tables of a database up to date, whichever version of this program made them."""

from threading import Lock

from sqlalchemy import Connection, inspect, text

from casting_core.errors import CastingError
from casting_core.records.migrations import HEAD

STEPS = "casting_core.records:migrations"  # found beside the code, whatever folder the program is started from
ALONE = Lock()  # alembic keeps what it is doing in one place for the whole process
TURN = 4_070_117  # of the lock that PostgreSQL knows by its number only


def upgrade(connection: Connection) -> None:
    """Walks every step that this database has not seen, within the transaction that has been opened.

    Of several processes that start at once one walks, the others wait and find it done. A database made before there
    were steps is taken for one that has seen none: the first step leaves tables that are there as they are. Raises
    ``CastingError`` where a newer version of the program has made it.
    """
    if connection.dialect.name == "postgresql":  # SQLite has given this transaction its only lock already
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
    reached = reached_by(connection)
    if reached != HEAD:
        _walk(connection, reached)


def reached_by(connection: Connection) -> str | None:
    """The last step that this database has seen; none where it is empty, or older than the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _walk(connection: Connection, reached: str | None, *, to: str = "head") -> None:
    with ALONE:
        _climb(connection, reached, to=to)


def _climb(connection: Connection, reached: str | None, *, to: str) -> None:
    from alembic import command  # a tenth of a second that only a database behind the program must pay
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", STEPS)
    known = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    if reached is not None and reached not in known:
        raise CastingError(
            f"the database was written by a newer version of this program (it has seen step {reached}, and {HEAD} is "
            "the last one known here); start that version, or name another database with CASTING_DATABASE_URL"
        )
    command.upgrade(config, to)
