"""Two versions on the same castings of one class: which of both goes wrong more often, and what of that is luck."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

SURE = 1.6448536269514722  # normal quantile of a one-sided bound of 95 %


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Two versions on the same castings of one class. Raises ``ValueError`` where the numbers do not fit together."""

    n: int  # castings
    now: int  # of them judged wrongly by the version in production
    new: int  # and by the other one
    only_now: int  # judged wrongly by the version in production alone
    only_new: int  # and by the other one alone: what promoting it would add

    def __post_init__(self) -> None:
        both = self.now - self.only_now
        if both != self.new - self.only_new or both < 0 or both + self.only_now + self.only_new > self.n:
            raise ValueError(f"{self} does not add up")

    @property
    def p_value(self) -> float:
        """The probability of castings as unevenly divided where both versions are alike (McNemar's exact test)."""
        from scipy.special import bdtr  # SciPy is slow to come, and the first page needs it not

        differ = self.only_now + self.only_new
        return 1.0 if not differ else min(1.0, 2 * float(bdtr(min(self.only_now, self.only_new), differ, 0.5)))

    @property
    def difference(self) -> tuple[float, float]:
        """Between these the new version goes wrong more often, as a share of castings; one-sided bounds of 95 % each.

        The score interval for paired shares (Tango 1998), which stays wide where no casting tells them apart.
        """
        if not self.n:
            return -1.0, 1.0
        found = (self.only_new - self.only_now) / self.n
        return _root(lambda share: self._score(share) - SURE, -1.0, found), _root(
            lambda share: self._score(share) + SURE, found, 1.0
        )

    def _score(self, share: float) -> float:
        """How many standard errors what was found lies above a difference of this share."""
        more, less, n = self.only_new, self.only_now, self.n
        a, b, c = 2 * n, (2 * n - more + less) * share - more - less, -less * share * (1 - share)
        rare = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
        spread = n * (2 * rare + share * (1 - share))
        above = more - less - n * share
        return above / sqrt(spread) if spread > 0 else (0.0 if abs(above) < 1e-12 else above * float("inf"))


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0 between two places; the end it never crosses before, if it does not."""
    if falling(low) <= 0:
        return low
    if falling(high) >= 0:
        return high
    for _ in range(60):  # to the last digit
        half = (low + high) / 2
        low, high = (half, high) if falling(half) > 0 else (low, half)
    return (low + high) / 2
