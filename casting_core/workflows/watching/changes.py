"""Whether photos are still like those a version learned from, and like those of earlier days.

Parts are compared with castings of one verdict, passed ones with passed ones, so that the mix of a line, where few are
defective, is not held against that of a dataset. With what it learned from the last ``LOOK`` parts are compared each
time so many have come, dealt anew part by part. With earlier days the last ``FRESH`` whole days are, dealt anew day by
day: so photos of one part that nobody numbered, and a lamp that is never quite the same, raise no alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import OperatingPoint
from casting_core.judging.watch.drift import Drift, drift, level
from casting_core.judging.watch.seen import Outcome, Seen
from casting_core.workflows.watching.board import Gathered
from casting_core.workflows.watching.reference import Reference

LOOK = 60  # parts
LOOKS = 1000  # of a line that does not change, in which one false alarm is allowed, all signs together
FRESH, EARLIER = 3, 12  # whole days compared, and days before them that it takes
OF_A_DAY = 10  # parts, or the day is none
A_DAY = 100  # parts of a day that are compared
DAYS = 100  # in which one false alarm is allowed, all signs together

Values = NDArray[np.float64]


class Sign(StrEnum):
    """What is compared."""

    LIGHT = "light"
    SHARPNESS = "sharpness"
    SCORE = "score"
    LOOKS = "looks"


SHARE = {Sign.LIGHT: 0.04, Sign.SHARPNESS: 0.08}  # of the usual value, that it may be larger or smaller by
SCORES = 0.02  # of the scale from 0 to 1, the same
SPREADS = 0.1  # standard deviations, the same of the numbers of an embedding
OUTPUTS = (Sign.SCORE, Sign.LOOKS)  # what a network says: of castings it was trained on it says other things


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a sign went on: a tenth, half and nine tenths of the parts of each working day lie below these values."""

    days: tuple[date, ...]
    spread: tuple[tuple[float, float, float], ...]  # of each day
    usual: tuple[float, float, float] | None  # of what they are compared with; none where that is not known
    outcome: Outcome  # of the parts that are told of


