"""Whose turn it is: of many who ask for the same work one asks, of many who start a job one starts it.

Heavy jobs of one machine wait in one line; only several on one subject, such as the workers of a search, go on beside
each other. Light jobs wait for nobody. Jobs that may be done anywhere wait in a line of their own, from which workers
take them, whatever machine they are on.
"""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from casting_core import roles
from casting_core.errors import JobError
from casting_core.records.database.access import deciding, writing
from casting_core.records.database.tables import jobs
from casting_core.records.jobs import OPEN, Job, Request, State, add_job, as_job, find_job

_ANEW = {"pid": None, "ended": None, "wish": "", "message": "", "doing": "", "share": 0.0, "seconds_left": None}
LOOKED_AT = 20  # jobs, to find one that a machine has all it needs for
TAKEN_OUT = "taken out of the line before its turn"

Fits = Callable[[Job], bool]


class Queue:
    """The line of one machine. ``alive`` tells whether the process of a job is there, however silent it may be."""

    def __init__(
        self, engine: Engine, *, machine: str = "", alive: Callable[[Job], bool], clock: Any = time.time
    ) -> None:
        self._engine, self._machine, self._alive, self._clock = engine, machine, alive, clock

    def ask(
        self, request: Request, *, starting: bool = False, once: bool = False, anywhere: bool = False
    ) -> tuple[Job, bool]:
        """Notes down what is asked for, and whether it is new: with ``once`` one that goes on already is given instead.

        ``starting``: the caller does it, or starts it, at once, so that nobody else may; ``anywhere``: a worker will
        take it. Whoever signed in asks, whatever the request says.
        """
        request = replace(request, actor=roles.require_job(request.kind, request.actor))
        with deciding(self._engine, jobs) as connection:
            now = self._clock()
            if once and (known := self._going_on(connection, request, now)) is not None:
                return known, False
            number = add_job(connection, request, machine=self._machine, now=now, starting=starting, anywhere=anywhere)
            return find_job(connection, number, now), True

    def claim(self, own: int | None = None) -> Job | None:
        """The heavy job whose turn it is, which from now on is the caller's to start; none where there is none.

        A job that waits at a terminal is that terminal's alone: it asks with its ``own`` number, and lives by asking.
        """
        with deciding(self._engine, jobs) as connection:
            now = self._clock()
            if own is not None:
                _set(connection, own, heartbeat=now)
            wanted = select(jobs).where(jobs.c.machine == self._machine, jobs.c.heavy, jobs.c.state.in_(OPEN))
            wanted = wanted.where(~jobs.c.anywhere | jobs.c.heartbeat.is_not(None))  # what waits for workers is theirs
            rows = connection.execute(wanted).mappings().all()
            known = [(as_job(row, now), State(row["state"])) for row in rows]
            busy = [job for job, written in known if self._busy(job, written)]
            first = next(iter(line(job for job, _ in known)), None)
            if first is None or own != (None if first.pid is None else first.id):
                return None
            if any(not _beside(first, job) for job in busy):
                return None
            _set(connection, first.id, heartbeat=now)
            return first

    def take(self, kinds: Collection[str], *, heavy: bool, fits: Fits | None = None) -> Job | None:
        """The next job that any worker may do, which from now on is this machine's to start; none where there is none.

        What another worker takes in this very moment is passed over, and nobody waits for anybody. ``fits`` tells of a
        job whether this machine has what it needs.
        """
        waits = (jobs.c.anywhere, jobs.c.state == State.WAITING, jobs.c.heartbeat.is_(None))
        wanted = select(jobs).where(*waits, jobs.c.kind.in_(kinds), jobs.c.heavy == heavy)
        wanted = wanted.order_by(jobs.c.queued, jobs.c.id).limit(LOOKED_AT if fits else 1)
        with writing(self._engine) as connection:
            now = self._clock()
            rows = connection.execute(wanted.with_for_update(skip_locked=True)).mappings().all()
            known = (as_job(row, now) for row in rows)
            job = next((job for job in known if fits is None or fits(job)), None)
            if job is None:
                return None
            _set(connection, job.id, machine=self._machine, heartbeat=now)
            return find_job(connection, job.id, now)

    def put_back(self, job: Job) -> bool:
        """Puts a job that any worker may do back in its place in their line; whether it was still that attempt's.

        The caller knows that nobody does it any more, or that whoever does will hear that it was taken up again.
        """
        own = (jobs.c.id == job.id, jobs.c.attempt == job.attempt, jobs.c.state.in_(OPEN), jobs.c.anywhere)
        again = {"state": State.WAITING, "attempt": job.attempt + 1, "machine": "", "heartbeat": None}
        with writing(self._engine) as connection:
            return bool(connection.execute(update(jobs).where(*own).values(**_ANEW, **again)).rowcount)

    def withdraw(self, job: int) -> None:
        """Takes a job out of the line; ``JobError`` where it has begun meanwhile, or is over."""
        with deciding(self._engine, jobs) as connection:
            now = self._clock()
            found = find_job(connection, job, now)
            roles.require_job(found.kind)
            if not found.in_line:
                raise JobError(f"{found.kind} {job} does not wait any more: it is {found.state}")
            _set(connection, job, state=State.STOPPED, ended=now, message=TAKEN_OUT)

    def rejoin(self, job: int, *, lost: bool = False, starting: bool = False) -> Job:
        """Puts a job that ended without a result at the end of the line; ``JobError`` where it cannot be resumed.

        ``lost``: the caller knows that its process has gone, whatever the row says.
        """
        with deciding(self._engine, jobs) as connection:
            now = self._clock()
            found = find_job(connection, job, now)
            roles.require_job(found.kind)
            if not found.resumable and not (lost and not found.state.over):
                made = "" if found.result is None else " and came to a result"
                raise JobError(f"{found.kind} {job} cannot be resumed: it is {found.state}{made}")
            if found.machine != self._machine and not found.anywhere:
                raise JobError(f"{found.kind} {job} was made on the machine {found.machine!r}; resume it there")
            anywhere = found.anywhere and not starting
            whose = {"anywhere": anywhere, "machine": "" if anywhere else self._machine}
            again = {"state": State.WAITING, "queued": now, "attempt": found.attempt + 1}
            _set(connection, job, **_ANEW, **again, **whose, heartbeat=now if starting else None)
            return find_job(connection, job, now)

    def wait_here(self, job: int, *, pid: int) -> None:
        """This process, at a terminal, waits for the turn of the job and will do it."""
        with deciding(self._engine, jobs) as connection:
            _set(connection, job, pid=pid, heartbeat=self._clock())

    def _going_on(self, connection: Connection, request: Request, now: float) -> Job | None:
        same = (jobs.c.kind == request.kind, jobs.c.subject == request.subject, jobs.c.state.in_(OPEN))
        known = [as_job(row, now) for row in connection.execute(select(jobs).where(*same)).mappings()]
        return next((job for job in known if not job.state.over and (job.pid is None or self._alive(job))), None)

    def _busy(self, job: Job, written: State) -> bool:
        """Whether it works, or is being started. One that fell silent at work does as long as its process is there."""
        if job.in_line:
            return False
        if job.pid is not None and written is State.WORKING:
            return self._alive(job)
        return job.state is not State.LOST


def line(known: Iterable[Job]) -> list[Job]:
    """Those of the heavy jobs that wait for their turn, the next one first."""
    return sorted((job for job in known if job.heavy and job.in_line), key=lambda job: (job.queued, job.id))


def _beside(job: Job, other: Job) -> bool:
    return bool(job.subject) and (job.kind, job.subject) == (other.kind, other.subject)


def _set(connection: Connection, job: int, **values: Any) -> None:
    connection.execute(update(jobs).where(jobs.c.id == job).values(**values))
