"""The trials of a study: who does which next, what became of each, and that none is lost or done twice.

Optuna keeps them, in a journal file beside the plan or, where the installation's database is PostgreSQL, in a schema of
its own there. A trial whose worker was killed or stopped is called lost, does not count, and is put back to be done.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any

import optuna
from filelock import FileLock
from optuna.distributions import BaseDistribution, IntDistribution
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from casting_core.errors import RunError
from casting_core.records.database import connect, writing
from casting_core.settings import settings
from casting_core.workflows.studies import Study, alive, find_worker, turn

RETRIES = 2  # how often the trial of a worker that died is tried again: one that needs too much memory kills them all
FIRST = 5  # trials that are never pruned, and that the others are measured by
DIED = "its worker ended in the middle of it"
SCHEMA = "tuning"  # of PostgreSQL, for Optuna's tables: one of them has the name of one that alembic keeps for us
BY, LOST, AGAIN, DEATHS, WHY, OF = "by", "lost", "again", "deaths", "why", "of"  # noted down with a trial by us

optuna.logging.set_verbosity(optuna.logging.ERROR)


class Phase(StrEnum):
    """What a trial is for: to find good settings, or to train the best few again with other seeds."""

    SEARCH = "search"
    SEEDS = "seeds"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial as pages and commands read it."""

    number: int  # from 1
    state: str  # waiting, working, done, pruned, failed, or lost
    value: float | None  # of the objective; only where it is done
    settings: dict[str, Any]  # what varied
    seconds: float | None
    epochs: int  # done so far
    worker: int | None
    why: str  # it failed, or what became of a lost one
    of: int | None = None  # among the seeds: the number of the trial whose settings these are


def trials(study: Study, phase: Phase = Phase.SEARCH) -> list[Trial]:
    """All trials of a phase, in order; ``RunError`` where what Optuna kept is damaged."""
    return [_as_read(trial) for trial in _frozen(study, phase)]


def make_room(study: Study) -> None:
    """Makes the place for the trials of a new study."""
    for phase in Phase:
        with _readable(study):
            optuna.create_study(
                study_name=f"{phase}-{study.id}",
                storage=_storage(study.folder),
                direction="maximize" if study.plan.objective.more_is_better else "minimize",
            )


def search_of(study: Study, phase: Phase = Phase.SEARCH) -> optuna.Study:
    """The same as Optuna knows it; ``RunError`` where it is damaged."""
    with _readable(study):
        return optuna.load_study(study_name=f"{phase}-{study.id}", storage=_storage(study.folder))


def forget(study: Study) -> None:
    """Takes the trials out of a database; a journal goes with the study's folder."""
    if _in_database():
        for phase in Phase:
            with suppress(KeyError):
                optuna.delete_study(study_name=f"{phase}-{study.id}", storage=_storage(study.folder))


