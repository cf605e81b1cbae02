"""Whatever is done to a search, or to the server that asked for it, each trial is done once and none is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest

from casting_core.data.drawing.synthetic import write_sample
from casting_core.jobs import control, process
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.search_space import RANGES, SearchSpace
from casting_core.records.database.access import connect
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, JobLog, State
from casting_core.settings import ROOT, settings
from casting_core.workflows.search import search
from casting_core.workflows.search.studies import _PLAN, KIND, Plan, Study, find_study, studies, workers
from casting_core.workflows.search.trials import RETRIES, Trial, spent, trials
from tests.core.jobs.counting import KILLS, PATIENCE, over, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.name != "posix", reason="only POSIX knows these ways to die"),
]

TRIALS = 8
COUNTED = ("done", "pruned", "failed")
SERVER = """
import sys, time
from casting_core.workflows.search import search
from casting_core.workflows.search.studies import _PLAN
search.start(_PLAN.validate_json(sys.argv[1]))
print("started", flush=True)
time.sleep(1000)
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A search of tiny trainings on twenty drawn photos."""
    folder = tmp_path_factory.mktemp("tuned") / "castings"
    write_sample(folder, castings=20, copies=1, seed=1)
    rule = {"ok": ["ok_front"], "defective": ["def_front"]}
    return Plan(
        name="tiny",
        dataset=NamedDataset(name="castings", folder=str(folder), rule=rule),
        recipe=Recipe(epochs=1),
        space=SearchSpace(ranges={"learning_rate": RANGES["learning_rate"]}),
        trials=TRIALS,
        seeds=0,
    )


def counted(found: list[Trial]) -> list[Trial]:
    return [trial for trial in found if trial.state in COUNTED]


def about_to_be_given_up(found: list[Trial]) -> bool:
    """Whether a trial is at work that RETRIES workers have died of: with one more it fails, and rightly so."""
    lost = Counter(repr(trial.settings) for trial in found if trial.state == "lost")
    return any(trial.state == "working" and lost[repr(trial.settings)] >= RETRIES for trial in found)


def so_far(reached: Callable[[list[Trial]], object], study: Study) -> None:
    """Waits until the trials are so far, or the search has ended."""
    give_up = time.monotonic() + PATIENCE
    while not reached(found := trials(study)) and not worker_of(study).state.over:
        assert time.monotonic() < give_up, f"{found}\n{process.log_of(worker_of(study).id).read_text()[-2000:]}"
        time.sleep(0.05)


def worker_of(study: Study) -> Job:
    (worker,) = workers(study)
    return worker.job


def kill(study: Study) -> None:
    """Kills the worker; it is lost at once, and so is the search."""
    job = until(lambda now: now.state.over or now.state is State.WORKING, worker_of(study).id)
    assert job.state is State.WORKING, job
    assert job.pid is not None
    os.kill(job.pid, signal.SIGKILL)
    assert until(over, job.id).state is State.LOST
    assert search.standing(study).state is State.LOST


def check_each_trial_was_done_once(study: Study) -> None:
    assert until(over, worker_of(study).id).state is State.FINISHED, worker_of(study).message
    assert search.standing(study).state is State.FINISHED
    found = trials(study)
    assert {trial.state for trial in counted(found)} == {"done"}
    assert len(counted(found)) == study.plan.trials
    assert max(Counter(repr(trial.settings) for trial in counted(found)).values()) == 1
    settings_done = [trial.settings for trial in counted(found)]
    assert all(trial.settings in settings_done for trial in found if trial.state == "lost"), "what was lost was redone"
    assert {trial.state for trial in found} <= {"done", "lost"}
    assert spent(study) == 1


def test_a_search_whose_worker_is_killed_ten_times_does_every_trial_once(plan: Plan) -> None:
    chance = random.Random(os.environ.get("CASTING_CHANCE", "7"))
    study = search.start(plan)
    for number in range(KILLS):
        if number % 3 == 2:  # in the middle of a trial that no other worker has died of; else while it comes up

            def is_at_another(found: list[Trial], reached: int = number // 3) -> bool:
                return len(counted(found)) > reached and any(trial.state == "working" for trial in found)

            so_far(is_at_another, study)
        else:
            until(lambda now: now.state is State.WORKING, worker_of(study).id)
            time.sleep(chance.uniform(0, 1.0))
        so_far(lambda found: not about_to_be_given_up(found), study)
        kill(study)
        search.resume(study)
    job = worker_of(study)
    assert [known.id for known in control.known(kind=KIND)] == [job.id], "it is the same job, taken up again"
    assert job.attempt == KILLS + 1
    check_each_trial_was_done_once(study)


def test_a_search_outlives_the_server_and_is_gone_on_with_if_it_dies_with_it(plan: Plan) -> None:
    told = _PLAN.dump_json(plan).decode()
    with subprocess.Popen([sys.executable, "-c", SERVER, told], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "started\n"
        server.kill()
    (study,) = studies()
    so_far(lambda found: len(counted(found)) >= 1, study)
    kill(study)
    search.resume(find_study(study.id))
    check_each_trial_was_done_once(study)


def test_a_clock_put_back_an_hour_leaves_no_dead_search_working(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    study = search.start(plan)
    job = until(lambda now: now.state is State.WORKING, worker_of(study).id)
    assert job.pid is not None
    back = JobLog(connect(settings().database_url), clock=lambda: time.time() - 3600.0)
    monkeypatch.setattr(control, "log", lambda: back)
    os.kill(job.pid, signal.SIGKILL)
    assert until(over, job.id).state is State.LOST
    assert search.standing(study).state is State.LOST
    assert control.going_on() == []
