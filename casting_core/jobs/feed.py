"""The events of jobs for many readers at once: what one has read, the others need not read again."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from casting_core.records.jobs import EventRow, JobLog

FRESH = 0.5  # seconds for which what was read will do; a job writes no more often
MOST = 32  # jobs that are remembered


@dataclass
class _Read:
    """What is known of one job."""

    rows: list[EventRow] = field(default_factory=list)
    rewound: int = 0
    looked: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


class EventFeed:
    """Gives the events of jobs to any number of readers in one process, for the price of one."""

    def __init__(self, log: JobLog, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._log, self._clock = log, clock
        self._known: OrderedDict[int, _Read] = OrderedDict()
        self._lock = threading.Lock()

    def events(self, job: int) -> Sequence[EventRow]:
        """All that happened in a job, in order, at most ``FRESH`` seconds old. Nobody may change it.

        Raises ``JobError`` where there is no such job.
        """
        with self._lock:
            known = self._known.setdefault(job, _Read())
            self._known.move_to_end(job)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        with known.lock:
            if self._clock() - known.looked >= FRESH:
                self._look(job, known)
            return known.rows

    def _look(self, job: int, known: _Read) -> None:
        rewound = self._log.find(job).rewound
        if rewound != known.rewound:  # numbers of events may have been given out again
            known.rows, known.rewound = [], rewound
        fresh = self._log.events(job, after=known.rows[-1][0] if known.rows else 0)
        known.rows.extend(fresh)
        known.looked = self._clock()
