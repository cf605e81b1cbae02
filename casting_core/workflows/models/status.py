"""How far a version has come in the eyes of people: a draft, reviewed, released. Rows of the ledger say so."""

from dataclasses import dataclass
from enum import StrEnum

from casting_core.errors import ModelError
from casting_core.records.card import ModelCard
from casting_core.records.chain import Entry, Kind
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write, require
from casting_core.workflows.stores import ledger, registry


class Status(StrEnum):
    """Of a version. It does not say which one judges."""

    DRAFT = "draft"  # as every version begins
    REVIEWED = "reviewed"  # a person has gone through what it gets wrong
    RELEASED = "released"  # a person answers for its use


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What was said of a version last."""

    status: Status
    who: str = ""  # empty where nobody has said anything
    at: float = 0.0  # seconds since 1970, UTC
    why: str = ""


def status_of(card: ModelCard) -> Stated:
    """What people said last of these very weights; a draft where nobody has."""
    return next(iter(history(card)), Stated(status=Status.DRAFT))


def statuses(cards: list[ModelCard]) -> dict[str, Stated]:
    """The same of several versions, by their names; the ledger is read once."""
    rows = ledger().rows(kinds=[Kind.STATUS])
    return {card.name: next(iter(_of(card, rows)), Stated(status=Status.DRAFT)) for card in cards}


def history(card: ModelCard) -> list[Stated]:
    """All that was said of these weights, the latest first."""
    return _of(card, ledger().rows(kinds=[Kind.STATUS], about=card.name))


def state(name: str, status: Status, *, actor: str, reason: str) -> None:
    """Says how far a version has come; ``ModelError`` where nobody says who or why, or it was not reviewed before."""
    actor = require(Write.STATUS, actor)
    if not actor.strip() or not reason.strip():
        raise ModelError("say who decides about the version, and why: an auditor will ask")
    card = registry().card(name)
    now = status_of(card).status
    if status is now:
        raise ModelError(f"model {name!r} is {now.value} already")
    if status is Status.RELEASED and now is not Status.REVIEWED:
        raise ModelError(f"model {name!r} is a {now.value}: it is reviewed before it is released")
    body = {"status": status.value, "before": now.value, "graph": card.files.get(GRAPH, "")}
    ledger().add(Kind.STATUS, about=name, body=body, actor=actor.strip(), reason=reason.strip())


def _of(card: ModelCard, rows: list[Entry]) -> list[Stated]:
    graph = card.files.get(GRAPH, "")
    return [
        Stated(status=Status(row.values["status"]), who=row.actor, at=row.at / 1000, why=row.reason)
        for row in rows
        if row.about == card.name and row.values.get("graph") == graph and str(row.values.get("status")) in set(Status)
    ]
