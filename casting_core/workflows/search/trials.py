"""The trials of a study: who does which next, what became of each, and that none is lost or done twice.

A trial whose worker was killed or stopped is called lost, does not count, and is put back to be done.
"""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, IntDistribution
from optuna.trial import FrozenTrial, TrialState

from casting_core.workflows.search.studies import Study, at_work, turn
from casting_core.workflows.search.trial_store import Phase, readable, search_of

RETRIES = 2  # how often the trial of a worker that died is tried again: one that needs too much memory kills them all
FIRST = 5  # trials that are never pruned, and that the others are measured by
DIED = "its worker ended in the middle of it"
BY, LOST, AGAIN, DEATHS, WHY, OF = "by", "lost", "again", "deaths", "why", "of"  # noted down with a trial by us


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
        _put_back_lost(search)
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


def _put_back_lost(search: optuna.Study) -> None:
    for trial in search.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        _, mark = trial.user_attrs.get(BY, (0, ""))  # without one: killed between two steps of ``take``
        if not at_work(mark):
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
    with readable(study):
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
