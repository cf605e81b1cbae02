"""A run as a process of its own: its start, and the pulse by which it says that it lives and hears when to stop."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casting_core.errors import CastingError, RunError, written
from casting_core.learning.events import Event, Report, ShouldStop, to_row
from casting_core.learning.recipe import NetworkName
from casting_core.records.run_log import Row, RunLog, Wish

PULSE = 0.5  # seconds between two looks at the log: what pages show is never older


def launch(run: int, *, output: Path, root: Path) -> None:
    """Starts the process of a waiting run. It outlives the page, the tab and the server that asked for it.

    What it prints goes to ``output``. Raises ``RunError`` where the process cannot be started.
    """
    with written(output.parent):
        output.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "casting_core", "train", "--run", str(run)]
    apart: dict[str, Any] = {"start_new_session": True}  # a session of its own: closing the server does not end the run
    if os.name == "nt":
        apart = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
    try:
        with output.open("ab") as file:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=root, **apart)
    except OSError as error:
        raise RunError(f"run {run} cannot be started: {error.strerror}") from error
    threading.Thread(target=process.wait, name=f"end of run {run}", daemon=True).start()  # or it stays as a zombie


def share_out(network: NetworkName) -> None:
    """Tells TensorFlow how many threads to put on one sum, before it starts in this process; later it does not listen.

    The classic network is trained in slices, and slices go on beside each other. With one thread each they need less
    than with threads that wait for each other after every sum (800 photos a second instead of 400 to 780, measured).
    """
    if network is NetworkName.CLASSIC:
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


class Pulse:
    """What a run does beside learning: writes its events and its heartbeat, and hears what people want of it."""

    def __init__(self, log: RunLog, run: int) -> None:
        self._log, self._run = log, run
        self._fresh: list[Row] = []
        self._lock = threading.Lock()
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
        with self._lock:
            rows, self._fresh = self._fresh, []
        try:
            self.wish = self._log.beat(self._run, rows)
        except CastingError:
            with self._lock:
                self._fresh = rows + self._fresh

    def keep_beating(self) -> None:
        """Beats until ``end``."""
        while not self._over.wait(PULSE):
            self.beat()

    def end(self) -> None:
        """Lets ``keep_beating`` return."""
        self._over.set()


@contextmanager
def pulse(log: RunLog, run: int) -> Iterator[tuple[Report, ShouldStop]]:
    """Keeps a run's pulse beating in a thread; gives the two functions that a training takes."""
    heart = Pulse(log, run)
    thread = threading.Thread(target=heart.keep_beating, name=f"pulse of run {run}", daemon=True)
    thread.start()
    try:
        yield heart.report, heart.should_stop
    finally:
        heart.end()
        thread.join()
        heart.beat()
