"""What a job does beside its work: writes its heartbeat, events and progress, and hears what people want of it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from casting_core.errors import CastingError, StoppedError, TakenError
from casting_core.jobs.progress import Doing, Pace
from casting_core.records.jobs import EventRow, JobLog, Row, Wish

PULSE = 0.5  # seconds between two looks at the log: what pages show is never older

Encode = Callable[[Any], Row]


class Pulse:
    """One job's voice and ear; ``encode`` makes rows of those events that are kept beside progress."""

    def __init__(self, log: JobLog, job: int, *, encode: Encode | None = None, attempt: int | None = None) -> None:
        self._log, self._job, self._encode, self._attempt = log, job, encode, attempt
        self._fresh: list[Row] = []
        self._doing: dict[str, Any] = {}  # what of its progress is not written yet
        self._pace = Pace()
        self._lock = threading.Lock()  # of what is fresh
        self._writing = threading.Lock()  # one beat after the other, so that events stay in order
        self._over = threading.Event()
        self._taken: TakenError | None = None
        self.wish = Wish.GO_ON

    def report(self, event: object) -> None:
        """Takes an event or progress down; it is written with the next beat."""
        if isinstance(event, Doing):
            share = min(1.0, max(0.0, event.share))
            with self._lock:
                self._pace.see(share, even=event.even)
                self._doing = {"doing": event.what, "share": share}
        elif self._encode is not None:
            row = self._encode(event)
            with self._lock:
                self._fresh.append(row)

    def should_stop(self) -> bool:
        """Whether a person wants the job to stop.

        Raises ``TakenError`` where another process has taken it up: this one was silent for too long.
        """
        if self._taken is not None:
            raise self._taken
        return self.wish is not Wish.GO_ON

    def require_own(self) -> None:
        """Raises ``TakenError`` where another process has taken the job up; for before what must not be done twice."""
        self.beat()
        self.should_stop()

    def beat(self) -> None:
        """Writes what is fresh. What cannot be written now (disk full, database locked) is kept for the next beat."""
        with self._writing:
            with self._lock:
                rows, self._fresh = self._fresh, []
                doing, self._doing = self._doing, {}
                left = self._pace.seconds_left()  # at every beat: of work that stands still, too
            try:
                self.wish = self._log.beat(self._job, rows, attempt=self._attempt, **doing, seconds_left=left)
            except TakenError as error:
                self._taken = error
            except CastingError:
                with self._lock:
                    self._fresh = rows + self._fresh
                    self._doing = doing | self._doing

    def rewind(self, keep: Callable[[Sequence[EventRow]], tuple[int, Sequence[Row]]]) -> None:
        """Takes back events of an earlier attempt.

        ``keep`` gets those that are written, and says the number of the last one that counts and what is to be written
        anew behind it.
        """
        with self._writing:
            rows = self._log.events(self._job)
            last, again = keep(rows)
            if rows:
                self._log.take_back(self._job, after=last)
            with self._lock:
                self._fresh = list(again)

    def keep_beating(self) -> None:
        """Beats until ``end``."""
        while not self._over.wait(PULSE):
            self.beat()

    def end(self) -> None:
        """Lets ``keep_beating`` return."""
        self._over.set()


@contextmanager
def beating(pulse: Pulse) -> Iterator[Pulse]:
    """Keeps a pulse beating in a thread."""
    thread = threading.Thread(target=pulse.keep_beating, name="pulse", daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        pulse.end()
        thread.join()
        pulse.beat()


def counted(
    report: Callable[[object], None],
    should_stop: Callable[[], bool],
    what: str,
    *,
    start: float = 0.0,
    end: float = 1.0,
    even: bool = True,
) -> Callable[[int, int], None]:
    """What work calls with steps done and in all, as progress from ``start`` to ``end`` of the whole job.

    Not ``even`` is work whose steps take very different times, or of which some are left out: nobody
    can tell from them how long the rest takes, nor where other work comes behind ``end``. It raises
    ``StoppedError`` where a person wants the job to stop.
    """

    def step(done: int, total: int) -> None:
        if should_stop():
            raise StoppedError("stopped before its end; everything is as it was before")
        share = start + (end - start) * min(1.0, done / max(total, 1))
        report(Doing(what=what, share=share, even=even and end == 1.0))

    return step
