"""Whose turn it is: of many who ask for the same work one asks, of many who start a job one starts it.

Heavy jobs of one machine wait in one line; only several on one subject, such as the workers of a search, go on beside
each other. Light jobs wait for nobody.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from casting_core import roles
from casting_core.errors import JobError
from casting_core.records.database import deciding, jobs
from casting_core.records.jobs import OPEN, Job, Request, State, add_job, as_job, find_job

TAKEN_OUT = "taken out of the line before its turn"


class Queue:
    """The line of one machine. ``alive`` tells whether the process of a job is there, however silent it may be."""

    def __init__(
        self, engine: Engine, *, machine: str = "", alive: Callable[[Job], bool], clock: Any = time.time
    ) -> None:
        self._engine, self._machine, self._alive, self._clock = engine, machine, alive, clock

    def ask(self, request: Request, *, starting: bool = False, once: bool = False) -> tuple[Job, bool]:
        """Notes down what is asked for, and whether it is new: with ``once`` one that goes on already is given instead.

        ``starting``: the caller does it, or starts it, at once, so that nobody else may. Whoever signed in asks,
        whatever the request says.
        """
        request = replace(request, actor=roles.require_job(request.kind, request.actor))
        with deciding(self._engine, jobs) as connection:
            now = self._clock()
            if once and (known := self._going_on(connection, request, now)) is not None:
                return known, False
            number = add_job(connection, request, machine=self._machine, now=now, starting=starting)
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
            if found.machine != self._machine:
                raise JobError(f"{found.kind} {job} was made on the machine {found.machine!r}; resume it there")
            anew = {
                "pid": None,
                "ended": None,
                "wish": "",
                "message": "",
                "doing": "",
                "share": 0.0,
                "seconds_left": None,
            }
            again = {"state": State.WAITING, "queued": now, "attempt": found.attempt + 1}
            _set(connection, job, **anew, **again, heartbeat=now if starting else None)
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
