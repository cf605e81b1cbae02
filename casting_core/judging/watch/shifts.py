"""When shifts begin and end, and to which working day each belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One shift. The working day begins with its first shift, so that a night belongs to the day it began on."""

    start: float  # seconds since 1970, UTC
    end: float  # the same; where the next one begins
    day: date

    def name(self, zone: tzinfo | None = None) -> str:
        """As people call it: ``2026-11-24, 22:00 to 06:00``."""
        begins, ends = (_local(moment, zone).strftime("%H:%M") for moment in (self.start, self.end))
        return f"{self.day.isoformat()}, {begins} to {ends}"


def shifts(since: float, until: float, starts: Sequence[time], zone: tzinfo | None = None) -> tuple[Shift, ...]:
    """The shifts from the one at ``since`` to the one at ``until`` (seconds since 1970), without a gap, in order.

    ``starts``: when they begin, as clocks of this machine (or of ``zone``) show it; at least one.
    """
    first = _local(since, zone).date() - timedelta(days=1)
    days = [first + timedelta(days=number) for number in range((_local(until, zone).date() - first).days + 3)]
    begins = [(_moment(day, start, zone), day) for day in days for start in sorted(starts)]
    found = [Shift(start=start, end=end, day=day) for (start, day), (end, _) in pairwise(begins)]
    return tuple(one for one in found if one.end > since and one.start <= until)


def _local(moment: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone)


def _moment(day: date, start: time, zone: tzinfo | None) -> float:
    told = datetime.combine(day, start)
    return (told.astimezone() if zone is None else told.replace(tzinfo=zone)).timestamp()
