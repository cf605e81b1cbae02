"""A search as processes of its own: shared by two workers of which one is killed, stopped, gone on with, and failed."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from casting_core.data.drawing.synthetic import write_sample
from casting_core.jobs import process
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.search_space import RANGES, Between, SearchSpace
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import State
from casting_core.workflows.search import search, spread
from casting_core.workflows.search.studies import Plan, Study, find_study, workers
from casting_core.workflows.search.trials import Trial, spent, trials

SPACE = SearchSpace(
    ranges={
        "learning_rate": RANGES["learning_rate"],
        "batch_size": Between(low=4, high=16, whole=True),
        "class_weights": RANGES["class_weights"],
    }
)
PATIENCE = 600.0  # seconds for anything to happen
COUNTED = ("done", "pruned", "failed")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A search of three tiny trainings on forty drawn photos."""
    folder = tmp_path_factory.mktemp("tuned") / "castings"
    write_sample(folder, castings=20, copies=2, seed=1)
    return Plan(
        name="tiny",
        dataset=NamedDataset(
            name="castings", folder=str(folder), rule={"ok": ["ok_front"], "defective": ["def_front"]}
        ),
        recipe=Recipe(epochs=1),
        space=SPACE,
        trials=3,
        seeds=0,
    )


def until(reached: Callable[[list[Trial]], bool], study: Study, *, patience: float = PATIENCE) -> list[Trial]:
    """The trials as soon as they are so far; fails where they never come to that."""
    give_up = time.monotonic() + patience
    while not reached(found := trials(study)):
        assert time.monotonic() < give_up, f"{found}\n{printed(study)}"
        time.sleep(0.2)
    return found


def end(study: Study, *, patience: float = PATIENCE) -> State:
    """How the search ended, as soon as it has."""
    until(lambda _: search.standing(study).state.over, study, patience=patience)
    return search.standing(study).state


def printed(study: Study) -> str:
    told = [process.log_of(worker.job.id).read_text()[-2000:] for worker in workers(study)]
    return "\n".join(told) + f"\n{workers(study)}"


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.skipif(os.name != "posix", reason="only POSIX knows this way to die")
def test_of_30_trials_of_two_workers_none_is_lost_or_doubled_when_one_worker_is_killed(plan: Plan) -> None:
    study = search.start(replace(plan, trials=30, workers=2))

    def second_is_at_it(found: list[Trial]) -> bool:
        return len(found) > 6 and any(trial.worker == 2 and trial.state == "working" for trial in found)

    until(second_is_at_it, study)
    killed = workers(study)[1].job
    assert killed.pid is not None
    os.kill(killed.pid, signal.SIGKILL)
    begun = [trial for trial in trials(study) if trial.worker == 2 and trial.state in ("working", "lost")]
    until(lambda _: len(search.standing(study).at_work) == 1, study)
    assert search.standing(study).state is State.WORKING
    search.resume(study)  # as the page offers it: only the missing worker is started
    assert end(study) is State.FINISHED
    found = trials(study)
    counted = [trial for trial in found if trial.state in COUNTED]
    lost = [trial for trial in found if trial.state == "lost"]
    assert len(counted) == 30
    assert [trial.number for trial in lost] == [trial.number for trial in begun]
    for gone in lost:
        assert [trial.settings for trial in counted].count(gone.settings) == 1
    assert len({repr(trial.settings) for trial in counted}) == 30
    assert len(found) == 30 + len(lost)
    assert {trial.worker for trial in counted} == {1, 2}
    assert spent(study) == 1


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_search_that_is_stopped_goes_on_where_it_was_and_ends_with_other_seeds(plan: Plan) -> None:
    study = search.start(replace(plan, recipe=Recipe(epochs=2), trials=2, seeds=2))
    until(lambda found: any(trial.state == "working" and trial.epochs for trial in found), study)
    search.stop(study)
    assert end(study) is State.STOPPED
    before = trials(study)
    search.resume(find_study(study.id))
    assert end(study) is State.FINISHED
    after = trials(study)
    assert sum(trial.state in COUNTED for trial in after) == 2
    assert [trial for trial in after if trial.state == "done"][: len(before)]
    few = spread.spreads(study)
    assert sorted(one.trial for one in few) == sorted(trial.number for trial in after if trial.state == "done")
    assert all(list(one.values) == [1, 2] for one in few)
    assert spread.compare(study) is not None


@pytest.mark.slow
def test_a_search_whose_dataset_has_gone_fails_with_a_sentence(plan: Plan, tmp_path: Path) -> None:
    gone = replace(plan.dataset, folder=str(tmp_path / "gone"))
    study = search.start(replace(plan, dataset=gone))
    assert end(study) is State.FAILED
    assert "no folder" in search.standing(study).message


@pytest.mark.slow
def test_too_few_castings_to_hold_some_out_fail_with_a_sentence(plan: Plan, tmp_path: Path) -> None:
    write_sample(tmp_path / "few", castings=4, copies=3, seed=1, defective_share=0.5, test_share=0.5)
    study = search.start(replace(plan, dataset=replace(plan.dataset, folder=str(tmp_path / "few"))))
    assert end(study) is State.FAILED
    assert "too few to hold some out whole" in search.standing(study).message