class Against(StrEnum):
    """What parts are compared with."""

    LEARNED = "castings it learned from"
    USUAL = "parts that were called usual"
    EARLIER = "earlier days"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One comparison, and what came of it."""

    sign: Sign
    against: Against
    outcome: Outcome  # of the parts that were compared
    parts: int
    others: int  # castings, or parts of earlier days
    numbered: bool  # whether most of the parts have a number: without one each photo is taken for a part of its own
    found: Drift
    usual: float  # the median of the others; not a number for looks
    now: float  # the median of the parts
    since: date | None  # the working day since when each look of a day raised the alarm; none without one


def compared(found: Gathered, model: str, point: OperatingPoint, known: Reference | None) -> list[Change]:
    """What can be compared of the parts that a version judged: for each sign with castings, and with earlier days."""
    said: list[Change] = []
    for sign in Sign:
        days = _Days(found, model, sign, after=0 if known is None else known.after)
        if not len(days.which):
            continue
        if known is not None:
            said += _with_learned(days, point, known)
        said += _with_earlier(days)
    return said


def course(found: Gathered, model: str, sign: Sign, point: OperatingPoint, known: Reference | None) -> Course:
    """How a sign went on day by day: one that is a single number."""
    days = _Days(found, model, sign)
    values, there = of(found.seen, sign)[:, 0][days.which], np.unique(days.day)
    others = np.zeros(0) if known is None else _learned(days, point, known)[:, 0]
    return Course(
        days=tuple(date.fromordinal(int(day)) for day in there),
        spread=tuple(_spread(values[days.day == day]) for day in there),
        usual=_spread(others) if len(others) >= OF_A_DAY else None,
        outcome=days.outcome,
    )


def _spread(values: Values) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9]).tolist()
    return low, middle, high


def key_of(found: Gathered, model: str, known: Reference | None) -> str:
    """By what comparisons are told from later ones: the parts of each sign that were looked at last, and the day."""
    after, ends = 0 if known is None else known.after, []
    for sign in Sign:
        looks = _Days(found, model, sign, after=after).looks()
        ends.append(int(found.seen.row[looks[-1][-1]]) if looks else 0)
    return f"{ends} {found.shifts[-1].day} {found.shifts[0].day}"


class _Days:
    """The parts of a version that a sign is known of, in order, of the verdict that most of the last ones had."""

    def __init__(self, found: Gathered, model: str, sign: Sign, *, after: int = 0) -> None:
        self.seen, self.sign = found.seen, sign
        values, which = of(found.seen, sign), found.parts.which
        told = (found.seen.model[which] == model) & np.isfinite(values[which]).all(axis=1)
        told &= found.seen.row[which] > after
        outcome = found.seen.outcome[which]
        last = outcome[told & (outcome != Outcome.INSPECT)][-LOOK:]
        rejected = np.count_nonzero(last == Outcome.REJECT) > len(last) / 2
        self.outcome = Outcome.REJECT if rejected else Outcome.PASS
        chosen = told & (outcome == self.outcome)
        self.which = which[chosen]
        days = [one.day for one in found.shifts]
        self.day = np.array([days[shift].toordinal() for shift in found.parts.shift[chosen]], dtype=np.int64)
        self.today = found.shifts[-1].day.toordinal()

    def looks(self) -> list[NDArray[np.int64]]:
        """The parts of each look, in order; they begin anew with each week, so that they stay what they are."""
        week = (self.day - 1) // 7  # the first day of the calendar was a Monday
        of_week = [self.which[week == one] for one in np.unique(week)]
        return [some[at : at + LOOK] for some in of_week for at in range(0, len(some) - LOOK + 1, LOOK)]

    def last_of_days(self) -> Iterator[tuple[date, NDArray[np.int64]]]:
        """The last look of each day that one ended on, the newest first."""
        day_of = dict(zip(self.which.tolist(), self.day.tolist(), strict=True))
        last = {day_of[int(look[-1])]: look for look in self.looks()}
        for day in sorted(last, reverse=True):
            yield date.fromordinal(day), last[day]


def of(seen: Seen, sign: Sign) -> Values:
    """What was measured of photos, (n, d)."""
    columns = {Sign.LIGHT: seen.light, Sign.SHARPNESS: seen.sharpness, Sign.SCORE: seen.score}
    return seen.looks if sign is Sign.LOOKS else columns[sign][:, None]


def _learned(days: _Days, point: OperatingPoint, known: Reference) -> Values:
    """What parts of this verdict may be compared with, (n, d)."""
    columns = {Sign.LIGHT: known.light, Sign.SHARPNESS: known.sharpness, Sign.SCORE: known.score}
    values: Values = known.looks if days.sign is Sign.LOOKS else columns[days.sign][:, None]
    alike = (known.outcomes(point) == days.outcome) & (known.new | (days.sign not in OUTPUTS))
    return np.asarray(values[alike & np.isfinite(values).all(axis=1)])


def _with_learned(days: _Days, point: OperatingPoint, known: Reference) -> Iterator[Change]:
    others = _learned(days, point, known)
    if len(others) < OF_A_DAY:
        return
    against = Against.USUAL if known.accepted else Against.LEARNED
    alpha, first, since = level(looks=LOOKS, tests=len(Sign)), None, None
    for day, look in days.last_of_days():
        values = np.concatenate([others, of(days.seen, days.sign)[look]])
        found = compare(values, np.arange(len(values)), len(others), days.sign, alpha)
        first = first or (found, look)
        if not found.alarm:
            break
        since = day
    if first is not None:
        yield _change(days, first[1], others, against=against, found=first[0], since=since)


def _with_earlier(days: _Days) -> Iterator[Change]:
    there, number = np.unique(days.day[days.day < days.today], return_counts=True)
    whole = there[number >= OF_A_DAY]
    if len(whole) < FRESH + EARLIER:
        return
    fresh, before = whole[-FRESH:], whole[:-FRESH]
    old, new = (_some_of_each(days.day, chosen) for chosen in (before, fresh))
    values = of(days.seen, days.sign)
    others, some = values[days.which[old]], days.which[new]
    block = np.concatenate([days.day[old], days.day[new]])
    alpha = level(looks=DAYS, tests=len(Sign))
    found = compare(np.concatenate([others, values[some]]), block, len(others), days.sign, alpha)
    since = date.fromordinal(int(fresh[0])) if found.alarm else None
    yield _change(days, some, others, against=Against.EARLIER, found=found, since=since)


def _some_of_each(day: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of the parts of these days, of each day at most ``A_DAY``, spread over it."""
    there = (np.flatnonzero(day == one) for one in chosen)
    return np.concatenate([some[:: -(-len(some) // A_DAY)] for some in there])


def compare(values: Values, block: NDArray[np.int64], others: int, sign: Sign, alpha: float) -> Drift:
    """Whether values, (n, d), differ by more than is tolerated from the first ``others`` of them."""
    known = values[:others]
    tolerance = {
        Sign.SCORE: np.array([SCORES]),
        Sign.LOOKS: SPREADS * known.std(axis=0),
    }.get(sign, SHARE.get(sign, 0.0) * np.abs(np.median(known, axis=0)))
    return drift(values, block, np.arange(len(values)) >= others, tolerance=tolerance, alpha=alpha)


def _change(days: _Days, look: NDArray[np.int64], others: Values, **came_of_it: Any) -> Change:
    values, one = of(days.seen, days.sign)[look], days.sign is not Sign.LOOKS
    return Change(
        sign=days.sign,
        outcome=days.outcome,
        parts=len(look),
        others=len(others),
        numbered=bool(np.mean(days.seen.part[look] != days.seen.photo[look]) > 0.5),
        usual=float(np.median(others)) if one else float("nan"),
        now=float(np.median(values)) if one else float("nan"),
        **came_of_it,
    )
