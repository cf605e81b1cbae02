"""Asking for jobs, starting whose turn it is, stopping, resuming, and finding them as they stand now."""

import os
import shutil
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from casting_core import roles
from casting_core.errors import CastingError, JobError, StoppedError
from casting_core.jobs import process, standby
from casting_core.jobs.pulse import PULSE
from casting_core.jobs.queue import Fits, Queue, line
from casting_core.learning.threads import inheritable
from casting_core.records.database.access import connect
from casting_core.records.jobs import Job, JobLog, Request, State, Wish
from casting_core.settings import settings

WORD = 6 * PULSE  # seconds that a process which is there has for its next word
_HANGING: set[tuple[int, float | None]] = set()  # jobs, and the heartbeats after which they had that time in vain
WORKER = "worker"  # the kind of job that a worker is itself
KEPT = 7 * 24 * 3600.0  # seconds for which the files of a job that came to nothing are kept, to be resumed


def log() -> JobLog:
    """The rows of all jobs."""
    return JobLog(connect(settings().database_url))


def queue() -> Queue:
    """The line of this machine."""
    return Queue(connect(settings().database_url), machine=settings().machine, alive=_alive)


def find(job: int) -> Job:
    """One job as it stands now; ``JobError`` where there is none of this number."""
    return _seen(log().find(job))


def known(*, kind: str | None = None, subject: str | None = None, most: int | None = None) -> list[Job]:
    """All jobs as they stand now, or those of a kind, or about a subject: the newest first, ``most`` of them."""
    return [_seen(job) for job in log().jobs(kind=kind, subject=subject, most=most)]


def going_on() -> list[Job]:
    """The jobs that wait or work, the newest first; those who do them for others are none of them."""
    return [job for job in map(_seen, log().open()) if not job.state.over and job.kind != WORKER]


def broken_off() -> list[Job]:
    """The jobs whose process has gone before it could write an end."""
    return [job for job in map(_seen, log().open()) if job.state is State.LOST]


def workers() -> list[Job]:
    """The workers that are there, each a job of its own; what it does stands in ``doing``."""
    return [job for job in known(kind=WORKER) if not job.state.over]


def in_line(among: Sequence[Job]) -> list[Job]:
    """Those of these jobs that wait for their turn on this machine, or for a worker, the next one first."""
    return line(job for job in among if job.machine in ("", settings().machine))


def using(what: str) -> list[Job]:
    """The jobs that go on and need this, as ``records.jobs.dataset_in`` names it: it must not be removed."""
    return [job for job in going_on() if what in job.uses]


def ask(request: Request, *, once: bool = False) -> Job:
    """Asks for a job and returns at once; its process begins now, or when those before it in line have ended.

    With ``once`` the same work on the same subject that goes on already is given instead. Where others do the work,
    it waits until a worker takes it; where machines share no folders, but a store, only work that needs none does.
    """
    anywhere = settings().workers == "elsewhere" and (request.travels or not settings().store)
    job, new = queue().ask(request, starting=not request.heavy and not anywhere, once=once, anywhere=anywhere)
    if anywhere or job.anywhere:
        return find(job.id)
    if new and not job.heavy:
        _start(job)
    elif new:
        start_next()
    return find(job.id)


def ask_here(request: Request) -> Job:
    """The same for a process that will do it itself, such as a terminal; ``take_turn`` waits until it may."""
    job, _ = queue().ask(request, starting=True)
    return _wait_here(job)


def resume(job: int) -> Job:
    """Takes up a job again that broke off or was stopped; ``JobError`` where it cannot be resumed."""
    found = _ended(job)
    starting = not found.heavy and not found.anywhere
    again = queue().rejoin(job, lost=found.state is State.LOST, starting=starting)
    if again.anywhere:
        return find(job)
    if again.heavy:
        start_next()
    else:
        _start(again)
    return find(job)


def resume_here(job: int) -> Job:
    """The same for a process that will do it itself."""
    found = _ended(job)
    return _wait_here(queue().rejoin(job, lost=found.state is State.LOST, starting=True))


def stop(job: int, wish: Wish = Wish.STOP) -> None:
    """Says that nobody wants this job any more; one that waits leaves the line, one at work looks twice a second."""
    found = find(job)
    roles.require_job(found.kind)
    if found.state.over:
        raise JobError(f"{found.kind} {job} cannot be stopped: it is {found.state}")
    if found.in_line:
        with suppress(JobError):  # it has begun in this very moment
            queue().withdraw(job)
            return
    log().wish(job, wish)


def start_next() -> Job | None:
    """Starts the heavy jobs whose turn it is; the first of them, if there is any. Of many who try at once one does.

    A job that cannot be started has failed, says so, and lets the next one pass.
    """
    first = None
    while (job := queue().claim()) is not None:
        if _start(job):
            first = first or job
    return first


