"""What happens in a run, as rows that anybody can read: its state, its heartbeat, its events and its end."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, RowMapping, func, insert, select, update

from casting_core.errors import RunError
from casting_core.records.database import deciding, events, reading, runs, writing

SILENCE = 20.0  # seconds without a heartbeat after which a run is called lost

Row = tuple[str, dict[str, Any]]  # an event: its kind and its values


class State(StrEnum):
    """Where a run stands. ``LOST`` is never written: it is what a working run is called that fell silent."""

    WAITING = "waiting"
    WORKING = "working"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self not in (State.WAITING, State.WORKING)


class Wish(StrEnum):
    """What a person wants of a run that is going on."""

    GO_ON = ""
    KEEP = "stop, keep the best so far"
    DISCARD = "stop, keep nothing"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training as the log knows it; times are seconds since 1970, UTC."""

    id: int
    dataset: str
    folder: str
    rule: dict[str, list[str]]
    recipe: dict[str, Any]
    asked: float
    started: float | None
    heartbeat: float | None
    ended: float | None
    state: State
    wish: Wish
    pid: int | None
    model: str | None
    message: str


class RunLog:
    """Reads and writes the rows of runs. ``clock`` gives seconds since 1970."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def ask(self, *, dataset: str, folder: str, rule: dict[str, list[str]], recipe: dict[str, Any], alone: bool) -> Run:
        """Notes down a new run that waits for its process; with ``alone``, ``RunError`` if another one is going on."""
        with deciding(self._engine, runs) as connection:
            if alone and (busy := [run for run in self._runs(connection) if not run.state.over]):
                raise RunError(f"run {busy[0].id} is going on; wait for its end or stop it first")
            values = {"dataset": dataset, "folder": folder, "rule": rule, "recipe": recipe}
            made = connection.execute(insert(runs).values(**values, asked=self._clock(), state=State.WAITING))
            assert made.inserted_primary_key is not None
            return self._find(connection, made.inserted_primary_key[0])

    def begin(self, run: int, *, pid: int) -> None:
        """The run's process has come up."""
        self._set(run, started=self._clock(), heartbeat=self._clock(), state=State.WORKING, pid=pid)

    def beat(self, run: int, fresh: Iterable[Row] = ()) -> Wish:
        """Says that the run is alive, writes what happened since the last beat, and returns what people want of it."""
        now = self._clock()
        with writing(self._engine) as connection:
            rows = [{"run": run, "at": now, "kind": kind, "body": body} for kind, body in fresh]
            if rows:
                connection.execute(insert(events), rows)
            connection.execute(update(runs).where(runs.c.id == run).values(heartbeat=now))
            return self._find(connection, run).wish

    def end(self, run: int, state: State, *, model: str | None = None, message: str = "") -> None:
        """The run is over; the first end that is written stays."""
        over = [state for state in State if state.over]
        with writing(self._engine) as connection:
            open_run = update(runs).where(runs.c.id == run, runs.c.state.not_in(over))
            connection.execute(open_run.values(ended=self._clock(), state=state, model=model, message=message))

    def wish(self, run: int, wish: Wish) -> None:
        """Notes down what a person wants; the run looks once a second."""
        self._set(run, wish=wish)

    def find(self, run: int) -> Run:
        """One run; ``RunError`` where there is none of this number."""
        with reading(self._engine) as connection:
            return self._find(connection, run)

    def runs(self) -> list[Run]:
        """All runs, the newest first."""
        with reading(self._engine) as connection:
            return self._runs(connection)

    def events(self, run: int, *, after: int = 0) -> list[tuple[int, str, dict[str, Any]]]:
        """What happened in a run, in order: number, kind and values of each event behind number ``after``."""
        wanted = select(events.c.id, events.c.kind, events.c.body).where(events.c.run == run, events.c.id > after)
        with reading(self._engine) as connection:
            return [(row.id, row.kind, row.body) for row in connection.execute(wanted.order_by(events.c.id))]

    def _set(self, run: int, **values: Any) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(**values))

    def _runs(self, connection: Any) -> list[Run]:
        return [self._run(row) for row in connection.execute(select(runs).order_by(runs.c.id.desc())).mappings()]

    def _find(self, connection: Any, run: int) -> Run:
        row = connection.execute(select(runs).where(runs.c.id == run)).mappings().first()
        if row is None:
            newest = connection.execute(select(func.max(runs.c.id))).scalar()
            raise RunError(f"no run {run} (known: {f'1 to {newest}' if newest else 'none yet'})")
        return self._run(row)

    def _run(self, row: RowMapping) -> Run:
        state = State(row["state"])
        last = row["heartbeat"] or row["asked"]
        if not state.over and self._clock() - last > SILENCE:
            state = State.LOST
        return Run(**{**row, "state": state, "wish": Wish(row["wish"])})
