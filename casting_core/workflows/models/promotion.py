"""Which version judges: putting another one in production, and the figures of both to decide by."""

from typing import Any

from casting_core import roles
from casting_core.errors import ModelError
from casting_core.records.card import ModelCard
from casting_core.records.chain import Kind
from casting_core.records.version_files import GRAPH
from casting_core.roles import Write
from casting_core.wording import escapes, false_alarms, share
from casting_core.workflows.judging.scores import NOT_COUNTED, proving, scores
from casting_core.workflows.judging.shadow import version as shadow
from casting_core.workflows.models.checks import check
from casting_core.workflows.models.release_gate import Checked, Gate
from casting_core.workflows.people import signatures
from casting_core.workflows.stores import ledger, registry

NOBODY = "say who decides: an auditor will ask"
NO_FORMER = "no version was in production before, or it is gone; 'models list' shows which there are"
TWO_NAMES = "Whoever puts it in production all the same needs a second person who signs for it."


def promote(name: str, *, actor: str = "", reason: str = "", checked: Checked | None = None, second: str = "") -> None:
    """Puts a version in production, after it has judged known photos: what cannot judge must not have to.

    It is written down who did it, and why, and what the gate said where it was asked (``checked``). Past a gate that is
    blocked it takes the name of a ``second`` person; where people sign in, one who has signed for it (``signatures``),
    whatever name is given. Raises ``ModelError`` with what keeps it from judging; the one in
    production then stays.
    """
    actor = roles.require(Write.PROMOTE, actor)
    if roles.acting().signed_in:
        second = signatures.second(name, first=actor)
    if checked is not None and checked.gate is Gate.BLOCKED and not _is_another(second, actor):
        raise ModelError(f"model {name!r} is blocked. {' '.join(checked.reasons)} {TWO_NAMES}")
    store = registry()
    card, folder = store.card(name), store.path(name)
    try:
        tried = check(folder)
    except ModelError as error:
        raise ModelError(f"model {name!r} is not put in production: {error}") from error
    if tried != card:
        raise ModelError(f"model {name!r} is not put in production: its card was changed meanwhile")
    now = in_production()
    body: dict[str, Any] = {
        "before": now.name if now else "",
        "graph": card.files.get(GRAPH, ""),
        "second": second.strip(),
    }
    if checked is not None:
        body |= {"gate": checked.gate.value, "reasons": list(checked.reasons)}
    with ledger().adding(Kind.PROMOTION, about=name, body=body, actor=actor.strip(), reason=reason.strip()):
        store.promote(name)
    shadow.end_promoted(name, actor=actor)


def roll_back(*, actor: str, reason: str = "") -> str:
    """Puts back in production the version that was there before, and gives its name; nothing else is asked.

    It has judged here before, so no gate is in the way. Raises ``ModelError`` where nobody says who decides, there is
    no such version, or it cannot judge any more.
    """
    actor = roles.require(Write.PROMOTE, actor)
    if not actor.strip():
        raise ModelError(NOBODY)
    former, now = registry().former(), in_production()
    if former is None:
        raise ModelError(NO_FORMER)
    promote(
        former,
        actor=actor,
        reason=reason.strip() or f"rolled back from {now.name if now else 'a version that is gone'}",
    )
    return former


def _is_another(second: str, first: str) -> bool:
    return bool(second.strip()) and second.strip().casefold() != first.strip().casefold()


def in_production() -> ModelCard | None:
    """The card of the version that judges now; none where the one that should is gone or damaged."""
    try:
        return registry().card(registry().production())
    except ModelError:
        return None


def side_by_side(new: ModelCard, now: ModelCard | None) -> dict[str, tuple[str, str]]:
    """What the cards say: for each row its figure now and its figure then; empty where there is none.

    The figures are those of castings that were new to the version where it has any. They come from different castings,
    so they are not to be held against each other; ``comparison`` does that.
    """
    ours, theirs = _figures(new), _figures(now) if now else {}
    return {row: (theirs.get(row, ""), figure) for row, figure in ours.items()}


def _figures(card: ModelCard) -> dict[str, str]:
    score = proving(card) or scores(card)[0]
    of_castings = {"castings": NOT_COUNTED}
    if score.outcomes is not None:
        of_castings = {"castings": escapes(score.outcomes), " ": false_alarms(score.outcomes)}
    return {
        **of_castings,
        "which castings": score.name if score.proves else f"{score.name}: {score.meaning}, prove nothing",
        "photos right": f"{share(score.right)} of {score.photos:,}",
        "photos missed": f"{score.missed:,}",
        "photos rejected falsely": f"{score.false_alarms:,}",
        "dataset": card.data.name,
        "network": card.network,
    }
