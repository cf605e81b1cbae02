"""Processes that judge, side by side: each has a thread that hands it one photo after the other."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from casting_core.domain import Verdict
from casting_core.errors import CastingError
from casting_core.jobs.standing import Standing
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.stations import judge

LOOK = 1.0  # seconds without a photo after which a process is asked which version it would judge with
STARTING = "the processes that judge are starting"


@dataclass(frozen=True, kw_only=True)
class State:
    """Whether a process could judge now."""

    model: str = ""
    problem: str = STARTING


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """A photo to be judged."""

    photo: bytes
    until: float  # on the clock that only goes forward; nobody wants the verdict later
    said: Future[Said]


class Judges:
    """As many processes as ``count``. ``judge`` never waits; what it gives never fails, but may never come."""

    def __init__(self, count: int) -> None:
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._processes = [Standing(judge.MODULE) for _ in range(count)]
        self._states = [State() for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._hand_over, args=(one,), name=f"judge {one}", daemon=True)
            for one in range(count)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def state(self) -> State:
        """The best of the states: one process that can judge is enough."""
        return min(self._states, key=lambda one: bool(one.problem))

    @property
    def begun(self) -> int:
        """How many processes there have been: more than asked for where some had to be begun anew."""
        return sum(process.begun for process in self._processes)

    @property
    def pids(self) -> Sequence[int]:
        """The numbers of the processes."""
        return [process.pid for process in self._processes]

    def judge(self, photo: bytes, *, until: float) -> Future[Said]:
        """What the version in production will say of the photo."""
        task = Task(photo=photo, until=until, said=Future())
        self._tasks.put(task)
        return task.said

    def close(self) -> None:
        """Ends the threads and the processes."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(judge.PATIENCE)
        for process in self._processes:
            process.end()

    def _hand_over(self, one: int) -> None:
        self._states[one] = self._looked(one)
        while True:
            try:
                task = self._tasks.get(timeout=LOOK)
            except Empty:
                self._states[one] = self._looked(one)
                continue
            if task is None:
                return
            if time.monotonic() < task.until:  # else whoever asked has been told to look at the part
                self._judge(one, task)

    def _judge(self, one: int, task: Task) -> None:
        try:
            judged = judge.ask(self._processes[one], task.photo)
            said, self._states[one] = judged.said, State(model=judged.model, problem=judged.problem)
        except Exception as error:  # whatever it is: this photo is looked at by a person, and the next one is judged
            why = f"the photo was not judged: {error}" if isinstance(error, CastingError) else "it was not judged"
            said = Said(photo="", verdict=Verdict.INSPECT.value, reason=why)
        with suppress(InvalidStateError):  # nobody waits any more
            task.said.set_result(said)

    def _looked(self, one: int) -> State:
        try:
            judged = judge.ask(self._processes[one], b"")
        except CastingError as error:
            return State(problem=str(error))
        return State(model=judged.model, problem=judged.problem)
