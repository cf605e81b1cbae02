"""A search for settings: its start, its end, going on with it, and where it stands."""

import os
import shutil
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import uuid4

from casting_core.errors import RunError, written
from casting_core.jobs import background
from casting_core.workflows.search import trial_store, trials
from casting_core.workflows.search.studies import (
    End,
    Plan,
    Study,
    Worker,
    alive,
    find_worker,
    note_down,
    note_worker,
    workers,
)


class State(StrEnum):
    """Where a study stands. ``LOST``: its workers were killed before the budget was spent."""

    WORKING = "working"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it unless somebody goes on with it."""
        return self is not State.WORKING


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a study stands, and who is at work."""

    state: State
    stopping: bool  # somebody has asked it to stop, and it has not ended yet
    at_work: list[Worker]
    message: str  # why it failed


def start(plan: Plan) -> Study:
    """Notes down a study and starts its workers as processes of their own; returns at once.

    Raises ``RunError`` where its name is taken or no process can be started.
    """
    study = note_down(plan)
    trial_store.make_room(study)
    _launch_missing(study)
    return study


def stop(study: Study) -> None:
    """Asks the workers to end; each looks twice a second. Their trials wait until somebody goes on with the study."""
    with written(study.folder):
        study.wish.touch()


def resume(study: Study) -> None:
    """Goes on with a study that was stopped, failed or lost workers; those at work are left alone."""
    trials.trials(study)  # what is damaged is said before anything is started
    with written(study.folder):
        study.wish.unlink(missing_ok=True)
    _launch_missing(study)


def remove(study: Study) -> None:
    """Forgets a study with all its trials; ``RunError`` while somebody works on it."""
    if any(alive(study, worker) for worker in workers(study)):
        raise RunError(f"study {study.plan.name!r} is being worked on; stop it first")
    trial_store.forget(study)
    with written(study.folder):
        shutil.rmtree(study.folder)


def standing(study: Study) -> Standing:
    """Where a study stands now; ``RunError`` where its trials are damaged."""
    known = workers(study)
    at_work = [worker for worker in known if alive(study, worker)]
    wished = study.wish.exists()
    failed = next((worker.message for worker in known if worker.end is End.FAILED), "")
    if at_work:
        state = State.WORKING
    elif trials.over(study):
        state = State.FINISHED
    else:
        state = State.STOPPED if wished else State.FAILED if failed else State.LOST
    return Standing(state=state, stopping=wished and bool(at_work), at_work=at_work, message=failed)


def _launch_missing(study: Study) -> None:
    for number in range(1, study.plan.workers + 1):
        if not alive(study, find_worker(study, number)):
            _launch(study, Worker(number=number, mark=uuid4().hex, asked=time.time()))


def _launch(study: Study, worker: Worker) -> None:
    note_worker(study, worker)
    printed = study.folder / f"worker-{worker.number}.log"

    def after() -> None:
        """A process that never came up cannot say so itself."""
        if study.folder.is_dir() and find_worker(study, worker.number) == worker:
            reason = f"its process ended before it began; its log is {printed}"
            note_worker(study, replace(worker, end=End.FAILED, message=reason))

    asked = ("--study", study.id, "--worker", str(worker.number))
    try:
        background.start("tune", *asked, output=printed, environment=_share_of_cores(study), after=after)
    except OSError as error:
        reason = f"worker {worker.number} cannot be started: {error.strerror or error}"
        note_worker(study, replace(worker, end=End.FAILED, message=reason))
        raise RunError(reason) from error


def _share_of_cores(study: Study) -> dict[str, str]:
    """The environment of a worker: TensorFlow in each takes its share of the cores, or they wait for each other."""
    if study.plan.workers == 1:
        return dict(os.environ)
    share = str(max(1, (os.cpu_count() or 1) // study.plan.workers))
    return {"TF_NUM_INTRAOP_THREADS": share, "TF_NUM_INTEROP_THREADS": share} | os.environ
