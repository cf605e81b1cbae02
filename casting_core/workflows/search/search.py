"""A search for settings: its start, its end, going on with it, and where it stands."""

import shutil
from dataclasses import dataclass

from casting_core import roles
from casting_core.errors import RunError, written
from casting_core.jobs import control
from casting_core.records.jobs import Job, Request, State, Wish, dataset_in
from casting_core.roles import Write
from casting_core.workflows.search import trial_store, trials
from casting_core.workflows.search.studies import KIND, Plan, Study, Worker, note_down, workers


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a study stands, and who is at work."""

    state: State
    stopping: bool  # somebody has asked it to stop, and it has not ended yet
    at_work: list[Worker]
    message: str  # why it failed


def start(plan: Plan, *, actor: str = "") -> Study:
    """Notes down a study and asks for its workers; returns at once.

    Raises ``RunError`` where its name is taken or no process can be started.
    """
    actor = roles.require(Write.TRAIN, actor)
    study = note_down(plan)
    trial_store.make_room(study)
    _ask_for_missing(study, actor)
    return study


def stop(study: Study) -> None:
    """Asks the workers to end; each looks twice a second. Their trials wait until somebody goes on with the study."""
    for worker in workers(study):
        if not worker.job.state.over:
            control.stop(worker.job.id)


def resume(study: Study, *, actor: str = "") -> None:
    """Goes on with a study that was stopped, failed or lost workers; those at work are left alone."""
    trials.trials(study)  # what is damaged is said before anything is started
    _ask_for_missing(study, actor)


def remove(study: Study) -> None:
    """Forgets a study with all its trials; ``RunError`` while somebody works on it."""
    roles.require(Write.TRAIN)
    if any(not worker.job.state.over for worker in workers(study)):
        raise RunError(f"study {study.plan.name!r} is being worked on; stop it first")
    trial_store.forget(study)
    with written(study.folder):
        shutil.rmtree(study.folder)


def standing(study: Study) -> Standing:
    """Where a study stands now; ``RunError`` where its trials are damaged."""
    known = workers(study)
    at_work = [worker for worker in known if not worker.job.state.over]
    states = {worker.job.state for worker in known}
    failed = next((worker.job.message for worker in known if worker.job.state is State.FAILED), "")
    if at_work:
        state = State.WORKING if State.WORKING in states else State.WAITING
    elif trials.over(study):
        state = State.FINISHED
    else:  # of a study that an older program began nobody knows how it ended
        ends = (State.STOPPED, State.FAILED, State.LOST)
        state = next((end for end in ends if end in states), State.STOPPED if not states else State.LOST)
    stopping = any(worker.job.wish is not Wish.GO_ON for worker in at_work)
    return Standing(state=state, stopping=stopping, at_work=at_work, message=failed)


def _ask_for_missing(study: Study, actor: str) -> None:
    known = {worker.number: worker.job for worker in workers(study)}
    asked = [
        _ask(study, number, known.get(number), actor)
        for number in range(1, study.plan.workers + 1)
        if number not in known or known[number].state.over
    ]
    if failed := [job for job in asked if job.state is State.FAILED]:
        raise RunError(failed[0].message)


def _ask(study: Study, number: int, before: Job | None, actor: str) -> Job:
    if before is not None and before.resumable:
        return control.resume(before.id)
    request = Request(
        kind=KIND,
        inputs={"study": study.id, "worker": number},
        about=study.plan.name,
        subject=study.id,
        uses=(dataset_in(study.plan.dataset.folder),),
        actor=actor,
        heavy=True,
        travels=True,
    )
    return control.ask(request)
