"""Verdicts on record: which photo was judged, by which version at which threshold, for whom, with what result."""

from dataclasses import dataclass

from casting_core.records.ledger import Entry, Kind, as_number
from casting_core.records.version_files import GRAPH
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import ledger

LONGEST = 200  # letters of a file's name


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


def record(finding: Finding, model: Model, *, file: str, actor: str) -> Entry:
    """Writes down what a version said of a photo."""
    body = {
        "file": file[:LONGEST],
        "model": model.card.name,
        "graph": model.card.files.get(GRAPH, ""),
        "threshold": model.point.threshold,
        "upper": model.point.upper,
        "score": finding.score,
        "verdict": finding.verdict.value if finding.verdict is not None else "",
        "reason": finding.reason,
        "kind": finding.kind,
    }
    return ledger().add(Kind.INSPECTION, about=finding.sha256, body=body, actor=actor.strip())


def recent(*, newest: int) -> list[Recorded]:
    """The verdicts written down last, the newest first."""
    return [_read(row) for row in ledger().rows(kinds=[Kind.INSPECTION], newest=newest)]


def _read(row: Entry) -> Recorded:
    said = row.values
    score = said.get("score")
    return Recorded(
        number=row.number,
        at=row.at / 1000,
        who=row.actor,
        photo=row.about,
        score=float(score) if isinstance(score, int | float) else None,
        threshold=as_number(said.get("threshold"), otherwise=0.5),
        **{name: str(said.get(name, "")) for name in ("file", "model", "verdict", "reason", "kind")},
    )
