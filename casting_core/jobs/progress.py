"""How far a job is, and about how long it still takes; measured by the job itself, whatever the clock says.

A machine gets busy and free again, and a wrong promise is worse than none. So a time is told only
where the work goes on evenly: where the older and the newer half of the last while differ by less
than a factor of two.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

LEAST_STEPS = 4  # of the work, before anybody can say how long the rest takes
LEAST_SECONDS = 10.0  # of work
LOOKED_BACK = 60.0  # seconds at least; of long work, the last half of the time it has taken so far
REACH = 30.0  # times as long as was looked back: a minute says nothing of three hours
UNEVEN = 2.0  # two rates that differ by more say nothing of the rate to come
LONGEST_STEP = 0.5  # of what was looked back: a single step says nothing of others
STEPS_TO_COME = 3.0  # at least: how long the very last ones take, nobody knows
MOST_MARKS = 512


@dataclass(frozen=True, kw_only=True)
class Doing:
    """What a job is doing, and how far it is as a whole."""

    what: str
    share: float  # 0 to 1
    even: bool = True  # all the rest goes on like this: each share of it takes about the same time


class Pace:
    """Tells the seconds left from how the share has grown lately. ``clock`` only ever goes forwards."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, float]] = deque()  # moments and shares, the oldest first; each share is greater
        self._began, self._share, self._even = 0.0, 0.0, False

    def see(self, share: float, *, even: bool = True) -> None:
        """The work is so far now; where the rest of it is not ``even``, no time is told."""
        now = self._clock()
        if even != self._even or share < self._share or not self._marks:
            self._marks.clear()  # other work, or it began anew
            self._began, self._even = now, even
        elif share == self._share:
            return
        self._share = share
        self._marks.append((now, share))
        if len(self._marks) > MOST_MARKS:  # every second one will do, but the first and the last
            self._marks = deque([*list(self._marks)[:-1:2], self._marks[-1]])

    def seconds_left(self) -> float | None:
        """About how many seconds the rest takes; ``None`` where it is too early to tell, or the rate is uneven."""
        now = self._clock()
        self._forget(now)
        if not self._even or len(self._marks) <= LEAST_STEPS or not 0.0 < self._share < 1.0:
            return None
        rest = 1.0 - self._share
        (first, before), (last, _) = self._marks[0], self._marks[-1]
        steps = len(self._marks) - 1
        step = (last - first) / steps
        waits = now - last  # for the next step; longer than usual, it counts as time in which nothing was done
        late = max(0.0, waits - step)
        middle, half = min(list(self._marks)[1:-1], key=lambda mark: abs(mark[0] - (first + last) / 2))
        older, newer = (half - before) / (middle - first), (self._share - half) / (last - middle + late)
        looked_back = last - first + late
        if looked_back < LEAST_SECONDS or max(older, newer) > UNEVEN * min(older, newer):
            return None
        moments = [moment for moment, _ in self._marks]
        longest = max(behind - ahead for ahead, behind in pairwise(moments))
        if longest > LONGEST_STEP * looked_back or rest < STEPS_TO_COME * (self._share - before) / steps:
            return None
        left = max(0.0, rest / math.sqrt(older * newer) - min(waits, step))
        return left if left <= REACH * looked_back else None

    def _forget(self, now: float) -> None:
        """What is older than the last while; a step that takes longer than that is seen by its neighbours."""
        since = now - max(LOOKED_BACK, (now - self._began) / 2)
        while len(self._marks) > LEAST_STEPS + 1 and self._marks[1][0] < since:
            self._marks.popleft()


def seconds_for(steps: float, took: Sequence[float]) -> float | None:
    """About how many seconds so many more steps take where others took so long each, the oldest first.

    ``None`` where too few were taken, or the older and the newer half of the latest of them differ too much.
    """
    lately = list(took)[-max(LEAST_STEPS, len(took) // 2) :]
    half = len(lately) // 2
    if len(lately) < LEAST_STEPS or steps > REACH * len(lately):
        return None
    older, newer = sum(lately[:half]) / half, sum(lately[half:]) / (len(lately) - half)
    if min(older, newer) <= 0.0 or max(older, newer) > UNEVEN * min(older, newer):
        return None
    return steps * math.sqrt(older * newer)
