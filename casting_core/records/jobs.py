"""Jobs as rows that anybody can read: what is to be done, how far it is, its heartbeat, its events and its end."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from casting_core.errors import JobError, TakenError
from casting_core.records.database.access import reading, writing
from casting_core.records.database.tables import job_events, jobs

# Seconds without a heartbeat after which a job at work is called lost. A busy machine that imports TensorFlow may keep
# one silent for half of that; a process of this machine that has gone is known at once by its lock.
SILENCE = 60.0
START_LIMIT = 120.0  # seconds a process may take to come up: a busy machine imports slowly

Row = tuple[str, dict[str, Any]]  # an event: its kind and its values
EventRow = tuple[int, str, dict[str, Any]]  # the same behind its number


class State(StrEnum):
    """Where a job stands. ``LOST`` is never written: it is what a job is called whose process has gone or is silent."""

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
    """What a person wants of a job that is going on."""

    GO_ON = ""
    STOP = "stop"
    KEEP = "stop, keep the best so far"  # of a run
    DISCARD = "stop, keep nothing"  # of a run


OPEN = (State.WAITING, State.WORKING)  # as they are written


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody asks for. ``inputs`` are plain values that can be written as JSON."""

    kind: str
    inputs: dict[str, Any]
    about: str = ""  # for people: the name of a dataset, mostly
    subject: str = ""  # for machines: work of one kind on one subject is not done twice at once
    uses: tuple[str, ...] = ()  # what may not be removed while it goes on, as ``dataset_in`` names it
    actor: str = ""  # who asks
    heavy: bool = False  # waits until no other heavy job is at work on this machine
    travels: bool = False  # what it needs and what comes of it is in the database and the store, whoever does it


@dataclass(frozen=True, kw_only=True)
class Job:
    """One piece of long work as its row tells it; times are seconds since 1970, UTC."""

    id: int
    kind: str
    about: str
    subject: str
    inputs: dict[str, Any]
    uses: list[str]
    actor: str
    machine: str  # where it waits for its turn and works; none as long as it waits for a worker
    heavy: bool
    anywhere: bool  # any worker may do it
    asked: float
    queued: float  # when it joined the line
    started: float | None  # for the first time
    heartbeat: float | None
    ended: float | None
    state: State
    wish: Wish
    pid: int | None  # of the process that does it, or waits at a terminal to do it
    attempt: int  # 2 once it was resumed
    doing: str
    share: float  # how far it is, 0 to 1
    seconds_left: float | None  # about; none where nobody can say
    result: dict[str, Any] | None  # what it came to
    message: str  # why it failed
    rewound: int  # how often events were taken back, because it was resumed

    @property
    def in_line(self) -> bool:
        """Whether it waits for its turn: no process is being started for it, or a terminal's waits until it may."""
        return self.state is State.WAITING and (self.heartbeat is None or self.pid is not None)

    @property
    def resumable(self) -> bool:
        """Whether it ended without a result, and can be taken up again."""
        return self.result is None and self.state in (State.LOST, State.STOPPED, State.FAILED)


