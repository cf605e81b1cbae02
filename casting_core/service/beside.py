"""The version in shadow judges each photo after its answer has been given; it delays none and changes none.

One thread and one process of low priority do it, only while a version is in shadow, and while no station waits for an
answer, or after some patience. What comes while too many photos wait is not judged beside, and counted.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue

from casting_core.jobs.standing import Standing
from casting_core.workflows.judging.shadow.verdicts import Answer, record
from casting_core.workflows.judging.shadow.version import in_shadow
from casting_core.workflows.stations import judge
from casting_core.workflows.stations.asked import ACTOR, Answered

MOST = 16  # photos that wait; each may have as many bytes as a station may send
LOOK = 1.0  # seconds between two looks at which version is in shadow
IDLE = 2.0  # seconds a photo waits at most until no station waits for an answer
POLL = 0.02  # seconds between two looks at whether one does

Task = tuple[bytes, Answered]


class Beside:
    """Takes photos with the answers they got. ``offer`` never waits and never fails; ``busy``: a station waits."""

    def __init__(self, busy: Callable[[], bool] = lambda: False) -> None:
        self._busy = busy
        self._waiting: Queue[Task | None] = Queue(MOST)
        self._version, self._looked = "", 0.0
        self._process: Standing | None = None
        self.judged = self.dropped = 0  # photos
        self._thread = threading.Thread(target=self._work, name="beside", daemon=True)
        self._thread.start()

    def offer(self, photo: bytes, answer: Answered) -> None:
        """A photo that has its answer; left out where no version is in shadow."""
        if not self._version:
            return
        try:
            self._waiting.put_nowait((photo, answer))
        except Full:
            self.dropped += 1

    def close(self) -> None:
        """Ends the thread and its process; what waits is not judged any more."""
        self._version = ""
        with suppress(Empty):
            while True:
                self._waiting.get_nowait()
        self._waiting.put(None)
        self._thread.join(judge.PATIENCE)

    def _work(self) -> None:
        while True:
            self._look()
            try:
                task = self._waiting.get(timeout=LOOK)
            except Empty:
                continue
            if task is None:
                break
            with suppress(Exception):  # best effort: no trouble of it may end this thread
                self._judge(*task)
        self._end()

    def _look(self) -> None:
        """Which version is in shadow; looked up now and then."""
        if time.monotonic() - self._looked < LOOK:
            return
        try:
            found = in_shadow()
            self._version = "" if found is None else found.version
        except Exception:  # the database is gone or locked: it is looked at again
            self._version = ""
        self._looked = time.monotonic()
        if not self._version:
            self._end()

    def _judge(self, photo: bytes, answer: Answered) -> None:
        if not self._version:
            return
        until = time.monotonic() + IDLE
        while self._busy() and time.monotonic() < until:
            time.sleep(POLL)
        if self._process is None:
            self._process = Standing(judge.MODULE, judge.SHADOW)
        told = judge.ask(self._process, photo)
        if told.problem or not told.said.model:
            return
        asked = answer.asked
        mine = Answer(
            model=answer.said.model,
            verdict=answer.own,
            score=answer.said.score,
            station=asked.station,
            part=asked.part,
        )
        record(told.said.of_photo(asked.photo), mine, actor=ACTOR.format(asked.station))
        self.judged += 1

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
