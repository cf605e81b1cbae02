"""One thread that writes answers down: all that wait in one transaction, so that many cost one flush of the disk."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from queue import Empty, SimpleQueue

from casting_core.errors import CastingError
from casting_core.workflows.keeping import photos
from casting_core.workflows.stations.asked import Answered
from casting_core.workflows.stations.book import Book

AT_ONCE = 100  # answers in one transaction
MOST = 10_000  # answers that wait while the database takes none
END = 30.0  # seconds that what waits may take to be written at the end


class Waiting:
    """An answer on its way into the record; until it is being written it can still become another one."""

    def __init__(self, answer: Answered, photo: bytes | None) -> None:
        self.kept: Future[Answered] = Future()  # as it stands on record; fails with ``CastingError``
        self.photo = photo
        self._answer, self._taken = answer, False
        self._lock = threading.Lock()

    def take(self) -> Answered:
        """The answer, which from now on is being written."""
        with self._lock:
            self._taken = True
            return self._answer

    def to_inspect(self, reason: str) -> Answered | None:
        """The answer turned into one without a verdict; none where it is being written already."""
        with self._lock:
            if self._taken:
                return None
            self._answer = self._answer.to_inspect(reason)
            return self._answer


class Recorder:
    """Writes into a book, in a thread of its own."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._waiting: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="recorder", daemon=True)
        self._thread.start()

    def put(self, answer: Answered, photo: bytes) -> Waiting:
        """An answer to be written down; the photo is kept once it is on record and told."""
        waiting = Waiting(answer, photo if self._waiting.qsize() < AT_ONCE else None)  # memory has an end
        if self._waiting.qsize() < MOST:
            self._waiting.put(waiting)
        else:
            waiting.kept.set_exception(CastingError("the database does not take any for a while"))
        return waiting

    def close(self) -> None:
        """Writes down what waits, and ends the thread."""
        self._waiting.put(None)
        self._thread.join(END)

    def _write_all(self) -> None:
        while (first := self._waiting.get()) is not None:
            self._write(first)

    def _write(self, first: Waiting) -> None:
        batch = [first]

        def taken() -> Sequence[Answered]:
            with suppress(Empty):
                while len(batch) < AT_ONCE and (one := self._waiting.get_nowait()) is not None:
                    batch.append(one)
                if len(batch) < AT_ONCE:
                    self._waiting.put(None)  # it was the sign to end
            return [one.take() for one in batch]

        try:
            kept = self._book.keep(taken)
        except Exception as error:  # the database is gone or full; whatever it is, the next batch is tried again
            for one in batch:
                _settle(one, error=error)
        else:
            for one, answer in zip(batch, kept, strict=True):
                _settle(one, answer=answer)
            for one, answer in zip(batch, kept, strict=True):  # nobody waits for these
                if one.photo is not None:
                    photos.keep(one.photo, answer.verdict, read=bool(answer.said.model))


def _settle(one: Waiting, *, answer: Answered | None = None, error: Exception | None = None) -> None:
    with suppress(InvalidStateError):  # nobody waits any more
        if answer is not None:
            one.kept.set_result(answer)
        else:
            one.kept.set_exception(error)
