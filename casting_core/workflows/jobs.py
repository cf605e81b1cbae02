"""Long work as pages and commands know it: what goes on and what ended, stopping it, and taking it up again."""

from collections.abc import Sequence

from casting_core.jobs import control
from casting_core.jobs.control import find, going_on, in_line, known, resume, start_next, stop
from casting_core.jobs.feed import EventFeed
from casting_core.records.jobs import Job, State
from casting_core.workflows.kinds import KINDS

__all__ = [
    "EventFeed",
    "find",
    "going_on",
    "in_line",
    "keep_moving",
    "known",
    "outcome_of",
    "resume",
    "start_next",
    "stop",
    "title_of",
]

KILLED = "its process was killed, or the machine was switched off"


def feed() -> EventFeed:
    """What happens in jobs, for many readers in this process."""
    return EventFeed(control.log())


def keep_moving(among: Sequence[Job]) -> bool:
    """Starts the job whose turn it is where one waits and nothing is at work, as after a crash; whether that was so.

    ``among`` are the jobs that go on, as they were seen just now.
    """
    waiting = in_line(among)
    if not waiting or any(job.heavy and not job.in_line and job.machine == waiting[0].machine for job in among):
        return False
    return start_next() is not None


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
