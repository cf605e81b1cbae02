"""What a measurement is: durations, their middle and spread, and the bar a ratio has to reach."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Way = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What something took: time on the clock, and time of this process on all cores, which neighbours hardly change."""

    seconds: float
    processor: float  # seconds


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


def timed(way: Way) -> Taken:
    """What it takes to go this way once."""
    began, worked = time.perf_counter(), time.process_time()
    way()
    return Taken(seconds=time.perf_counter() - began, processor=time.process_time() - worked)
