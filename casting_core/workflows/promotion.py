"""Which version judges: putting another one in production, and the figures of both to decide by."""

from casting_core.errors import ModelError
from casting_core.records.registry import ModelCard
from casting_core.workflows.installation import registry
from casting_core.workflows.judge import load_model


def promote(name: str) -> None:
    """Puts a version in production; ``ModelError`` where it is not whole: what cannot judge must not have to."""
    load_model(name)
    registry().promote(name)


def in_production() -> ModelCard | None:
    """The card of the version that judges now; none where the one that should is gone or damaged."""
    try:
        return registry().card(registry().production())
    except ModelError:
        return None


def side_by_side(new: ModelCard, now: ModelCard | None) -> dict[str, tuple[str, str]]:
    """What a person decides by: for each row its figure now and its figure then; empty where there is none."""
    ours, theirs = _figures(new), _figures(now) if now else {}
    return {row: (theirs.get(row, ""), ours.get(row, "")) for row in [*theirs, *ours]}


def measured_apart(new: ModelCard, now: ModelCard | None) -> bool:
    """Whether the figures of the two come from different photos, so that they cannot be held against each other."""
    return now is not None and new.data["fingerprint"] != now.data["fingerprint"]


def _figures(card: ModelCard) -> dict[str, str]:
    """The figures of one version as text, test photos first."""
    told = {"network": card.network, "dataset": str(card.data["name"])}
    for split in sorted(card.metrics):
        figures = card.metrics[split]
        told |= {
            f"{split}: right": f"{100 * figures['accuracy']:.1f} % of {figures['photos']}",
            f"{split}: missed defects": str(figures["missed"]),
            f"{split}: false alarms": str(figures["false_alarms"]),
        }
    return told | {"threshold": f"{card.threshold:g}", "created": card.created.replace("T", " ")[:16]}
