"""From a request to its one answer: judged in time or to be looked at, written down once, the same for the same id.

An answer with the verdict PASS is given only where a version said so in time and it stands on record. In all other
cases the answer is INSPECT with the reason, or there is none, which a line takes for a reject.
"""

import asyncio
import time
from collections import OrderedDict
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace

from casting_core.domain import Verdict
from casting_core.errors import CastingError
from casting_core.records.chain import Kind
from casting_core.service.beside import Beside
from casting_core.service.judging import Judges
from casting_core.service.limits import Refused
from casting_core.service.recording import Recorder, Waiting
from casting_core.workflows.challenge.standing import Challenges, Looked
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.stations.asked import Answered, Asked
from casting_core.workflows.stations.book import Book
from casting_core.workflows.stations.challenged import challenged, unsure

WRITING = 0.2  # share of a deadline that is kept for writing down
GRACE = 5.0  # seconds that an answer which is being written may take beyond its deadline, until there is none
MOST = 10_000  # answers that could not be written down and are remembered

TOO_LATE = "the photo was not judged within {:.0f} ms"
WRITTEN_LATE = "the verdict was not on record within {:.0f} ms"
NOT_WRITTEN = "the verdict could not be put on record: {}"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """Until when an answer must be there, on the clock that only goes forward."""

    begun: float
    seconds: float

    @property
    def end(self) -> float:
        """The moment."""
        return self.begun + self.seconds

    @property
    def judged(self) -> float:
        """The moment until which a verdict is of use: it has to be written down, too."""
        return self.begun + (1 - WRITING) * self.seconds


@dataclass(frozen=True, kw_only=True)
class Going:
    """A request that is being answered."""

    asked: Asked
    answer: "asyncio.Task[tuple[Answered, bool]]"


