"""What happens in a run, as rows that anybody can read: its state, its heartbeat, its events and its end."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from casting_core.errors import RunError
from casting_core.records.database import events, reading, runs, writing

SILENCE = 20.0  # seconds without a heartbeat after which a run is called lost

Row = tuple[str, dict[str, Any]]  # an event: its kind and its values
EventRow = tuple[int, str, dict[str, Any]]  # the same behind its number


class State(StrEnum):
    """Where a run stands. ``LOST`` is never written: it is what a run is called whose process fell silent."""

    WAITING = "waiting"
    WORKING = "working"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it by itself."""
        return self not in (State.WAITING, State.WORKING)


class Wish(StrEnum):
    """What a person wants of a run that is going on."""

    GO_ON = ""
    KEEP = "stop, keep the best so far"
    DISCARD = "stop, keep nothing"


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process, told from a later one of the same number by when it began."""

    pid: int
    born: float  # seconds since 1970, as the system tells it


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training as the log knows it; times are seconds since 1970, UTC."""

    id: int
    dataset: str
    folder: str
    rule: dict[str, list[str]]
    recipe: dict[str, Any]
    asked: float
    started: float | None  # for the first time
    heartbeat: float | None
    ended: float | None
    state: State
    wish: Wish
    pid: int | None
    model: str | None
    message: str
    machine: str = ""  # where it waits for its turn and works
    queued: float | None = None  # when it joined the line
    born: float | None = None  # when its process began
    rewound: int = 0  # how often events were taken back, because it was resumed

    @property
    def process(self) -> Process | None:
        """The process that does it, or waits at a terminal to do it; none where there is none yet."""
        return None if self.pid is None or self.born is None else Process(pid=self.pid, born=self.born)

    @property
    def in_line(self) -> bool:
        """Whether it waits for its turn: no process is being started for it, or a terminal's waits until it may."""
        return self.state is State.WAITING and (self.heartbeat is None or self.pid is not None)

    @property
    def resumable(self) -> bool:
        """Whether it ended without a version, and can be taken up again."""
        return self.model is None and self.state in (State.LOST, State.STOPPED, State.FAILED)


class RunLog:
    """Reads and writes the rows of runs. ``clock`` gives seconds since 1970."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def ask(
        self, *, dataset: str, folder: str, rule: dict[str, list[str]], recipe: dict[str, Any], machine: str = "",
        by: Process | None = None,
    ) -> Run:  # fmt: skip
        """Notes down a new run at the end of the line of this machine; ``by`` is the process that waits to do it."""
        now = self._clock()
        values = {"dataset": dataset, "folder": folder, "rule": rule, "recipe": recipe, "machine": machine}
        waits = {"pid": by.pid, "born": by.born, "heartbeat": now} if by else {}
        with writing(self._engine) as connection:
            row = insert(runs).values(**values, **waits, asked=now, queued=now, state=State.WAITING)
            made = connection.execute(row)
            assert made.inserted_primary_key is not None
            return find_run(connection, made.inserted_primary_key[0], self._clock())

    def begin(self, run: int, *, pid: int, born: float | None = None) -> Run:
        """The run's process has come up; ``RunError`` where another one was quicker, or nobody wants it any more."""
        now = self._clock()
        waiting = update(runs).where(runs.c.id == run, runs.c.state == State.WAITING)
        first = func.coalesce(runs.c.started, now)
        with writing(self._engine) as connection:
            row = waiting.values(started=first, heartbeat=now, state=State.WORKING, pid=pid, born=born)
            began = connection.execute(row).rowcount
            found = find_run(connection, run, now)
        if not began:
            raise RunError(f"run {run} cannot begin: it is {found.state} already")
        return found

    def beat(self, run: int, fresh: Iterable[Row] = ()) -> Wish:
        """Says that the run is alive, writes what happened since the last beat, and returns what people want of it."""
        now = self._clock()
        with writing(self._engine) as connection:
            # The run's own row comes first: it is locked then, and events get their numbers in the order they come in.
            connection.execute(update(runs).where(runs.c.id == run).values(heartbeat=now))
            rows = [{"run": run, "at": now, "kind": kind, "body": body} for kind, body in fresh]
            if rows:
                connection.execute(insert(events), rows)
            return find_run(connection, run, now).wish

    def silence(self, run: int, *, queued: float | None = None) -> None:
        """The process of this run has gone: where it said no last word, nobody needs to wait for its next heartbeat.

        With ``queued``, only if the run was not put in line once more since then: a process takes its time to go.
        """
        gone = [runs.c.id == run, runs.c.state.in_(OPEN), runs.c.heartbeat.is_not(None)]
        if queued is not None:
            gone.append(runs.c.queued == queued)
        with writing(self._engine) as connection:
            connection.execute(update(runs).where(*gone).values(heartbeat=0.0))

    def end(self, run: int, state: State, *, model: str | None = None, message: str = "") -> None:
        """The run is over; the first end that is written stays."""
        with writing(self._engine) as connection:
            open_run = update(runs).where(runs.c.id == run, runs.c.state.in_(OPEN))
            connection.execute(open_run.values(ended=self._clock(), state=state, model=model, message=message))

    def wish(self, run: int, wish: Wish) -> None:
        """Notes down what a person wants; the run looks twice a second."""
        with writing(self._engine) as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(wish=wish))

    def find(self, run: int) -> Run:
        """One run; ``RunError`` where there is none of this number."""
        with reading(self._engine) as connection:
            return find_run(connection, run, self._clock())

    def runs(self) -> list[Run]:
        """All runs, the newest first."""
        now = self._clock()
        with reading(self._engine) as connection:
            rows = connection.execute(select(runs).order_by(runs.c.id.desc())).mappings()
            return [as_run(row, now) for row in rows]

    def events(self, run: int, *, after: int = 0) -> list[EventRow]:
        """What happened in a run, in order: number, kind and values of each event behind number ``after``."""
        wanted = select(events.c.id, events.c.kind, events.c.body).where(events.c.run == run, events.c.id > after)
        with reading(self._engine) as connection:
            return [(row.id, row.kind, row.body) for row in connection.execute(wanted.order_by(events.c.id))]

    def take_back(self, run: int, *, after: int) -> None:
        """Takes back the events behind number ``after``; ``rewound`` tells who has read them already."""
        with writing(self._engine) as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(rewound=runs.c.rewound + 1))
            connection.execute(delete(events).where(events.c.run == run, events.c.id > after))


OPEN = (State.WAITING, State.WORKING)  # as they are written


def find_run(connection: Connection, run: int, now: float) -> Run:
    """One run as it stands now; ``RunError`` where there is none of this number."""
    row = connection.execute(select(runs).where(runs.c.id == run)).mappings().first()
    if row is None:
        newest = connection.execute(select(func.max(runs.c.id))).scalar()
        raise RunError(f"no run {run} (known: {f'1 to {newest}' if newest else 'none yet'})")
    return as_run(row, now)


def as_run(row: RowMapping, now: float) -> Run:
    """A row as a run; one whose process was silent for too long is lost. Who only waits for a turn says nothing."""
    state = State(row["state"])
    last = row["heartbeat"] if row["heartbeat"] is not None or state is State.WAITING else row["asked"]
    if not state.over and last is not None and now - last > SILENCE:
        state = State.LOST
    return Run(**{**row, "state": state, "wish": Wish(row["wish"])})
