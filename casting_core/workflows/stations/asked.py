"""What a station asks and what it is answered, as both stand on record."""

from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import NAMESPACE_URL, uuid5

from casting_core.domain import Verdict
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.workflows.challenge.values import Challenged, Word
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
    challenge: Challenged | None = None  # where the station has to judge challenge parts, or asks about one

    @property
    def kind(self) -> Kind:
        """Of its row: what is said of a challenge part is no inspection of a part that is delivered."""
        return Kind.CHALLENGE if self.challenge is not None and self.challenge.known else Kind.INSPECTION

    @property
    def own(self) -> str:
        """What the version itself said, whatever the station was told; empty where it said nothing."""
        return self.said.verdict if self.challenge is None else self.challenge.verdict

    @property
    def verdict(self) -> Verdict:
        """``INSPECT`` where a version gave none."""
        return Verdict(self.said.verdict) if self.said.verdict in set(Verdict) else Verdict.INSPECT

    @property
    def result(self) -> str:
        """The id of the result, the same whenever the same is asked."""
        return str(uuid5(SPACE, f"{self.asked.key}\n{self.asked.photo}"))

    def to_inspect(self, reason: str) -> Self:
        """The same without a verdict of a version: a person must look, for this reason.

        A challenge part that was judged right is then not judged; that one was judged wrongly stays.
        """
        said, challenge = self.said, self.challenge
        if challenge is not None and challenge.word is Word.RIGHT:
            challenge = replace(challenge, word=Word.NOT_JUDGED, verdict="")
        instead = replace(said, verdict=Verdict.INSPECT.value, reason=reason)
        instead = replace(instead, score=None, kind="", kind_probability=None, place=None)
        return replace(self, said=instead, challenge=challenge)

    def body(self) -> dict[str, Any]:
        """The body of its row in the ledger."""
        asked = {name: getattr(self.asked, name) for name in ("station", "request", "part", "job", "started")}
        whole = self.said.body() | asked | {"ended": self.ended, "verdict": self.verdict.value}
        return whole if self.challenge is None else whole | {"challenge": self.challenge.body()}

    @classmethod
    def of(cls, row: Entry) -> Self:
        """The way back from a row."""
        told = row.values
        words = {name: str(told.get(name, "")) for name in ("station", "request", "part", "job")}
        started, ended = (int(as_number(told.get(name), otherwise=row.at)) for name in ("started", "ended"))
        said = Said.read(row.about, told)
        asked, challenge = Asked(photo=row.about, started=started, **words), Challenged.read(told.get("challenge"))
        return cls(asked=asked, said=said, ended=ended, challenge=challenge)


def key_of(station: str, request: str) -> str:
    """What no two requests share: neither has a line break in it."""
    return f"{station}\n{request}"


def key_in(row: Entry) -> str:
    """The key of the request that a row answers; empty where no station asked."""
    told = row.values
    station, request = told.get("station"), told.get("request")
    return key_of(station, request) if isinstance(station, str) and isinstance(request, str) else ""
