"""How much the service takes at once, how large and for how long, and what it says instead of an answer."""

from dataclasses import dataclass
from typing import Self

from casting_core.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a service is held to."""

    photo_bytes: int  # of one photo
    deadline: float  # seconds until a station must have its answer, at most
    body: float  # seconds until a photo must have come in whole
    waiting: int  # photos of all stations that wait or are judged
    at_once: int  # of them, photos of one station
    judges: int  # processes that judge side by side
    days: float  # that a request id is known for

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the environment says."""
        return cls(
            photo_bytes=min(settings.station_photo_bytes, settings.max_photo_bytes),
            deadline=settings.station_deadline_ms / 1000,
            body=settings.station_body_ms / 1000,
            waiting=settings.station_waiting,
            at_once=settings.station_at_once,
            judges=settings.station_judges,
            days=settings.station_days,
        )


class Refused(Exception):  # noqa: N818 - it is no error: a request that is not answered with a verdict
    """A request that gets no answer; the text is a sentence for whoever sent it."""

    def __init__(self, status: int, text: str, *, again: bool = False) -> None:
        super().__init__(text)
        self.status, self.text = status, text
        self.headers = {"retry-after": "1"} if again else {}  # seconds
        if status == 401:
            self.headers["www-authenticate"] = "Bearer"


class Places:
    """Room for so many photos at once: no more of them are held in memory, whoever sends them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: dict[str, int] = {}

    @property
    def taken(self) -> int:
        """Photos that wait or are judged."""
        return sum(self._taken.values())

    def take(self, station: str) -> None:
        """Takes a place; ``Refused`` where there is none, for this station or for any."""
        if self._taken.get(station, 0) >= self._limits.at_once:
            text = f"{self._limits.at_once} photos of this station are waiting already; send it again with the same id"
            raise Refused(429, text, again=True)
        if self.taken >= self._limits.waiting:
            raise Refused(503, "too many photos are waiting; send it again with the same id", again=True)
        self._taken[station] = self._taken.get(station, 0) + 1

    def give_back(self, station: str) -> None:
        """Gives a place back."""
        self._taken[station] -= 1
        if not self._taken[station]:
            del self._taken[station]
