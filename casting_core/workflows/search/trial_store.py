"""Where the trials of a study are kept: a journal file in its folder, or a schema of the installation's PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import cache
from pathlib import Path

import optuna
from filelock import FileLock
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from casting_core.errors import RunError
from casting_core.records.database.access import connect, writing
from casting_core.settings import settings
from casting_core.workflows.search.studies import Study

SCHEMA = "tuning"  # of PostgreSQL, for Optuna's tables: one of them has the name of one that alembic keeps for us

optuna.logging.set_verbosity(optuna.logging.ERROR)


class Phase(StrEnum):
    """What a trial is for: to find good settings, or to train the best few again with other seeds."""

    SEARCH = "search"
    SEEDS = "seeds"


def make_room(study: Study) -> None:
    """Makes the place for the trials of a new study."""
    for phase in Phase:
        with readable(study):
            optuna.create_study(
                study_name=f"{phase}-{study.id}",
                storage=_storage(study.folder),
                direction="maximize" if study.plan.objective.more_is_better else "minimize",
            )


def search_of(study: Study, phase: Phase = Phase.SEARCH) -> optuna.Study:
    """The same as Optuna knows it; ``RunError`` where it is damaged."""
    with readable(study):
        return optuna.load_study(study_name=f"{phase}-{study.id}", storage=_storage(study.folder))


def forget(study: Study) -> None:
    """Takes the trials out of a database; a journal goes with the study's folder."""
    if _in_database():
        for phase in Phase:
            with suppress(KeyError):
                optuna.delete_study(study_name=f"{phase}-{study.id}", storage=_storage(study.folder))


class _Turns(JournalFileOpenLock):
    """Who may write to a journal; the system takes it from a process that dies, and what is half written then goes."""

    def __init__(self, journal: Path) -> None:
        super().__init__(str(journal))
        self._journal, self._lock = journal, FileLock(f"{journal}.lock")

    def acquire(self) -> bool:
        self._lock.acquire()
        _cut(self._journal)
        return True

    def release(self) -> None:
        self._lock.release()


def _cut(journal: Path) -> None:
    """Takes off a last line without an end; Optuna would write the next one behind it, and could read neither."""
    with journal.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 1))
        if size and file.read(1) != b"\n":
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)


@cache
def _storage(folder: Path) -> BaseStorage:
    """Where the trials of the study in this folder are kept; one per process, for it remembers what it has read."""
    if _in_database():
        return _database(settings().database_url)
    if not folder.is_dir():
        raise OSError(f"its folder {str(folder)!r} has gone")
    journal = folder / "trials.journal"
    return JournalStorage(JournalFileBackend(str(journal), lock_obj=_Turns(journal)))


def _in_database() -> bool:
    return make_url(settings().database_url).get_backend_name() == "postgresql"


@cache
def _database(url: str) -> RDBStorage:
    engine = connect(url)
    with writing(engine) as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    arguments = {"connect_args": {"options": f"-csearch_path={SCHEMA}"}, "pool_pre_ping": True}
    return RDBStorage(engine.url.render_as_string(hide_password=False), engine_kwargs=arguments)


@contextmanager
def readable(study: Study) -> Iterator[None]:
    """Turns what Optuna says of a damaged place into a ``RunError`` that names it."""
    try:
        yield
    except RunError:
        raise
    except (ValueError, KeyError, TypeError, OSError, SQLAlchemyError, optuna.exceptions.OptunaError) as error:
        raise RunError(
            f"the trials of study {study.plan.name!r} cannot be read ({type(error).__name__}: {error}); "
            f"they lie in {str(study.folder)!r}; remove the study, or put its files back from a copy"
        ) from error
