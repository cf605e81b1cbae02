"""When a shift begins, by the clock on the wall."""

import re
from datetime import time, tzinfo

from casting_core.errors import SettingsError
from casting_core.judging.watch.shifts import shifts
from casting_core.settings import settings

TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def usual() -> tuple[str, ...]:
    """When shifts begin here, by the setting ``CASTING_SHIFT_HOURS``."""
    return tuple(f"{hour:02d}:00" for hour in settings().shift_hours)


def starts_in(text: str) -> tuple[str, ...]:
    """The starts that people type, ``06:00 14:00 22:00``, in order; ``SettingsError`` where one is no time of day."""
    found = text.replace(",", " ").split()
    for one in found:
        if not TIME.fullmatch(one):
            raise SettingsError(f"{one[:40]!r} is no time of day: shifts begin at times such as 06:00 14:00 22:00")
    if not found:
        raise SettingsError("say when a shift begins, as 06:00 14:00 22:00: challenge parts are due then")
    return tuple(sorted(set(found)))


def latest_start(starts: tuple[str, ...], now: float, zone: tzinfo | None = None) -> float:
    """When the shift began that goes on at this moment; both in seconds since 1970. Without starts it is 1970.

    ``zone``: that of this machine if not given.
    """
    return shifts(now, now, [time.fromisoformat(one) for one in starts], zone)[-1].start if starts else 0.0