class JobLog:
    """Reads and writes the rows of jobs. ``clock`` gives seconds since 1970."""

    def __init__(self, engine: Engine, *, clock: Any = time.time) -> None:
        self._engine, self._clock = engine, clock

    def begin(self, job: int, *, pid: int, machine: str | None = None) -> Job:
        """Its process has come up; ``JobError`` where another one was quicker, or nobody wants it any more.

        ``machine``: where it has; a process that came up late must not do what another machine has taken meanwhile.
        """
        now = self._clock()
        waiting = update(jobs).where(jobs.c.id == job, jobs.c.state == State.WAITING)
        if machine is not None:
            waiting = waiting.where(jobs.c.machine == machine)
        first = func.coalesce(jobs.c.started, now)
        with writing(self._engine) as connection:
            began = connection.execute(
                waiting.values(started=first, heartbeat=now, state=State.WORKING, pid=pid)
            ).rowcount
            found = find_job(connection, job, now)
        if not began:
            raise JobError(f"{found.kind} {job} cannot begin: it is {found.state} already")
        return found

    def beat(self, job: int, fresh: Iterable[Row] = (), *, attempt: int | None = None, **progress: Any) -> Wish:
        """Says that it is alive, writes what happened since the last beat, and returns what people want of it.

        ``progress`` are new values of ``doing``, ``share`` and ``seconds_left``. Raises ``TakenError`` where another
        process has taken the job up since this ``attempt``; nothing is written then.
        """
        now = self._clock()
        with writing(self._engine) as connection:
            # Its own row comes first: it is locked then, and events get their numbers in the order they come in.
            own = update(jobs).where(jobs.c.id == job, *_attempt(attempt))
            if not connection.execute(own.values(heartbeat=now, **progress)).rowcount and attempt is not None:
                raise TakenError(f"another process has taken up job {job}")
            rows = [{"job": job, "at": now, "kind": kind, "body": body} for kind, body in fresh]
            if rows:
                connection.execute(insert(job_events), rows)
            return find_job(connection, job, now).wish

    def end(
        self,
        job: int,
        state: State,
        *,
        result: dict[str, Any] | None = None,
        message: str = "",
        attempt: int | None = None,
    ) -> None:
        """It is over; the first end that is written stays, and only the latest attempt may write one."""
        values = {"ended": self._clock(), "state": state, "result": result, "message": message}
        with writing(self._engine) as connection:
            own = (jobs.c.id == job, jobs.c.state.in_(OPEN), *_attempt(attempt))
            connection.execute(update(jobs).where(*own).values(**values))

    def never_began(self, job: Job, message: str) -> None:
        """The process of this attempt has gone before it could say a word."""
        gone = (jobs.c.id == job.id, jobs.c.state == State.WAITING, jobs.c.attempt == job.attempt)
        values = {"ended": self._clock(), "state": State.FAILED, "message": message}
        with writing(self._engine) as connection:
            connection.execute(update(jobs).where(*gone, jobs.c.heartbeat.is_not(None)).values(**values))

    def wish(self, job: int, wish: Wish) -> None:
        """Notes down what a person wants; the job looks twice a second."""
        with writing(self._engine) as connection:
            connection.execute(update(jobs).where(jobs.c.id == job).values(wish=wish))

    def find(self, job: int) -> Job:
        """One job; ``JobError`` where there is none of this number."""
        with reading(self._engine) as connection:
            return find_job(connection, job, self._clock())

    def jobs(self, *, kind: str | None = None, subject: str | None = None, most: int | None = None) -> list[Job]:
        """All jobs, or those of one kind, or about one subject: the newest first, ``most`` of them."""
        now, wanted = self._clock(), select(jobs).order_by(jobs.c.id.desc())
        for column, value in ((jobs.c.kind, kind), (jobs.c.subject, subject)):
            if value is not None:
                wanted = wanted.where(column == value)
        with reading(self._engine) as connection:
            return [as_job(row, now) for row in connection.execute(wanted.limit(most)).mappings()]

    def open(self) -> list[Job]:
        """The jobs that have no end written yet, the newest first."""
        now, wanted = self._clock(), select(jobs).where(jobs.c.state.in_(OPEN)).order_by(jobs.c.id.desc())
        with reading(self._engine) as connection:
            return [as_job(row, now) for row in connection.execute(wanted).mappings()]

    def events(self, job: int, *, after: int = 0) -> list[EventRow]:
        """What happened in it, in order: number, kind and values of each event behind number ``after``."""
        wanted = select(job_events.c.id, job_events.c.kind, job_events.c.body)
        wanted = wanted.where(job_events.c.job == job, job_events.c.id > after).order_by(job_events.c.id)
        with reading(self._engine) as connection:
            return [(row.id, row.kind, row.body) for row in connection.execute(wanted)]

    def take_back(self, job: int, *, after: int) -> None:
        """Takes back the events behind number ``after``; ``rewound`` tells who has read them already."""
        with writing(self._engine) as connection:
            connection.execute(update(jobs).where(jobs.c.id == job).values(rewound=jobs.c.rewound + 1))
            connection.execute(delete(job_events).where(job_events.c.job == job, job_events.c.id > after))


def _attempt(attempt: int | None) -> tuple[Any, ...]:
    return () if attempt is None else (jobs.c.attempt == attempt,)


def dataset_in(folder: str) -> str:
    """What a job says that it uses when it needs the photos of the dataset in this folder."""
    return f"dataset:{folder}"


def open_users(connection: Connection, what: str) -> list[tuple[int, str]]:
    """Number and kind of each job whose row says that it goes on and needs this, whatever became of its process."""
    rows = connection.execute(select(jobs.c.id, jobs.c.kind, jobs.c.uses).where(jobs.c.state.in_(OPEN)))
    return [(row.id, row.kind) for row in rows if what in row.uses]


def add_job(
    connection: Connection,
    request: Request,
    *,
    machine: str,
    now: float,
    starting: bool = False,
    anywhere: bool = False,
) -> int:
    """Writes a new row at the end of the line; its number.

    ``starting``: the caller will do it, or start it, itself. ``anywhere``: any worker may, on whatever machine.
    """
    values = {**vars(request), "uses": list(request.uses), "machine": machine, "asked": now, "queued": now}
    del values["travels"]
    values |= {"anywhere": True, "machine": ""} if anywhere else {}
    row = insert(jobs).values(**values, state=State.WAITING, heartbeat=now if starting else None)
    made = connection.execute(row).inserted_primary_key
    assert made is not None
    return int(made[0])


def find_job(connection: Connection, job: int, now: float) -> Job:
    """One job as it stands now; ``JobError`` where there is none of this number."""
    row = connection.execute(select(jobs).where(jobs.c.id == job)).mappings().first()
    if row is None:
        newest = connection.execute(select(func.max(jobs.c.id))).scalar()
        raise JobError(f"no job {job} (known: {f'1 to {newest}' if newest else 'none yet'})")
    return as_job(row, now)


def as_job(row: RowMapping, now: float) -> Job:
    """A row as a job; one whose process was silent for too long is lost. Who only waits for a turn says nothing.

    A heartbeat in the future is as far from now as one in the past: the clock of this machine was put back since.
    """
    state, last = State(row["state"]), row["heartbeat"]
    limit = SILENCE if state is State.WORKING or row["pid"] is not None else START_LIMIT
    if not state.over and last is not None and abs(now - last) > limit:
        state = State.LOST
    return Job(**{**row, "state": state, "wish": Wish(row["wish"])})