def stand_by(kind: str) -> None:
    """Begins to load what the next heavy job will need, of this kind, so that it begins at once when it is asked for.

    Nothing where it is not wanted, where others do the work, where one waits already, or where a heavy job is at work
    here, which it would slow down.
    """
    roles.require_job(kind)
    here, environment = settings(), inheritable()
    if not here.stand_by or here.workers == "elsewhere" or standby.there(kind, environment):
        return
    if not any(job.heavy and job.machine == here.machine for job in log().open()):
        process.stand_by(kind, environment=environment)


def take(kinds: Collection[str], *, heavy: bool, fits: Fits | None = None) -> Job | None:
    """Takes the next job from the line of all workers that fits and starts it here; none where none waits."""
    job = queue().take(kinds, heavy=heavy, fits=fits)
    if job is not None:
        _start(job)
    return job


def put_back(job: Job) -> bool:
    """Puts a job back into the line of all workers whose process has gone, or must go now; whether it was put back."""
    if job.machine == settings().machine:
        process.kill(job)
    return queue().put_back(job)


def take_turn(job: int, *, tell: Callable[[str], None]) -> None:
    """Waits, at a terminal, until it is the turn of this job; ``tell`` hears what it waits for.

    Raises ``StoppedError`` where somebody takes it out of the line.
    """
    ahead = -1
    if not log().find(job).heavy:
        return
    try:
        while queue().claim(own=job) is None:
            waits = log().find(job)
            if not waits.in_line:
                raise StoppedError(f"{waits.kind} {job} was {waits.message or waits.state}")
            now = [before.id for before in in_line(log().open())].index(job)
            if now != ahead:
                tell(f"{waits.kind.capitalize()} {job} waits for its turn: one at work, {now} in line before it")
            ahead = now
            time.sleep(PULSE)
    except KeyboardInterrupt:
        with suppress(CastingError):
            queue().withdraw(job)
        raise


def wait(job: int, *, tick: float = PULSE, look: Callable[[Job], None] = lambda _job: None) -> Job:
    """Waits for the end of a job that another process does; ``look`` sees it at every look."""
    while True:
        found = find(job)
        look(found)
        if found.state.over:
            return found
        time.sleep(tick)


def sweep() -> None:
    """Removes what jobs left behind that are over: files of those that nobody resumed for long, and locks."""
    if not process.jobs_dir().is_dir():
        return
    still = {job.id for job in log().jobs() if not job.state.over or (job.resumable and _lately(job))}
    for path in process.jobs_dir().iterdir():
        if not path.stem.isdecimal() or int(path.stem) in still or process.held(int(path.stem)):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix == ".lock":
            path.unlink(missing_ok=True)


def _seen(job: Job) -> Job:
    """A job as it stands: one of this machine whose process has gone is lost, however fresh its heartbeat.

    One that is silent though its process is there gets a moment for a word: it may have been the machine that slept, or
    the clock that was set.
    """
    if job.pid is None or job.machine != settings().machine or job.ended is not None:
        return job
    if not _alive(job):
        again = log().find(job.id)  # it may have come to its end, or begun anew, since its row was read
        if again.ended is not None or again.attempt != job.attempt:
            return again
        return replace(again, state=State.LOST)
    if job.state is not State.LOST or (job.id, job.heartbeat) in _HANGING:
        return job
    time.sleep(WORD)
    again = log().find(job.id)
    if again.state is State.LOST and again.heartbeat == job.heartbeat:
        _HANGING.add((job.id, job.heartbeat))
    return again


def _alive(job: Job) -> bool:
    """Whether its process is there; of another machine its heartbeat tells."""
    return process.held(job.id) if job.machine == settings().machine else not job.state.over


def _ended(job: int) -> Job:
    found = find(job)
    roles.require_job(found.kind)
    if found.state is State.LOST and found.machine == settings().machine:
        process.kill(found)  # it does not answer; two processes must never do one job
    return found


def _wait_here(job: Job) -> Job:
    process.hold(job.id)
    queue().wait_here(job.id, pid=os.getpid())
    return log().find(job.id)


def _start(job: Job) -> bool:
    """Starts the process of a job; whether it could be started."""
    here = settings()

    def after() -> None:
        if settings() != here:  # this process serves another installation by now
            return
        with suppress(CastingError):  # the database may have gone; who looks next starts the next one
            log().never_began(job, f"its process ended before it began; its log is {process.log_of(job.id)}")
            start_next()

    try:
        process.start(job, environment=inheritable(), after=after)
    except CastingError as error:
        log().end(job.id, State.FAILED, message=str(error))
        return False
    return True


def _lately(job: Job) -> bool:
    last = max(job.ended or 0.0, job.heartbeat or 0.0, job.asked)
    return abs(time.time() - last) < KEPT