class Desk:
    """Answers requests; used from one event loop. ``beside`` hears of each photo once it has its answer."""

    def __init__(self, judges: Judges, book: Book, *, beside: Beside | None = None) -> None:
        self._judges, self._book, self._recorder = judges, book, Recorder(book)
        self._challenges, self._beside = Challenges(), beside
        self._going: dict[str, Going] = {}
        self._unwritten: OrderedDict[str, Answered] = OrderedDict()

    async def answer(self, asked: Asked, photo: bytes, deadline: Deadline) -> tuple[Answered, bool]:
        """The answer, and whether it was given before; ``Refused`` where the id stands for something else, or so late.

        It is worked out and written down to its end even where nobody waits for it any more.
        """
        going = self._going.get(asked.key)
        if going is None:
            going = Going(asked=asked, answer=asyncio.create_task(self._work_out(asked, photo, deadline)))
            self._going[asked.key] = going
            going.answer.add_done_callback(lambda done: self._gone(asked.key, done))
            return await asyncio.shield(going.answer)
        if not asked.repeats(going.asked):
            raise _other()
        try:
            answer, _ = await asyncio.wait_for(asyncio.shield(going.answer), max(0.0, deadline.end - time.monotonic()))
        except TimeoutError as error:
            raise _no_answer() from error
        return answer, True

    def close(self) -> None:
        """Writes down what waits."""
        self._recorder.close()

    def _gone(self, key: str, done: "asyncio.Task[tuple[Answered, bool]]") -> None:
        self._going.pop(key, None)
        if not done.cancelled():
            done.exception()  # looked at; whoever waits is told

    async def _work_out(self, asked: Asked, photo: bytes, deadline: Deadline) -> tuple[Answered, bool]:
        earlier = await self._earlier(asked.key)
        if earlier is not None and not asked.repeats(earlier.asked):
            raise _other()
        if earlier is not None and asked.key not in self._unwritten:
            return earlier, True
        if earlier is None:
            answer = await self._said(asked, photo, deadline)
        else:
            answer = earlier  # it was given, and is to be written down at last
        kept = await self._kept(answer, photo, deadline, given=earlier is not None)
        if not asked.repeats(kept.asked):  # another process was asked at the same moment
            raise _other()
        if kept.kind is Kind.CHALLENGE:
            self._challenges.look_again()
        if self._beside is not None and earlier is None:
            self._beside.offer(photo, kept)
        return kept, earlier is not None

    async def _said(self, asked: Asked, photo: bytes, deadline: Deadline) -> Answered:
        """What the version says, and what the challenge makes of it; looked up while the photo is judged."""
        looking = asyncio.create_task(self._looked(asked))
        looking.add_done_callback(lambda done: done.cancelled() or done.exception())  # also where nobody waits any more
        said = await self._judged(photo, deadline)
        answer = Answered(asked=asked, said=replace(said, photo=asked.photo), ended=round(time.time() * 1000))
        try:
            looked = await asyncio.wait_for(asyncio.shield(looking), max(0.0, deadline.end - time.monotonic()))
        except TimeoutError:
            return unsure(answer, "it took too long")
        except Exception as error:  # whatever it is: nothing passes
            return unsure(answer, error if isinstance(error, CastingError) else "something went wrong in the service")
        return challenged(answer, looked)

    async def _looked(self, asked: Asked) -> Looked:
        """How the station stands; the ledger is read for it where that was not done just now."""
        about = asked.station, asked.part, asked.photo
        looked = self._challenges.at_hand(*about)
        return looked if looked is not None else await asyncio.to_thread(self._challenges.look, *about)

    async def _earlier(self, key: str) -> Answered | None:
        if key in self._unwritten:
            return self._unwritten[key]
        if not self._book.knows(key):
            return None
        try:
            return await asyncio.to_thread(self._book.find, key)
        except CastingError as error:
            text = f"this request was answered before, and the record cannot be read now: {error}"
            raise Refused(503, text, again=True) from error

    async def _judged(self, photo: bytes, deadline: Deadline) -> Said:
        said = asyncio.wrap_future(self._judges.judge(photo, until=deadline.judged))
        try:
            return await asyncio.wait_for(said, deadline.judged - time.monotonic())
        except TimeoutError:
            reason = TOO_LATE.format(1000 * deadline.seconds)
            return Said(photo="", verdict=Verdict.INSPECT.value, reason=reason)

    async def _kept(self, answer: Answered, photo: bytes, deadline: Deadline, *, given: bool) -> Answered:
        """The answer as it stands on record, or one without a verdict where it does not in time.

        One that was ``given`` before stays what it was.
        """
        waiting = self._recorder.put(answer, photo)
        try:
            kept = await _within(waiting, deadline.end - time.monotonic())
        except TimeoutError:
            reason = WRITTEN_LATE.format(1000 * deadline.seconds)
            instead = answer if given else waiting.to_inspect(reason)
            if instead is not None:
                return self._remember(instead, waiting.kept)
            kept = await self._late(waiting)
        except Exception as error:
            why = error if isinstance(error, CastingError) else "something went wrong in the service"
            return self._remember(answer if given else answer.to_inspect(NOT_WRITTEN.format(why)))
        if kept.verdict is Verdict.PASS and time.monotonic() > deadline.end:
            raise _no_answer()
        self._unwritten.pop(answer.asked.key, None)
        return kept

    async def _late(self, waiting: Waiting) -> Answered:
        try:
            return await _within(waiting, GRACE)
        except Exception as error:
            raise _no_answer() from error

    def _remember(self, answer: Answered, kept: "Future[Answered] | None" = None) -> Answered:
        """The answer, which will be the same when it is asked for again although it is not on record (yet)."""
        key, loop = answer.asked.key, asyncio.get_running_loop()
        self._unwritten[key] = answer
        while len(self._unwritten) > MOST:
            self._unwritten.popitem(last=False)
        if kept is not None:

            def written(done: "Future[Answered]") -> None:
                if done.exception() is None:
                    with suppress(RuntimeError):  # the service has ended meanwhile
                        loop.call_soon_threadsafe(self._unwritten.pop, key, None)

            kept.add_done_callback(written)
        return answer


def _other() -> Refused:
    return Refused(409, "this request id was used before, for another photo, part or job; take a new one")


def _no_answer() -> Refused:
    return Refused(503, "the answer was put on record too late; ask for it with the same id", again=True)


async def _within(waiting: Waiting, seconds: float) -> Answered:
    kept = asyncio.wrap_future(waiting.kept)
    kept.add_done_callback(lambda done: done.cancelled() or done.exception())  # also where nobody waits any more
    return await asyncio.wait_for(asyncio.shield(kept), max(0.0, seconds))
