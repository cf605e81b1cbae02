"""Long work as pages and commands know it: what goes on and what ended, stopping it, and taking it up again."""

from casting_core.jobs.control import find, going_on, in_line, known, resume, start_next, stop
from casting_core.records.jobs import Job
from casting_core.workflows.kinds import KINDS

__all__ = ["find", "going_on", "in_line", "known", "resume", "start_next", "stop", "title_of"]


def title_of(job: Job) -> str:
    """What people call a job: ``Audit 12``; one of a kind that this program does not know goes by its own word."""
    kind = KINDS.get(job.kind)
    return f"{kind.title if kind else job.kind.capitalize()} {job.id}"
