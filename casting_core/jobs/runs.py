"""A run as a process of its own: its start and its end, and the pulse by which it lives and hears when to stop."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from casting_core.errors import CastingError, RunError, written
from casting_core.jobs import background
from casting_core.learning.recipes.events import NAMES, EpochDone, Event, Prepared, to_row
from casting_core.learning.threads import inheritable
from casting_core.records.run_log import Process, Row, Run, RunLog, Wish

PULSE = 0.5  # seconds between two looks at the log: what pages show is never older
KILL_LIMIT = 10.0  # seconds until a process that was killed must have gone
BORN_WITHIN = 60.0  # seconds; birthdays move with the machine's clock, and numbers do not come again so soon


def launch(run: int, *, output: Path, after: Callable[[], None]) -> None:
    """Starts the process of a run, in the background.

    What it prints goes to ``output``. ``after`` is called once it has gone, however it went, if this process still
    lives then. Raises ``RunError`` where the process cannot be started.
    """
    with written(output.parent):
        output.parent.mkdir(parents=True, exist_ok=True)
    try:
        background.start("train", "--run", str(run), output=output, environment=inheritable(), after=after)
    except OSError as error:
        raise RunError(f"run {run} cannot be started: {error.strerror}") from error


def this_process() -> Process:
    """The process that asks."""
    return Process(pid=os.getpid(), born=psutil.Process().create_time())


def alive(run: Run) -> bool:
    """Whether the process of a run of this machine is still there, however silent it may be."""
    return _found(run.process) is not None


def kill(run: Run) -> None:
    """Ends the process of a run that does not answer; ``RunError`` where it cannot be ended."""
    found = _found(run.process)
    if found is None:
        return
    try:
        found.kill()
        found.wait(KILL_LIMIT)
    except psutil.NoSuchProcess:
        return
    except psutil.Error as error:
        raise RunError(f"process {found.pid} of run {run.id} does not answer, and cannot be ended") from error


def _found(process: Process | None) -> psutil.Process | None:
    if process is None:
        return None
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.born) < BORN_WITHIN and found.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return None
    return found if same else None


class Pulse:
    """What a run does beside learning: writes its events and its heartbeat, and hears what people want of it."""

    def __init__(self, log: RunLog, run: int) -> None:
        self._log, self._run = log, run
        self._fresh: list[Row] = []
        self._lock = threading.Lock()  # of what is fresh
        self._writing = threading.Lock()  # one beat after the other, so that events stay in order
        self._over = threading.Event()
        self.wish = Wish.GO_ON

    def report(self, event: Event) -> None:
        """Takes an event down; it is written with the next beat."""
        with self._lock:
            self._fresh.append(to_row(event))

    def should_stop(self) -> bool:
        """Whether a person wants the run to stop."""
        return self.wish is not Wish.GO_ON

    def beat(self) -> None:
        """Writes what is fresh. What cannot be written now (disk full, database locked) is kept for the next beat."""
        with self._writing:
            with self._lock:
                rows, self._fresh = self._fresh, []
            try:
                self.wish = self._log.beat(self._run, rows)
            except CastingError:
                with self._lock:
                    self._fresh = rows + self._fresh

    def rewind(self, told: Sequence[EpochDone] = ()) -> None:
        """Takes back what was told behind these epochs, and tells those of them again that never came to be written.

        Without epochs everything is taken back: the run begins anew.
        """
        with self._writing:
            rows = self._log.events(self._run)
            ends = [number for number, kind, _ in rows if kind == NAMES[EpochDone]][: len(told)]
            begun = [number for number, kind, _ in rows if told and kind == NAMES[Prepared]]
            if rows:
                self._log.take_back(self._run, after=max([*ends, *begun[:1]], default=0))
            with self._lock:
                self._fresh = [to_row(epoch) for epoch in told[len(ends) :]]

    def keep_beating(self) -> None:
        """Beats until ``end``."""
        while not self._over.wait(PULSE):
            self.beat()

    def end(self) -> None:
        """Lets ``keep_beating`` return."""
        self._over.set()


@contextmanager
def pulse(log: RunLog, run: int) -> Iterator[Pulse]:
    """Keeps a run's pulse beating in a thread; a training takes its ``report`` and its ``should_stop``."""
    heart = Pulse(log, run)
    thread = threading.Thread(target=heart.keep_beating, name=f"pulse of run {run}", daemon=True)
    thread.start()
    try:
        yield heart
    finally:
        heart.end()
        thread.join()
        heart.beat()