def to_suggest(study: Study, *, worker: int) -> optuna.Study:
    """The search for a process that works on it: with a sampler of its own luck, and a rule when to give up a trial."""
    found = search_of(study)
    found.sampler = optuna.samplers.TPESampler(seed=study.plan.recipe.seed + 1009 * worker + len(found.trials))
    found.pruner = optuna.pruners.MedianPruner(n_startup_trials=FIRST, n_warmup_steps=study.plan.recipe.epochs // 4)
    return found


def take(
    study: Study, search: optuna.Study, *, by: tuple[int, str], phase: Phase = Phase.SEARCH
) -> optuna.Trial | None:
    """The next trial, now this worker's (its number and mark); ``None`` where there is none to take now."""
    with turn(study):
        _put_back_lost(study, search)
        if not _left(study, search, phase):
            return None
        trial = search.ask(_distributions(study, phase))
        trial.set_user_attr(BY, list(by))
        return trial


def waits_for_others(search: optuna.Study) -> bool:
    """Whether trials are not over yet, so that there may be one to take again."""
    return any(not trial.state.is_finished() for trial in search.get_trials(deepcopy=False))


def give_back(study: Study, search: optuna.Study, trial: optuna.Trial, *, why: str) -> None:
    """The trial does not count, and its settings wait to be tried again."""
    with turn(study):
        _give_back(search, search.trials[trial.number], why)


def over(study: Study) -> bool:
    """Whether the budget is spent and everything is done, seeds included."""
    search = search_of(study)
    if _left(study, search, Phase.SEARCH) or waits_for_others(search):
        return False
    if not study.plan.seeds or not any(trial.state is TrialState.COMPLETE for trial in search.trials):
        return True
    seeds = search_of(study, Phase.SEEDS)
    return bool(seeds.trials) and not waits_for_others(seeds)


def spent(study: Study) -> float:
    """How much of the budget is spent, 0 to 1."""
    counted = [trial for trial in _frozen(study, Phase.SEARCH) if LOST not in trial.user_attrs]
    if study.plan.trials is not None:
        return min(1.0, sum(trial.state.is_finished() for trial in counted) / study.plan.trials)
    return min(1.0, _minutes(study, counted) / (study.plan.minutes or 1.0))


def _left(study: Study, search: optuna.Study, phase: Phase) -> bool:
    """Whether another trial may be taken: one that waits, or a new one within the budget."""
    known = search.get_trials(deepcopy=False)
    if any(trial.state is TrialState.WAITING for trial in known):
        return True
    if phase is Phase.SEEDS:
        return False
    counted = [trial for trial in known if LOST not in trial.user_attrs]
    if study.plan.trials is not None:
        return len(counted) < study.plan.trials
    return _minutes(study, counted) < (study.plan.minutes or 0.0)


def _minutes(study: Study, counted: list[FrozenTrial]) -> float:
    """Minutes spent on trials, as if the workers had always been beside each other."""
    return sum(_seconds(trial) or 0.0 for trial in counted) / study.plan.workers / 60


def _put_back_lost(study: Study, search: optuna.Study) -> None:
    for trial in search.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        number, mark = trial.user_attrs.get(BY, (0, ""))  # without one: killed between two steps of ``take``
        worker = find_worker(study, number)
        if worker is None or worker.mark != mark or not alive(study, worker):
            _give_back(search, trial, DIED)


def _give_back(search: optuna.Study, trial: FrozenTrial, why: str) -> None:
    """Puts it back first, and only where that was not done: a process that dies in between leaves nothing half done."""
    note = partial(search._storage.set_trial_user_attr, trial._trial_id)
    deaths = trial.user_attrs.get(DEATHS, 0) + (why == DIED)
    if deaths > RETRIES:
        note(WHY, f"{why}, {deaths} times in all")
    else:
        if all(other.user_attrs.get(AGAIN) != trial.number for other in search.get_trials(deepcopy=False)):
            kept = {name: value for name, value in trial.user_attrs.items() if name == OF}
            search.enqueue_trial(_suggested(trial), user_attrs=kept | {AGAIN: trial.number, DEATHS: deaths})
        note(LOST, True)
        note(WHY, why)
    search.tell(trial.number, state=TrialState.FAIL, skip_if_finished=True)


def _suggested(trial: FrozenTrial) -> dict[str, Any]:
    return {**trial.system_attrs.get("fixed_params", {}), **trial.params}


def _distributions(study: Study, phase: Phase) -> dict[str, BaseDistribution]:
    found = study.plan.space.distributions()
    return found | {"seed": IntDistribution(0, 2**31 - 1)} if phase is Phase.SEEDS else found


def _frozen(study: Study, phase: Phase) -> list[FrozenTrial]:
    with _readable(study):
        return search_of(study, phase).get_trials(deepcopy=False)


def _as_read(trial: FrozenTrial) -> Trial:
    words = {TrialState.COMPLETE: "done", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}
    words |= {TrialState.RUNNING: "working", TrialState.WAITING: "waiting"}
    by = trial.user_attrs.get(BY, (None, ""))
    return Trial(
        number=trial.number + 1,
        state="lost" if LOST in trial.user_attrs else words[trial.state],
        value=trial.value if trial.state is TrialState.COMPLETE else None,
        settings=_suggested(trial),
        seconds=_seconds(trial),
        epochs=len(trial.intermediate_values),
        worker=by[0],
        why=str(trial.user_attrs.get(WHY, "")),
        of=trial.user_attrs.get(OF),
    )


def _seconds(trial: FrozenTrial) -> float | None:
    if trial.datetime_start is None:
        return None
    ended = trial.datetime_complete.timestamp() if trial.datetime_complete else time.time()
    return ended - trial.datetime_start.timestamp()


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
    with writing(connect(url)) as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    arguments = {"connect_args": {"options": f"-csearch_path={SCHEMA}"}, "pool_pre_ping": True}
    return RDBStorage(url, engine_kwargs=arguments)


@contextmanager
def _readable(study: Study) -> Iterator[None]:
    try:
        yield
    except RunError:
        raise
    except (ValueError, KeyError, TypeError, OSError, SQLAlchemyError, optuna.exceptions.OptunaError) as error:
        raise RunError(
            f"the trials of study {study.plan.name!r} cannot be read ({type(error).__name__}: {error}); "
            f"they lie in {str(study.folder)!r}; remove the study, or put its files back from a copy"
        ) from error
