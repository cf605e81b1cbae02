"""The threshold that costs least at a plant's own defect rate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.judging.operating_point.castings import THRESHOLDS, Castings

ALIKE = 1e-9  # of what one casting costs: costs nearer than that are the same


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What goes wrong costs, in any one currency. Raises ``ValueError`` where one of them makes no sense."""

    escape: float  # of a defective casting that passes
    false_alarm: float  # of an ok casting that is rejected
    inspection: float | None = None  # of a person's look, after which the truth is known; none: nobody looks
    defect_rate: float  # the share of all castings that is defective, 0..1

    def __post_init__(self) -> None:
        given = (self.escape, self.false_alarm, *(() if self.inspection is None else (self.inspection,)))
        if not all(np.isfinite(cost) and cost > 0 for cost in given):
            raise ValueError("a cost is a number above 0")
        if not 0 < self.defect_rate < 1:
            raise ValueError(f"a defect rate lies between 0 and 1, not at {self.defect_rate:g}")

    @property
    def even(self) -> float:
        """The calibrated score at which passing and rejecting cost alike (Bayes; Elkan 2001)."""
        passing, rejecting = self.defect_rate * self.escape, (1 - self.defect_rate) * self.false_alarm
        return rejecting / (rejecting + passing)


@dataclass(frozen=True, kw_only=True, eq=False)
class ByCost:
    """What costs least, and how much anything else would."""

    threshold: float  # a score below it passes
    rejects_from: float | None  # a score at or above it is rejected, between both a person looks; none: one threshold
    cost: float  # of a casting, on average
    flat: tuple[float, float]  # the first and the last threshold that cost the same
    curve: NDArray[np.float64]  # (999,), the cost of a casting with one threshold, at each of ``THRESHOLDS``


def expected(castings: Castings, costs: Costs, thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a casting costs on average with one threshold; of the thresholds' shape.

    By the shares of the castings of each class that go wrong, weighted by the plant's own defect rate. A class without
    a casting counts as if none of it went wrong.
    """
    escaped = castings.escaped(thresholds) / max(1, len(castings.defective))
    stopped = castings.stopped(thresholds) / max(1, len(castings.ok))
    return costs.defect_rate * costs.escape * escaped + (1 - costs.defect_rate) * costs.false_alarm * stopped


def choose(castings: Castings, costs: Costs) -> ByCost:
    """The threshold, or the two of them, that cost least on these castings.

    Where several cost the same, the one nearest to where calibrated scores put it.
    """
    curve = expected(castings, costs, THRESHOLDS)
    low, cost, flat = _cheapest(curve, costs.even)
    one = ByCost(threshold=low, rejects_from=None, cost=cost, flat=flat, curve=curve)
    if costs.inspection is None:
        return one
    two = _with_a_person(castings, costs, costs.inspection, curve)
    return one if two is None or two.cost >= one.cost - ALIKE else two


def _with_a_person(castings: Castings, costs: Costs, inspection: float, curve: NDArray[np.float64]) -> ByCost | None:
    """The two thresholds that cost least; none where they meet.

    The cost splits into a part of the lower and one of the upper threshold, so each is found by itself: what passes
    instead of being looked at, and what is looked at instead of being rejected.
    """
    bad, good = max(1, len(castings.defective)), max(1, len(castings.ok))
    rate = costs.defect_rate
    below_bad = castings.escaped(THRESHOLDS) / bad
    above_good = castings.stopped(THRESHOLDS) / good
    above_bad = 1 - below_bad if len(castings.defective) else np.zeros_like(below_bad)
    # Of the lower one: escapes, and looks at everything above it. Of the upper: false alarms, and looks saved above it.
    lower = rate * costs.escape * below_bad + inspection * (rate * above_bad + (1 - rate) * above_good)
    upper = (1 - rate) * costs.false_alarm * above_good - inspection * (rate * above_bad + (1 - rate) * above_good)
    passes = _even(inspection, costs.escape, rate)
    rejects = 1 - _even(inspection, costs.false_alarm, 1 - rate)
    low, first, flat = _cheapest(lower, passes)
    high, second, _ = _cheapest(upper, rejects)
    if high <= low:
        return None
    return ByCost(threshold=low, rejects_from=high, cost=first + second, flat=flat, curve=curve)


def _even(inspection: float, wrong: float, rate: float) -> float:
    """The calibrated score, of the class with this rate, at which a look costs as much as going wrong unseen."""
    share = min(inspection / wrong, 1.0)  # the probability at the plant's rate
    ours, theirs = share * (1 - rate), (1 - share) * rate
    return ours / (ours + theirs)


def _cheapest(curve: NDArray[np.float64], near: float) -> tuple[float, float, tuple[float, float]]:
    """The threshold with the least cost that is nearest to another one, that cost, and the flat part around it."""
    best = np.flatnonzero(curve <= curve.min() + ALIKE * max(1.0, abs(curve.min())))
    parts = np.split(best, np.flatnonzero(np.diff(best) > 1) + 1)
    distance = [np.abs(np.clip(near, THRESHOLDS[part[0]], THRESHOLDS[part[-1]]) - near) for part in parts]
    part = parts[int(np.argmin(distance))]
    place = part[np.argmin(np.abs(THRESHOLDS[part] - near))]
    return float(THRESHOLDS[place]), float(curve.min()), (float(THRESHOLDS[part[0]]), float(THRESHOLDS[part[-1]]))
