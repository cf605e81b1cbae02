"""The shift's board as one value, from the rows of the ledger of the last weeks."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import numpy as np
from numpy.typing import NDArray

from casting_core.judging.watch import laney
from casting_core.judging.watch.counts import Counts, Parts, of_shifts, parts, total
from casting_core.judging.watch.laney import Chart
from casting_core.judging.watch.seen import Outcome, Seen
from casting_core.judging.watch.shifts import Shift, shifts
from casting_core.records.chain import Kind
from casting_core.settings import settings
from casting_core.workflows.review.opinions import Opinion
from casting_core.workflows.stores import ledger
from casting_core.workflows.watching.rows import Rows, read, together

WEEKS = 4  # beside the one that goes on
AT_ONCE = 2000  # rows: who reads them again reads only the last of these spans anew
MOST = 200_000  # rows that are looked at: where there are more in these weeks, the board begins later
DAYS = 7  # the working days that are called this week

Read = Callable[[int, int], Rows]


@dataclass(frozen=True, kw_only=True, eq=False)
class Gathered:
    """What was judged in the last weeks, with its shifts and parts."""

    seen: Seen
    opinions: tuple[Opinion, ...]
    shifts: tuple[Shift, ...]  # the last one goes on
    parts: Parts

    @property
    def today(self) -> slice:
        """The shifts of the working day that goes on."""
        return slice(next(at for at, one in enumerate(self.shifts) if one.day == self.shifts[-1].day), None)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A part that a person must look at, and nobody has said anything of."""

    photo: str  # sha256
    part: str  # its number; empty where nobody said
    file: str  # as its photo was called where it came from; may be empty
    at: float  # when it was judged, seconds since 1970
    model: str
    gated: bool  # whether the gate refused its photo

    @property
    def name(self) -> str:
        """By which it is found: its number, else the name of its file, else of its photo."""
        return self.part or self.file or self.photo[:12]


@dataclass(frozen=True, kw_only=True, eq=False)
class Board:
    """How the line goes on."""

    today: Counts
    week: Counts  # of ``DAYS`` working days, today among them
    shifts: tuple[Shift, ...]  # of the last weeks, the last one goes on
    counts: tuple[Counts, ...]  # of each shift
    chart: Chart | None  # of the share of rejects; none as long as there are few shifts, or no reject
    said: int  # parts that a person said something of this week
    overruled: int  # of them those whose verdict was overruled
    waiting: tuple[Waiting, ...]  # parts to inspect of this week that nobody has spoken about, the newest first
    promotions: tuple[tuple[float, str], ...]  # when which version was put in production, the oldest first

    @property
    def any(self) -> bool:
        """Whether anything was judged in these weeks."""
        return any(one.judged or one.gated for one in self.counts)


def stand() -> tuple[int, float]:
    """By which a board is told from a later one: the last row of the ledger, and when the shift began."""
    return ledger().head().number, shifts_until(time.time())[-1].start


def shifts_until(now: float) -> tuple[Shift, ...]:
    """The shifts of the last weeks up to the one that goes on, from a Monday on."""
    today = datetime.fromtimestamp(now, UTC).astimezone()
    monday = today.date() - timedelta(days=today.weekday() + 7 * WEEKS)
    hours = settings().shift_hours
    since = datetime(monday.year, monday.month, monday.day, hours[0]).astimezone().timestamp()
    return shifts(since, now, [clock(hour) for hour in hours])


def gathered(*, now: float | None = None, read: Read = read) -> Gathered:
    """What was judged in the last weeks; ``read`` gives the rows of a span, so that a page can keep those it has."""
    known = shifts_until(time.time() if now is None else now)
    first, last = ledger().last_before(known[0].start), ledger().head().number
    if last - first > MOST:
        first = last - MOST
        known = _since_row(first, known)
    starts = range(first - first % AT_ONCE, last, AT_ONCE) or [0]
    rows = together([read(start, min(start + AT_ONCE, last)) for start in starts])
    seen = rows.seen.take(rows.seen.at >= known[0].start)
    return Gathered(seen=seen, opinions=rows.opinions, shifts=known, parts=parts(seen, known))


def _since_row(number: int, known: tuple[Shift, ...]) -> tuple[Shift, ...]:
    """The shifts that began after a row was written; the one that goes on in any case."""
    row = ledger().row(number)
    return known if row is None else tuple(one for one in known if one.start > row.at / 1000) or known[-1:]


def board(found: Gathered) -> Board:
    """The board of what was gathered."""
    counts = of_shifts(found.seen, found.parts, found.shifts)
    week = found.shifts[-1].day - timedelta(days=DAYS - 1)
    of_week = np.array([one.day >= week for one in found.shifts])
    since = next(one.start for one in found.shifts if one.day >= week)
    latest = {one.photo: one for one in found.opinions if one.at >= since}
    return Board(
        today=total(counts[found.today]),
        week=total([one for one, here in zip(counts, of_week, strict=True) if here]),
        shifts=found.shifts,
        counts=tuple(counts),
        chart=laney.chart([one.rejected for one in counts], [one.judged for one in counts]),
        said=len(latest),
        overruled=sum(one.overrules for one in latest.values()),
        waiting=_waiting(found, of_week[found.parts.shift]),
        promotions=_promotions(found.shifts),
    )


def _waiting(found: Gathered, this_week: NDArray[np.bool_]) -> tuple[Waiting, ...]:
    which, seen = found.parts.which[this_week], found.seen
    spoken = set(seen.part[np.isin(seen.photo, [one.photo for one in found.opinions])].tolist())
    waiting = [at for at in which[seen.outcome[which] == Outcome.INSPECT].tolist() if seen.part[at] not in spoken]
    return tuple(
        Waiting(
            photo=str(seen.photo[at]),
            part="" if seen.part[at] == seen.photo[at] else str(seen.part[at]),
            file=str(seen.file[at]),
            at=float(seen.at[at]),
            model=str(seen.model[at]),
            gated=bool(seen.gated[at]),
        )
        for at in reversed(waiting)
        if seen.photo[at]
    )


def _promotions(known: Sequence[Shift]) -> tuple[tuple[float, str], ...]:
    rows = ledger().rows(kinds=[Kind.PROMOTION])
    return tuple((row.at / 1000, row.about) for row in reversed(rows) if row.at / 1000 >= known[0].start)
