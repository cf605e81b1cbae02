"""Long work as pages and commands know it: what goes on and what ended, stopping it, and taking it up again."""

from collections.abc import Sequence

from casting_core.jobs import control
from casting_core.jobs.control import find, going_on, in_line, known, resume, start_next, stop
from casting_core.jobs.feed import EventFeed
from casting_core.records.jobs import Job, State
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.sharing import missing

__all__ = [
    "EventFeed",
    "find",
    "going_on",
    "in_line",
    "keep_moving",
    "known",
    "missing",
    "outcome_of",
    "resume",
    "start_next",
    "stop",
    "title_of",
    "waits",
    "where",
    "workers",
]

KILLED = "its process was killed, or the machine was switched off"


def feed() -> EventFeed:
    """What happens in jobs, for many readers in this process."""
    return EventFeed(control.log())


def keep_moving(among: Sequence[Job]) -> bool:
    """Starts the job whose turn it is where one waits and nothing is at work, as after a crash; whether that was so.

    ``among`` are the jobs that go on, as they were seen just now.
    """
    waiting = [job for job in in_line(among) if not job.anywhere]
    if not waiting or any(job.heavy and not job.in_line and job.machine == waiting[0].machine for job in among):
        return False
    return start_next() is not None


def workers() -> list[Job]:
    """The workers that are there, each a job of its own; what it does stands in ``doing``."""
    return control.workers()


def waits(job: Job, there: Sequence[Job]) -> str:
    """What a job in line waits for, in words; ``there`` are the workers."""
    if not job.anywhere:
        return "waits for its turn"
    if any(job.kind in worker.inputs.get("kinds", ()) for worker in there):
        return "waits for a worker that has time"
    others = "no worker does such jobs" if there else "no worker is there"
    return f"waits for a worker, and {others}: one is started by `python -m casting_core work`"


def where(job: Job) -> str:
    """The name of the machine that works, or worked, on a job; empty where there is but one, or nobody has begun."""
    return job.machine if job.started is not None else ""


def title_of(job: Job) -> str:
    """What people call a job: ``Audit 12``; one of a kind that this program does not know goes by its own word."""
    kind = KINDS.get(job.kind)
    return f"{kind.title if kind else job.kind.capitalize()} {job.id}"


def outcome_of(job: Job) -> str:
    """What came of a job, in words: its result, or why there is none; empty as long as it goes on."""
    if not job.state.over:
        return ""
    if job.result is not None:
        kind = KINDS.get(job.kind)
        return kind.outcome(job.result) if kind else ""
    return job.message or (KILLED if job.state is State.LOST else "")
