"""Verdicts on record: which photo was judged, by which version at which threshold, for whom, with what result."""

from dataclasses import dataclass
from typing import Any

from casting_core.records.ledger import Entry, Kind, as_number
from casting_core.records.version_files import GRAPH
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import ledger

LONGEST = 200  # letters of a file's name
MOST_ALIKE = 100  # rows of one photo that are looked through


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
    body = _body(finding, model, file)
    return ledger().add(Kind.INSPECTION, about=finding.sha256, body=body, actor=actor.strip())


def record_once(finding: Finding, model: Model, *, file: str, actor: str, where: str) -> Entry:
    """The same, where no row says so of the file that ``where`` tells of: the process that wrote one may be killed."""
    for row in ledger().rows(kinds=[Kind.INSPECTION], about=finding.sha256, newest=MOST_ALIKE):
        if row.values.get("where") == where:
            return row
    body = _body(finding, model, file) | {"where": where}
    return ledger().add(Kind.INSPECTION, about=finding.sha256, body=body, actor=actor.strip())


def recent(*, newest: int) -> list[Recorded]:
    """The verdicts written down last, the newest first."""
    return [_read(row) for row in ledger().rows(kinds=[Kind.INSPECTION], newest=newest)]


def _body(finding: Finding, model: Model, file: str) -> dict[str, Any]:
    return {
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
