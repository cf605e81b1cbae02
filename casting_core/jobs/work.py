"""Doing one job in this process; however it ends, its end is written down, and the next one in line is started."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from casting_core.errors import CastingError, JobError, StoppedError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Kinds, Result
from casting_core.jobs.process import folder_of, hold
from casting_core.jobs.pulse import Pulse, beating
from casting_core.records.jobs import Job, JobLog, State, Wish

BY_HAND = "stopped by Ctrl+C"
NO_MEMORY = "not enough memory"


def do(number: int, kinds: Kinds, *, listen: Callable[[object], None] = lambda _event: None) -> Result:
    """Does the job of this number and returns its result; ``listen`` hears each event and all progress, too.

    A job that was begun before begins anew, or goes on where it was, as its kind knows how to. Raises what kept it from
    a result.
    """
    log = control.log()
    kind = _kind(kinds, log, log.find(number))
    lock = hold(number)
    try:
        job = log.begin(number, pid=os.getpid())
        folder = folder_of(number)
        if job.attempt == 1:  # what lies there is of a job in another database
            shutil.rmtree(folder, ignore_errors=True)
        pulse = Pulse(log, number, encode=kind.encode, attempt=job.attempt)
        inputs = Inputs(values=job.inputs, job=number, attempt=job.attempt, actor=job.actor, folder=folder, pulse=pulse)

        def report(event: object) -> None:
            pulse.report(event)
            listen(event)

        with _end_written_down(log, job), beating(pulse):
            result = kind.work(inputs, report, pulse.should_stop)
        ended = State.STOPPED if result.get("stopped") else State.FINISHED
        log.end(number, ended, result=result, attempt=job.attempt)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()
        with suppress(CastingError):  # no reason to lose what was done; who looks next starts the next one
            control.start_next()
    return result


def _kind(kinds: Kinds, log: JobLog, job: Job) -> Kind:
    if job.kind in kinds:
        return kinds[job.kind]
    reason = f"nothing here can do a job of the kind {job.kind!r} (known: {', '.join(kinds)})"
    log.never_began(job, reason)  # who has started this process may be gone
    if log.find(job.id).state.over:
        control.start_next()
    raise JobError(reason)


@contextmanager
def _end_written_down(log: JobLog, job: Job) -> Iterator[None]:
    """Writes the end of a job that did not come to a result, whatever kept it from one."""
    try:
        yield
    except BaseException as error:
        by_hand = isinstance(error, KeyboardInterrupt)
        stopped = by_hand or isinstance(error, StoppedError) or log.find(job.id).wish is not Wish.GO_ON
        message, ended = BY_HAND if by_hand else _reason(error), State.STOPPED if stopped else State.FAILED
        log.end(job.id, ended, message=message, attempt=job.attempt)
        raise


def _reason(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return NO_MEMORY
    return str(error) if isinstance(error, CastingError) else f"{type(error).__name__}: {error}".strip(": ")
