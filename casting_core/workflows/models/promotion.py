"""Which version judges: putting another one in production, and the figures of both to decide by."""

from casting_core.errors import ModelError
from casting_core.records.card import TEST, VALIDATION, ModelCard
from casting_core.workflows.models.checks import check
from casting_core.workflows.stores import registry


def promote(name: str) -> None:
    """Puts a version in production, after it has judged known photos: what cannot judge must not have to.

    Raises ``ModelError`` with what keeps it from judging; the one in production then stays.
    """
    store = registry()
    card, folder = store.card(name), store.path(name)
    try:
        tried = check(folder)
    except ModelError as error:
        raise ModelError(f"model {name!r} is not put in production: {error}") from error
    if tried != card:
        raise ModelError(f"model {name!r} is not put in production: its card was changed meanwhile")
    store.promote(name)


def in_production() -> ModelCard | None:
    """The card of the version that judges now; none where the one that should is gone or damaged."""
    try:
        return registry().card(registry().production())
    except ModelError:
        return None


def side_by_side(new: ModelCard, now: ModelCard | None) -> dict[str, tuple[str, str]]:
    """What a person decides by: for each row its figure now and its figure then; empty where there is none.

    The figures are those of test photos where both have any, for nothing was chosen on them, else of validation photos.
    """
    cards = [card for card in (now, new) if card]
    split = TEST if all(card.test for card in cards) else VALIDATION
    ours, theirs = _figures(new, split), _figures(now, split) if now else {}
    return {row: (theirs.get(row, ""), figure) for row, figure in ours.items()}


def measured_apart(new: ModelCard, now: ModelCard | None) -> bool:
    """Whether the figures of the two come from different photos, so that they cannot be held against each other."""
    return now is not None and new.data.fingerprint != now.data.fingerprint


def _figures(card: ModelCard, split: str) -> dict[str, str]:
    figures = card.metrics[split]
    return {
        f"{split} photos": f"{figures.photos:,}",
        "right": f"{100 * figures.accuracy:.1f} %",
        "missed": f"{figures.missed:,}",
        "false alarms": f"{figures.false_alarms:,}",
        "dataset": card.data.name,
        "network": card.network,
    }
