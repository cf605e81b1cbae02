"""What a station asks and what it is answered, as both stand on record."""

from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import NAMESPACE_URL, uuid5

from casting_core.domain import Verdict
from casting_core.records.ledger import Entry, as_number
from casting_core.workflows.judging.recorded import Said

ACTOR = "station {}"  # as the ledger names one
SPACE = uuid5(NAMESPACE_URL, "casting inspection result")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request of a station."""

    station: str
    request: str  # its id, which the station chose
    part: str
    job: str  # the order that the part belongs to; may be empty
    photo: str  # sha256
    started: int  # milliseconds since 1970, UTC

    @property
    def key(self) -> str:
        """What no two requests share."""
        return key_of(self.station, self.request)

    def repeats(self, earlier: "Asked") -> bool:
        """Whether the same is asked of the same photo, whenever."""
        return replace(self, started=0) == replace(earlier, started=0)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer; the verdict is one of the three, always."""

    asked: Asked
    said: Said
    ended: int  # milliseconds since 1970, UTC

    @property
    def verdict(self) -> Verdict:
        """``INSPECT`` where a version gave none."""
        return Verdict(self.said.verdict) if self.said.verdict in set(Verdict) else Verdict.INSPECT

    @property
    def result(self) -> str:
        """The id of the result, the same whenever the same is asked."""
        return str(uuid5(SPACE, f"{self.asked.key}\n{self.asked.photo}"))

    def to_inspect(self, reason: str) -> Self:
        """The same without a verdict of a version: a person must look, for this reason."""
        said = self.said
        instead = replace(said, verdict=Verdict.INSPECT.value, reason=reason)
        return replace(self, said=replace(instead, score=None, kind="", kind_probability=None, place=None))

    def body(self) -> dict[str, Any]:
        """The body of its row in the ledger."""
        asked = {name: getattr(self.asked, name) for name in ("station", "request", "part", "job", "started")}
        return self.said.body() | asked | {"ended": self.ended, "verdict": self.verdict.value}

    @classmethod
    def of(cls, row: Entry) -> Self:
        """The way back from a row."""
        told = row.values
        words = {name: str(told.get(name, "")) for name in ("station", "request", "part", "job")}
        started, ended = (int(as_number(told.get(name), otherwise=row.at)) for name in ("started", "ended"))
        said = Said.read(row.about, told)
        return cls(asked=Asked(photo=row.about, started=started, **words), said=said, ended=ended)


def key_of(station: str, request: str) -> str:
    """What no two requests share: neither has a line break in it."""
    return f"{station}\n{request}"


def key_in(row: Entry) -> str:
    """The key of the request that a row answers; empty where no station asked."""
    told = row.values
    station, request = told.get("station"), told.get("request")
    return key_of(station, request) if isinstance(station, str) and isinstance(request, str) else ""
