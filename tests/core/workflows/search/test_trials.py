"""The trials of a study: none is lost, none is done twice, and what is damaged is said."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from casting_core.errors import RunError
from casting_core.jobs import control, process
from casting_core.judging.objectives import Objective
from casting_core.learning.recipes.choices import Validation
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.search_space import RANGES, SearchSpace
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Request, State
from casting_core.workflows.search import search, spread, trial_store, trials
from casting_core.workflows.search.findings import importance, surface
from casting_core.workflows.search.studies import (
    KIND,
    Plan,
    Study,
    find_study,
    mark_of,
    note_down,
    studies,
)
from casting_core.workflows.search.trial_store import Phase, search_of

SPACE = SearchSpace(ranges={name: RANGES[name] for name in ("learning_rate", "batch_size", "augmentation")})
PLAN = Plan(
    name="first",
    dataset=NamedDataset(name="castings", folder="nowhere", rule={"ok": [], "defective": []}),
    recipe=Recipe(epochs=2),
    space=SPACE,
    trials=6,
)


def noted(**changes: object) -> Study:
    study = note_down(replace(PLAN, **changes))  # type: ignore[arg-type]
    trial_store.make_room(study)
    return study


@pytest.fixture
def study() -> Study:
    return noted()


@pytest.fixture
def living() -> Iterator[ExitStack]:
    """Workers that live in this very process; they die with ``close``."""
    with ExitStack() as stack:
        yield stack


def arrive(study: Study, number: int, living: ExitStack) -> tuple[int, str]:
    """A worker that is at work; it dies with ``living``."""
    inputs = {"study": study.id, "worker": number}
    job = control.queue().ask(Request(kind=KIND, inputs=inputs, subject=study.id, heavy=True))[0]
    lock = process.hold(job.id)
    living.callback(lock.release)
    control.log().begin(job.id, pid=os.getpid())
    return number, mark_of(job.id, job.attempt)


def taken(study: Study, by: tuple[int, str], phase: Phase = Phase.SEARCH) -> optuna.Trial:
    trial = trials.take(study, search_of(study, phase), by=by, phase=phase)
    assert trial is not None
    return trial


def states(study: Study) -> list[str]:
    return [trial.state for trial in trials.trials(study)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"trials": 0}, "a budget of 0 trials is none"),
        ({"trials": -1}, "a budget of -1 trials is none"),
        ({"trials": None, "minutes": 0.0}, "a budget of 0 minutes is none"),
        ({"trials": None, "minutes": float("nan")}, "a budget of nan minutes is none"),
        ({"minutes": 5.0}, "either a number of trials, or minutes"),
        ({"trials": None}, "either a number of trials, or minutes"),
        ({"workers": 0}, "0 workers will not do"),
        ({"false_alarms": 1.0}, "a false-alarm limit of 1 will not do"),
        ({"name": " "}, "needs a name"),
        ({"recipe": Recipe(validation=Validation.RANDOM)}, "castings held out whole"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_with_a_sentence(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(RunError, match=reason):
        replace(PLAN, **changes)  # type: ignore[arg-type]


def test_a_study_is_read_back_as_it_was_noted_and_its_name_is_taken(study: Study) -> None:
    assert find_study(study.id) == study
    with pytest.raises(RunError, match="there is a study 'first' of 'castings' already"):
        noted()
    other = noted(name="second")
    assert [one.plan.name for one in studies()] == [other.plan.name, study.plan.name]


def test_a_damaged_plan_is_named_and_does_not_hide_the_others(study: Study) -> None:
    other = noted(name="second")
    (study.folder / "plan.json").write_text("{")
    with pytest.raises(RunError, match=r"the plan of study .* is damaged"):
        find_study(study.id)
    assert studies() == [other]


@pytest.mark.parametrize("content", ["nonsense\nmore\n", '{"op_code": 4}\n{}\n', ""])
def test_a_damaged_journal_is_a_sentence(study: Study, content: str) -> None:
    (study.folder / "trials.journal").write_text(content)
    trial_store._storage.cache_clear()  # as in a process that has not read it yet
    with pytest.raises(RunError, match=r"the trials of study 'first' cannot be read .* remove the study"):
        search.standing(study)
    search.remove(study)
    assert studies() == []


def test_what_a_killed_process_left_half_written_does_not_spoil_the_journal(study: Study, living: ExitStack) -> None:
    by = arrive(study, 1, living)
    search_of(study).tell(taken(study, by), 0.5)
    with (study.folder / "trials.journal").open("ab") as file:
        file.write(b'{"op_code":4,"wor')
    taken(study, by)
    trial_store._storage.cache_clear()
    assert states(study) == ["done", "working"]


def test_two_workers_never_take_more_trials_than_the_budget_has(study: Study, living: ExitStack) -> None:
    workers = [arrive(study, number, living) for number in (1, 2)]
    got = [trials.take(study, search_of(study), by=workers[turn % 2]) for turn in range(9)]
    assert [trial is not None for trial in got] == [True] * 6 + [False] * 3
    assert trials.waits_for_others(search_of(study))
    assert not trials.over(study)


def test_the_trial_of_a_worker_that_died_is_tried_again_with_the_same_settings(study: Study) -> None:
    with ExitStack() as doomed:
        begun = taken(study, arrive(study, 1, doomed))
    with ExitStack() as living:
        by = arrive(study, 2, living)
        again = taken(study, by)
        assert again.params == begun.params
        for _ in range(5):
            search_of(study).tell(taken(study, by), 0.5)
        search_of(study).tell(again, 0.9)
        assert trials.take(study, search_of(study), by=by) is None
    assert states(study) == ["lost"] + ["done"] * 6
    assert trials.spent(study) == 1


def test_a_trial_that_is_put_back_twice_is_tried_again_once(study: Study, living: ExitStack) -> None:
    """As where a process dies after it put a trial back, and before it said so."""
    search, by = search_of(study), arrive(study, 1, living)
    begun = taken(study, by)
    search.enqueue_trial(begun.params, user_attrs={trials.AGAIN: begun.number})
    trials.give_back(study, search, begun, why="stopped before its end")
    assert states(study) == ["lost", "waiting"]


def test_settings_that_kill_every_worker_are_given_up(study: Study) -> None:
    for _ in range(1 + trials.RETRIES):
        with ExitStack() as doomed:
            begun = taken(study, arrive(study, 1, doomed))
    with ExitStack() as living:
        assert taken(study, arrive(study, 1, living)).params != begun.params
    assert states(study) == ["lost", "lost", "failed", "working"]
    assert "3 times in all" in trials.trials(study)[2].why


def test_a_trial_that_was_stopped_many_times_is_not_given_up(study: Study, living: ExitStack) -> None:
    by = arrive(study, 1, living)
    for _ in range(5):
        trials.give_back(study, search_of(study), taken(study, by), why="stopped before its end")
    assert states(study) == ["lost"] * 5 + ["waiting"]


def test_a_budget_of_minutes_is_spent_by_trials_and_not_by_waiting(living: ExitStack) -> None:
    study = noted(trials=None, minutes=0.002)
    by = arrive(study, 1, living)
    trial = taken(study, by)
    time.sleep(0.2)
    search_of(study).tell(trial, 0.5)
    assert trials.take(study, search_of(study), by=by) is None
    assert trials.spent(study) == 1


def finished(study: Study, values: list[float], seeds: dict[int, list[float]]) -> None:
    """Does all trials, each with the value given; ``seeds`` are the values by trial number and seed."""
    with ExitStack() as living:
        by = arrive(study, 1, living)
        for value in values:
            search_of(study).tell(taken(study, by), value)
        spread.enrol(study)
        spread.enrol(study)  # the second worker does so, too
        again = search_of(study, Phase.SEEDS)
        while (trial := trials.take(study, again, by=by, phase=Phase.SEEDS)) is not None:
            of = again.trials[trial.number].user_attrs[trials.OF]
            again.tell(trial, seeds[of][trial.params["seed"] - 1])


RISING = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]


def test_a_best_that_wins_by_luck_is_called_noise(study: Study) -> None:
    finished(study, RISING, {6: [0.9, 0.5, 0.8], 5: [0.6, 0.9, 0.6], 4: [0.5, 0.5, 0.5]})
    assert [one.trial for one in spread.spreads(study)] == [6, 5, 4]
    compared = spread.compare(study)
    assert compared is not None
    assert (compared.best, compared.second, compared.clear) == (6, 5, False)
    assert (compared.least, compared.most) == pytest.approx((-0.4, 0.3))
    assert search.standing(study).state is State.FINISHED


def test_a_best_that_wins_with_every_seed_is_called_clear(study: Study) -> None:
    finished(study, RISING, {6: [0.7, 0.7, 0.7], 5: [0.91, 0.92, 0.9], 4: [0.5, 0.5, 0.5]})
    compared = spread.compare(study)
    assert compared is not None
    assert (compared.best, compared.second, compared.clear) == (5, 6, True)  # the best of the search was lucky


def test_fewer_escapes_are_better() -> None:
    study = noted(objective=Objective.ESCAPES)
    finished(study, RISING, {1: [0.1] * 3, 2: [0.2] * 3, 3: [0.3] * 3})
    assert [trial.number for trial in spread.best_few(study)] == [1, 2, 3]
    compared = spread.compare(study)
    assert compared is not None
    assert (compared.best, compared.clear) == (1, True)
    assert compared.gain == pytest.approx(0.1)


def test_what_matters_and_where_it_is_good_is_told_from_the_trials(study: Study) -> None:
    assert importance(study) == {}
    assert surface(study, "learning_rate", "batch_size") is None
    finished(study, RISING, {number: [0.5] * 3 for number in range(1, 7)})
    assert set(importance(study)) == set(SPACE.ranges)
    assert sum(importance(study).values()) == pytest.approx(1)
    found = surface(study, "learning_rate", "augmentation")
    assert found is not None
    assert RISING[0] <= found.height.min() <= found.height.max() <= RISING[-1]
    assert set(found.across) <= {0.0, 1.0}


def test_a_trial_of_a_worker_that_was_resumed_is_nobodys_any_more(study: Study) -> None:
    """Its job goes on, but in another process than the one that took the trial."""
    with ExitStack() as doomed:
        begun = taken(study, arrive(study, 1, doomed))
    job = control.known(kind=KIND)[0]
    again = control.queue().rejoin(job.id, lost=True)
    lock = process.hold(job.id)
    control.log().begin(job.id, pid=os.getpid())
    assert taken(study, (1, mark_of(again.id, again.attempt))).params == begun.params
    assert states(study) == ["lost", "working"]
    lock.release()


def test_a_trial_that_an_older_program_began_is_put_back(study: Study, living: ExitStack) -> None:
    begun = taken(study, (1, "0a1b2c3d"))  # its marks were no numbers
    assert taken(study, arrive(study, 1, living)).params == begun.params
    assert states(study) == ["lost", "working"]


def test_a_study_that_is_worked_on_cannot_be_removed(study: Study, living: ExitStack) -> None:
    arrive(study, 1, living)
    with pytest.raises(RunError, match="is being worked on; stop it first"):
        search.remove(study)
    assert Path(study.folder).is_dir()
    assert search_of(study).get_trials(states=[TrialState.RUNNING]) == []
