"""What a measurement is: durations taken in turns, their middle and spread, and the bar a ratio has to reach."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Way = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The middle of several measurements, and how far they spread."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What has to be reached: ``value`` at least ``limit``, or at most where ``upper``; no value reaches nothing."""

    name: str
    value: float | None
    limit: float
    upper: bool = False

    @property
    def kept(self) -> bool:
        """Whether it was reached."""
        if self.value is None:
            return False
        return self.value <= self.limit if self.upper else self.value >= self.limit


def figure(values: Sequence[float]) -> Figure:
    """The figure of these measurements, at least one."""
    return Figure(median=median(values), least=min(values), most=max(values))


def seconds(way: Way) -> float:
    """How long it takes to go this way once."""
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def in_turns(ours: Way, theirs: Way, *, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of both ways, A B A B: what else the machine does meanwhile meets both alike."""
    taken = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return [pair[0] for pair in taken], [pair[1] for pair in taken]
