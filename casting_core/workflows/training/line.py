"""The line of runs on this machine: the next one is started when the one before ends, or one that broke off."""

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from casting_core.errors import CastingError, DatasetError, RunError
from casting_core.jobs import runs
from casting_core.jobs.run_queue import RunQueue, line
from casting_core.learning.recipes.events import Note, Report
from casting_core.learning.training import checkpoint
from casting_core.records.database import connect
from casting_core.records.run_log import Run, State
from casting_core.settings import settings
from casting_core.workflows.stores import run_log


def run_queue() -> RunQueue:
    """The line of this machine."""
    return RunQueue(connect(settings().database_url), machine=settings().machine, alive=runs.alive)


def log_file(run: int) -> Path:
    """Where the process of a run writes what it prints; a run started at a terminal has no such file."""
    return settings().data_dir / "runs" / f"{run}.log"


def run_folder(run: int) -> Path:
    """Where a run keeps its checkpoint until its version is registered."""
    return settings().data_dir / "runs" / str(run)


def in_line(known: Sequence[Run]) -> list[Run]:
    """The runs that wait for their turn on this machine, the next one first."""
    return line(run for run in known if run.machine == settings().machine)


def start_next() -> Run | None:
    """Starts the run whose turn it is, if there is one; of many who try at once one does.

    A run that cannot be started has failed, says so, and lets the next one pass.
    """
    while (run := run_queue().claim()) is not None:
        try:
            _launch(run)
        except CastingError as error:
            run_log().end(run.id, State.FAILED, message=str(error))
        else:
            return run
    return None


def take_turn(run: int, *, listen: Report) -> None:
    """Waits, at a terminal, until it is the turn of this run; ``listen`` hears what it waits for.

    Raises ``RunError`` where somebody takes it out of the line.
    """
    told = -1
    try:
        while run_queue().claim(own=run) is None:
            waits = run_log().find(run)
            if not waits.in_line:
                raise RunError(f"run {run} was {waits.message or waits.state}")
            ahead = [before.id for before in in_line(run_log().runs())].index(run)
            if ahead != told:
                listen(Note(text=f"Run {run} waits for its turn: one at work, {ahead} in line before it"))
            told = ahead
            time.sleep(runs.PULSE)
    except KeyboardInterrupt:
        with suppress(CastingError):
            run_queue().withdraw(run)
        raise


def resume(run: int) -> Run:
    """Puts a run that broke off, or was stopped, at the end of the line; it goes on behind its last finished epoch.

    Raises ``CastingError`` where it cannot be resumed, or its photos have gone.
    """
    _make_ready(run)
    run_queue().rejoin(run)
    start_next()
    return run_log().find(run)


def resume_here(run: int) -> Run:
    """The same for a terminal, which does the run itself once it is its turn."""
    _make_ready(run)
    return run_queue().rejoin(run, by=runs.this_process())


def epochs_kept(run: int) -> int:
    """How many epochs a run that is resumed need not do again."""
    return checkpoint.epochs_in(run_folder(run))


def _make_ready(number: int) -> None:
    run = run_log().find(number)
    if not run.resumable or run.machine != settings().machine:
        return  # the line says why
    if not Path(run.folder).is_dir():
        raise DatasetError(
            f"run {number} cannot be resumed: its photos have gone, there is no folder {run.folder!r}; put them "
            "back, or start a new run"
        )
    if run.state is State.LOST:
        runs.kill(run)  # it does not answer; two processes must never do one run


def _launch(run: Run) -> None:
    here = settings()

    def after() -> None:
        if settings() != here:  # this process serves another installation by now
            return
        with suppress(CastingError):  # the database may have gone; who looks next starts the next one
            run_log().silence(run.id, queued=run.queued)
            start_next()

    runs.launch(run.id, output=log_file(run.id), after=after)
