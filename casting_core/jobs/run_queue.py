"""The line of runs on one machine: one works, the others wait for their turn, and of many who start one, one wins."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from casting_core.errors import RunError
from casting_core.records.database import deciding, runs
from casting_core.records.run_log import OPEN, Process, Run, State, as_run, find_run

TAKEN_OUT = "taken out of the line before its turn"


class RunQueue:
    """Decides who is next. ``alive`` tells whether the process of a run is still there, however silent it may be."""

    def __init__(
        self, engine: Engine, *, machine: str = "", alive: Callable[[Run], bool], clock: Any = time.time
    ) -> None:
        self._engine, self._machine, self._alive, self._clock = engine, machine, alive, clock

    def claim(self, own: int | None = None) -> Run | None:
        """The run whose turn it is, which from now on is the caller's to start; none where there is nothing to do.

        A run that waits at a terminal is that terminal's alone: it asks with its ``own`` number, and lives by asking.
        """
        with deciding(self._engine, runs) as connection:
            now = self._clock()
            if own is not None:
                _set(connection, own, heartbeat=now)
            wanted = select(runs).where(runs.c.machine == self._machine, runs.c.state.in_(OPEN))
            rows = connection.execute(wanted).mappings().all()
            if any(self._busy(as_run(row, now), row["state"]) for row in rows):
                return None
            first = next(iter(line(as_run(row, now) for row in rows)), None)
            if first is None or own != (None if first.pid is None else first.id):
                return None
            _set(connection, first.id, heartbeat=now)
            return first

    def withdraw(self, run: int) -> None:
        """Takes a run out of the line; ``RunError`` where it has begun meanwhile, or is over."""
        with deciding(self._engine, runs) as connection:
            now = self._clock()
            found = find_run(connection, run, now)
            if not found.in_line:
                raise RunError(f"run {run} does not wait any more: it is {found.state}")
            _set(connection, run, state=State.STOPPED, ended=now, message=TAKEN_OUT)

    def rejoin(self, run: int, *, by: Process | None = None) -> Run:
        """Puts a run that ended without a version at the end of the line; ``RunError`` where it cannot be resumed."""
        with deciding(self._engine, runs) as connection:
            now = self._clock()
            found = find_run(connection, run, now)
            if not found.resumable:
                made = f" and made {found.model}" if found.model else ""
                raise RunError(f"run {run} cannot be resumed: it is {found.state}{made}")
            if found.machine != self._machine:
                raise RunError(f"run {run} was made on the machine {found.machine!r}; resume it there")
            waits = {"pid": by.pid, "born": by.born, "heartbeat": now} if by else {}
            nothing = {"pid": None, "born": None, "heartbeat": None, "ended": None, "wish": "", "message": ""}
            _set(connection, run, **(nothing | waits | {"state": State.WAITING, "queued": now}))
            return find_run(connection, run, now)

    def _busy(self, run: Run, written: str) -> bool:
        """Whether it works, or is being started. One that fell silent at work does as long as its process is there."""
        if run.state is State.LOST:
            return written == State.WORKING and self._alive(run)
        return not run.in_line


def line(known: Iterable[Run]) -> list[Run]:
    """Those of the runs that wait for their turn, the next one first; a terminal that has gone waits no more."""
    return sorted((run for run in known if run.in_line), key=lambda run: (run.queued or run.asked, run.id))


def _set(connection: Connection, run: int, **values: Any) -> None:
    connection.execute(update(runs).where(runs.c.id == run).values(**values))
