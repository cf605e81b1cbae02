"""How far a job is, and about how long it will still take; measured by the job itself, whatever the clock says."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

SOONEST = 0.05  # share of the work that must be done before anybody can say how long the rest takes
LOOKED_BACK = 30.0  # seconds: the rate of work is that of the last while, for a machine gets busy and free again


@dataclass(frozen=True, kw_only=True)
class Doing:
    """What a job is doing, and how far it is as a whole."""

    what: str
    share: float  # 0 to 1


class Pace:
    """Tells the seconds left from how the share has grown lately. ``clock`` only ever goes forwards."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, float]] = deque()  # moments and shares, the oldest first

    def seconds_left(self, share: float) -> float | None:
        """About how many seconds the rest takes; ``None`` where it is too early to tell, or nothing moves."""
        now = self._clock()
        if self._seen and share < self._seen[-1][1]:
            self._seen.clear()  # it began anew
        self._seen.append((now, share))
        while len(self._seen) > 2 and now - self._seen[1][0] > LOOKED_BACK:
            self._seen.popleft()
        began, before = self._seen[0]
        if share < SOONEST or share <= before:
            return None
        return max(0.0, (1.0 - share) * (now - began) / (share - before))
