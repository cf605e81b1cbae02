"""A worker: a machine that takes jobs which may be done anywhere, and does each in a process of its own.

A worker is a job itself: its row tells that it lives, what it does, and hears when somebody wants it to end.
"""

import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

from casting_core import roles
from casting_core.errors import CastingError, JobError
from casting_core.jobs import control, process, work
from casting_core.jobs.control import WORKER as KIND
from casting_core.jobs.kinds import Inputs, Kind, Report, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.jobs.pulse import PULSE
from casting_core.jobs.queue import Fits
from casting_core.records.jobs import Job, Request, State
from casting_core.settings import settings

LIGHT = 4  # light jobs that a worker does beside a heavy one
SILENT = 10.0  # seconds for which a lost job of another machine is watched before it is done here
MOST = 5  # attempts, after which a person must say that a job which breaks off is begun again
GRACE = 20.0  # seconds that jobs have to come to their end once the worker is to end
STEP = 2.0  # seconds between two looks at the folders that machines share
UP = 30.0  # seconds that a process has to come up before it is ended


@dataclass(frozen=True, kw_only=True)
class Folders:
    """What keeps this machine's folders in step with others: called again and again, beside all jobs."""

    look: Callable[[], str]  # gives what could not be done, in words
    fits: Fits  # whether this machine has what a job needs


def do_jobs(
    kinds: Collection[str], *, once: bool = False, grace: float = GRACE, folders: Folders | None = None
) -> Result:
    """Takes jobs of these kinds and does them until SIGTERM, Ctrl+C or a wish to stop; how many it has begun.

    With ``once`` until none waits any more. Jobs that have not come to their end ``grace`` seconds after it is to end
    are put back, and go on elsewhere from where they were. Raises ``JobError`` where one is at work on this machine.
    """
    with _ending() as told:
        mine = _row(kinds, once=once, grace=grace)
        return work.do(mine.id, {KIND: Kind(title="Worker", work=partial(_work, told=told, folders=folders))})


def _row(kinds: Collection[str], *, once: bool, grace: float) -> Job:
    """The row of this machine's worker: that of one that was killed, or a new one."""
    here = settings().machine
    known = control.known(kind=KIND, subject=here, most=1)
    last = known[0] if known else None
    if last is not None and not last.state.over:
        told = "give this one another name by CASTING_MACHINE"
        raise JobError(f"worker {last.id} is at work on the machine {here!r} already; {told}, or end that one")
    if last is not None and last.state is State.LOST:
        control.log().end(last.id, State.STOPPED, message="its process was killed, or the machine was switched off")
    inputs = {"kinds": sorted(kinds), "once": once, "grace": grace}
    return control.ask_here(Request(kind=KIND, inputs=inputs, about=here, subject=here))


def _work(inputs: Inputs, report: Report, should_stop: ShouldStop, *, told: Event, folders: Folders | None) -> Result:
    kinds, begun, watched = list(inputs.values["kinds"]), 0, dict[tuple[int, float | None], float]()
    with roles.acting_as(roles.HERE), _in_step(folders) as wrong:
        while not told.is_set() and not should_stop():
            try:
                for job in _left(kinds, watched):
                    control.put_back(job)
                mine = at_work()
                taken = _take(kinds, mine, folders.fits if folders else None)
                begun += len(taken)
                report(Doing(what="; ".join([_doing([*mine, *taken]), *wrong]), share=0.0, even=False))
                if inputs.values["once"] and not taken and not mine:
                    break
            except CastingError as error:  # the database is away; what is at work goes on
                report(Doing(what=f"Waits: {error}", share=0.0, even=False))
            told.wait(PULSE)
        report(Doing(what="Ends once its jobs have ended or are put back", share=0.0, even=False))
        back = _drain(float(inputs.values["grace"]))
    return {"begun": begun, "put back": back}


def at_work() -> list[Job]:
    """The jobs from the line of all workers that this machine does."""
    here = settings().machine
    return [job for job in control.going_on() if job.anywhere and job.machine == here and not job.in_line]


def _take(kinds: Collection[str], mine: Sequence[Job], fits: Fits | None) -> list[Job]:
    """Takes what this machine has room for beside what it does: one heavy job, and some light ones."""
    room = {True: not any(job.heavy for job in mine), False: sum(not job.heavy for job in mine) < LIGHT}
    taken = [control.take(kinds, heavy=heavy, fits=fits) for heavy, free in room.items() if free]
    return [job for job in taken if job is not None]


def _left(kinds: Collection[str], watched: dict[tuple[int, float | None], float]) -> list[Job]:
    """Jobs whose process has gone: of this machine at once, of another one after its silence was seen for a while.

    After a while without the database all of them have been silent, and those that live say so within seconds.
    """
    lost = [job for job in control.broken_off() if job.anywhere and job.kind in kinds and job.attempt < MOST]
    now = time.monotonic()
    seen = {(job.id, job.heartbeat): watched.get((job.id, job.heartbeat), now) for job in lost}
    watched.clear()
    watched.update(seen)
    here = settings().machine
    return [job for job in lost if job.machine == here or now - seen[job.id, job.heartbeat] >= SILENT]


def _drain(grace: float) -> int:
    """Lets jobs come to their end, then ends their processes and puts them back; how many those are."""
    begun, back = time.monotonic(), 0
    while (mine := _known_at_work()) and time.monotonic() - begun < grace:
        time.sleep(PULSE)
    while any(job.pid is None for job in mine) and time.monotonic() - begun < grace + UP:
        time.sleep(PULSE)
        mine = _known_at_work()
    for job in mine:
        with suppress(CastingError):
            process.kill(job)
            back += control.put_back(job)
    return back


def _known_at_work() -> list[Job]:
    try:
        return at_work()
    except CastingError:  # without the database nothing can be put back; another worker will see the silence
        return []


def _doing(mine: Sequence[Job]) -> str:
    names = " and ".join(f"{job.kind.capitalize()} {job.id}" for job in mine)
    return f"Does {names}" if names else "Waits for jobs"


@contextmanager
def _in_step(folders: Folders | None) -> Iterator[list[str]]:
    """Keeps the folders in step in a thread, and once more at the end; what could not be done stands in the list."""
    wrong, over = list[str](), Event()

    def look() -> None:
        with roles.acting_as(roles.HERE):
            try:
                said = folders.look() if folders else ""
            except CastingError as error:  # the database is away
                said = str(error)
        wrong[:] = [said] if said else []

    def keep_looking() -> None:
        while not over.is_set():
            look()
            over.wait(STEP)

    thread = Thread(target=keep_looking, name="folders", daemon=True)
    if folders is not None:
        thread.start()
    try:
        yield wrong
    finally:
        over.set()
        if folders is not None:
            thread.join(UP)  # what a store that does not answer keeps from being done is done by the next one
            if not thread.is_alive():
                look()


@contextmanager
def _ending() -> Iterator[Event]:
    """Set once the system, or a person at the terminal, wants this process to end."""
    told = Event()
    former = {}
    hear: Callable[..., None] = lambda *_: told.set()  # noqa: E731
    for name in (signal.SIGTERM, signal.SIGINT):
        former[name] = signal.signal(name, hear)
    try:
        yield told
    finally:
        for name, before in former.items():
            signal.signal(name, before)
