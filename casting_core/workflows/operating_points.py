"""The operating points of versions: the one a version was registered with, and those that people set since.

The latest that was set is in force. Each is a row of the ledger, so the earlier ones stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casting_core.domain import OperatingPoint
from casting_core.records.card import ModelCard
from casting_core.records.chain import Entry, Kind
from casting_core.records.version_files import GRAPH
from casting_core.workflows.stores import ledger

REGISTERED = "as registered"
BY_HAND = "by hand"
NOBODY = "say who decides about the operating point: an auditor will ask"


@dataclass(frozen=True, kw_only=True)
class PointSet:
    """An operating point that a person set for a version."""

    number: int  # of its row in the ledger
    at: float  # seconds since 1970, UTC
    who: str
    why: str
    method: str  # how it was chosen, in a word or two
    point: OperatingPoint
    check: str  # what became of the test castings, in a sentence; empty where there were none


def registered(card: ModelCard) -> OperatingPoint:
    """The operating point that a version was registered with."""
    return OperatingPoint(threshold=card.threshold, chosen=card.threshold_chosen)


def in_force(card: ModelCard) -> OperatingPoint:
    """The operating point that a version judges at: the one set last, else the one it was registered with."""
    latest = history(card, newest=1)
    return latest[0].point if latest else registered(card)


def history(card: ModelCard, *, newest: int | None = None) -> list[PointSet]:
    """The operating points that were set for these very weights, the latest first; ``newest``: so many at most."""
    rows = ledger().rows(kinds=[Kind.OPERATING_POINT], about=card.name)
    known = [_read(row) for row in rows if row.values.get("graph", "") == card.files.get(GRAPH, "")]
    return [one for one in known if one is not None][:newest]


def write_down(
    card: ModelCard,
    point: OperatingPoint,
    *,
    method: str,
    check: str,
    details: Mapping[str, Any],
    actor: str,
    reason: str,
) -> Entry:
    """Puts an operating point in force; ``details`` is what else the row tells, plain values only."""
    body = {
        **details,
        "threshold": point.threshold,
        "upper": point.upper,
        "chosen": point.chosen,
        "method": method,
        "check": check,
        "graph": card.files.get(GRAPH, ""),
    }
    return ledger().add(Kind.OPERATING_POINT, about=card.name, body=body, actor=actor, reason=reason)


def _read(row: Entry) -> PointSet | None:
    """What a row says; none where somebody has altered it beyond reading: ``ledger verify`` names it."""
    said = row.values
    try:
        point = OperatingPoint(threshold=said["threshold"], upper=said["upper"], chosen=str(said["chosen"]))
    except (KeyError, TypeError, ValueError):
        return None
    return PointSet(
        number=row.number,
        at=row.at / 1000,
        who=row.actor,
        why=row.reason,
        method=str(said.get("method", "")),
        point=point,
        check=str(said.get("check", "")),
    )
