"""Which version is in shadow: rows of the ledger say so, with who decided and why."""

from dataclasses import dataclass

from casting_core.errors import ModelError
from casting_core.records.chain import Kind
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write, require
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.stores import ledger, registry

BEGUN, ENDED = "begun", "ended"  # what a row says was done
PROMOTED = "it was put in production"


@dataclass(frozen=True, kw_only=True)
class InShadow:
    """The version in shadow."""

    version: str
    graph: str  # sha256
    row: int  # of the ledger, with which it began
    at: float  # seconds since 1970, UTC
    who: str
    why: str


def in_shadow() -> InShadow | None:
    """The version in shadow now; none where there is none, or it is gone, or is the one in production by now."""
    found = last_begun()
    if found is None or _ended(found):
        return None
    store = registry()
    try:
        card = store.card(found.version)
        return None if card.files.get(GRAPH, "") != found.graph or store.production() == card.name else found
    except ModelError:
        return None


def last_begun(version: str | None = None) -> InShadow | None:
    """The version that was put in shadow last, whether it still is or not; or when this one last was."""
    for row in ledger().rows(kinds=[Kind.SHADOW], about=version):
        if row.values.get("done") == BEGUN:
            return InShadow(
                version=row.about,
                graph=str(row.values.get("graph", "")),
                row=row.number,
                at=row.at / 1000,
                who=row.actor,
                why=row.reason,
            )
    return None


def begin(name: str, *, actor: str, reason: str) -> None:
    """Puts a version in shadow; it judges each photo after the version in production has answered.

    Raises ``ModelError`` where nobody says who or why, another one is in shadow, it is in production or cannot judge.
    """
    actor = require(Write.SHADOW, actor)
    _signed(actor, reason)
    store = registry()
    card, now = store.card(name), in_shadow()
    if now is not None:
        raise ModelError(f"model {now.version!r} is in shadow already; end that first: one judges beside at a time")
    if store.production() == name:
        raise ModelError(f"model {name!r} is in production: only another one can judge beside it")
    load_model(name)
    body = {"done": BEGUN, "graph": card.files.get(GRAPH, ""), "beside": store.production()}
    ledger().add(Kind.SHADOW, about=name, body=body, actor=actor.strip(), reason=reason.strip())


def end(name: str, *, actor: str, reason: str) -> None:
    """Ends the shadow of a version; what it said stays on record. ``ModelError`` where it is in none."""
    actor = require(Write.SHADOW, actor)
    _signed(actor, reason)
    found = last_begun()
    if found is None or found.version != name or _ended(found):
        raise ModelError(f"model {name!r} is not in shadow")
    ledger().add(Kind.SHADOW, about=name, body={"done": ENDED}, actor=actor.strip(), reason=reason.strip())


def end_promoted(name: str, *, actor: str) -> None:
    """Ends the shadow of a version that was put in production, where it was in shadow."""
    found = last_begun()
    if found is not None and found.version == name and not _ended(found):
        ledger().add(Kind.SHADOW, about=name, body={"done": ENDED}, actor=actor.strip(), reason=PROMOTED)


def challenger() -> Model | None:
    """The version in shadow, ready to judge with; none where none is."""
    found = in_shadow()
    return None if found is None else load_model(found.version)


def _signed(actor: str, reason: str) -> None:
    if not actor.strip() or not reason.strip():
        raise ModelError("say who decides about the shadow, and why: an auditor will ask")


def _ended(found: InShadow) -> bool:
    newest = ledger().rows(kinds=[Kind.SHADOW], newest=1)
    return bool(newest) and newest[0].number != found.row
