"""Verdicts on record: which photo was judged, by which version at which threshold, for whom, with what result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from casting_core import roles
from casting_core.data.imaging import measures
from casting_core.data.imaging.images import Grey
from casting_core.judging.watch.seen import projected
from casting_core.records.chain import Entry, Kind, as_number
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.model import Model
from casting_core.workflows.keeping import photos
from casting_core.workflows.stores import ledger

LONGEST = 200  # letters of a file's name
MOST_ALIKE = 100  # rows of one photo that are looked through
OPTIONAL = ("kind_probability", "place", "note", "light", "sharpness", "looks")  # in a row where they are known
DIGITS = 5  # of a measured number that are kept


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a version said of a photo, as it is written down: no pixels, only what a row can hold."""

    photo: str  # sha256
    model: str = ""  # empty where there was none
    graph: str = ""  # sha256
    threshold: float | None = None
    upper: float | None = None  # as an operating point has it
    score: float | None = None
    verdict: str = ""  # empty where there was none
    reason: str = ""
    kind: str = ""
    kind_probability: float | None = None
    place: tuple[float, float] | None = None  # (x, y) of the most evidence, in pixels of the photo
    note: str = ""
    light: float | None = None  # mean grey level of the photo as the network saw it
    sharpness: float | None = None
    looks: tuple[float, ...] = ()  # its embedding in a few numbers

    @classmethod
    def of(cls, finding: Finding, model: Model) -> Self:
        """What this version said."""
        return cls(
            photo=finding.sha256,
            model=model.card.name,
            graph=model.card.files.get(GRAPH, ""),
            threshold=model.point.threshold,
            upper=model.point.upper,
            score=finding.score,
            verdict=finding.verdict.value if finding.verdict is not None else "",
            reason=finding.reason,
            kind=finding.kind,
            kind_probability=finding.kind_probability,
            place=finding.place,
            note=finding.note,
            light=_measured(measures.brightness, finding),
            sharpness=_measured(measures.sharpness, finding),
            looks=_looks(finding),
        )

    def of_photo(self, photo: str) -> Self:
        """The same of this photo: its sha256 is known to whoever asked."""
        return replace(self, photo=photo)

    @classmethod
    def read(cls, photo: str, body: Mapping[str, Any]) -> Self:
        """The way back from a row, whatever somebody may have made of it."""
        place = body.get("place")
        x, y = place if isinstance(place, list) and len(place) == 2 else (None, None)
        x, y = as_number(x, otherwise=None), as_number(y, otherwise=None)
        words = {name: str(told) for name, told in body.items()}
        return cls(
            photo=photo,
            model=words.get("model", ""),
            graph=words.get("graph", ""),
            threshold=as_number(body.get("threshold"), otherwise=None),
            upper=as_number(body.get("upper"), otherwise=None),
            score=as_number(body.get("score"), otherwise=None),
            verdict=words.get("verdict", ""),
            reason=words.get("reason", ""),
            kind=words.get("kind", ""),
            kind_probability=as_number(body.get("kind_probability"), otherwise=None),
            place=None if x is None or y is None else (x, y),
            note=words.get("note", ""),
            light=as_number(body.get("light"), otherwise=None),
            sharpness=as_number(body.get("sharpness"), otherwise=None),
            looks=numbers(body.get("looks")),
        )

    def body(self) -> dict[str, Any]:
        """The body of its row."""
        always = ("model", "graph", "threshold", "upper", "score", "verdict", "reason", "kind")
        known = {name: getattr(self, name) for name in OPTIONAL}
        return {name: getattr(self, name) for name in always} | {name: one for name, one in known.items() if one}


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One verdict as it was written down."""

    number: int  # of its row in the ledger
    at: float  # seconds since 1970, UTC
    who: str
    photo: str  # sha256
    file: str  # as it was called where it came from
    model: str
    threshold: float
    score: float | None
    verdict: str  # empty where there was none
    reason: str  # why there was none, or why a person must look
    kind: str  # of defect, that was suggested
    part: str  # its number, where a station asked


def numbers(told: object) -> tuple[float, ...]:
    """The numbers in a list of a row; none where it is no such list."""
    some = told if isinstance(told, list) else []
    found = [as_number(one, otherwise=None) for one in some]
    return tuple(one for one in found if one is not None) if None not in found else ()


def record(finding: Finding, model: Model, *, content: bytes, file: str, actor: str) -> Entry:
    """Writes down what a version said of the photo in these bytes, and keeps the photo if it is one."""
    actor = roles.require(Write.RECORD, actor)
    if finding.seen is not None:
        photos.keep(content, finding.verdict)
    body = _body(finding, model, file)
    return ledger().add(Kind.INSPECTION, about=finding.sha256, body=body, actor=actor.strip())


def record_once(finding: Finding, model: Model, *, content: bytes | None, file: str, actor: str, where: str) -> Entry:
    """The same, where no row says so of the file that ``where`` tells of: the process that wrote one may be killed.

    There is no ``content`` where the file could not be read.
    """
    if content is not None and finding.seen is not None:
        photos.keep(content, finding.verdict)
    for row in ledger().rows(kinds=[Kind.INSPECTION], about=finding.sha256, newest=MOST_ALIKE):
        if row.values.get("where") == where:
            return row
    body = _body(finding, model, file) | {"where": where}
    return ledger().add(Kind.INSPECTION, about=finding.sha256, body=body, actor=actor.strip())


def recent(*, newest: int) -> list[Recorded]:
    """The verdicts written down last, the newest first."""
    return [_read(row) for row in ledger().rows(kinds=[Kind.INSPECTION], newest=newest)]


def _measured(measure: Callable[[Grey], float], finding: Finding) -> float | None:
    """What is measured of the photo as the network saw it; none where it saw nothing."""
    return None if finding.seen is None else _short(measure(finding.seen))


def _looks(finding: Finding) -> tuple[float, ...]:
    """Its embedding in a few numbers; none without one."""
    if finding.embedding is None:
        return ()
    return tuple(_short(one) for one in projected(finding.embedding[None, :])[0].tolist())


def _short(measured: float) -> float:
    return float(f"{measured:.{DIGITS}g}")


def _body(finding: Finding, model: Model, file: str) -> dict[str, Any]:
    return {"file": file[:LONGEST]} | Said.of(finding, model).body()


def _read(row: Entry) -> Recorded:
    said = row.values
    return Recorded(
        number=row.number,
        at=row.at / 1000,
        who=row.actor,
        photo=row.about,
        score=as_number(said.get("score"), otherwise=None),
        threshold=as_number(said.get("threshold"), otherwise=0.5),
        **{name: str(said.get(name, "")) for name in ("file", "model", "verdict", "reason", "kind", "part")},
    )
