"""Jobs that are at work as far as anybody can tell: their rows say so, and this process holds their locks."""

import os
from typing import Any

from casting_core.jobs import control, process
from casting_core.records.jobs import Job, State


def begin(job: int) -> Job:
    """The job at work, until ``end``."""
    process.hold(job)
    return control.log().begin(job, pid=os.getpid())


def begin_and_die(job: int) -> Job:
    """The job as its row stands after its process was killed: it says working, and nobody holds its lock."""
    control.log().begin(job, pid=os.getpid())
    return control.find(job)


def end(job: int, state: State, *, result: dict[str, Any] | None = None, message: str = "") -> None:
    """Writes the end of a job that is at work here, as its process would, and gives its lock back."""
    control.log().end(job, state, result=result, message=message)
    process.hold(job).release(force=True)
