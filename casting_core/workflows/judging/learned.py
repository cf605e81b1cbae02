"""Whether a version has learned anything: it must be better than a guess, and than methods that see no defects."""

from casting_core.domain import FEW
from casting_core.records.card import ModelCard

CHANCE = 0.6  # area under the ROC curve up to which a network hardly orders photos better than a guess does: 0.5


def nothing_learned(card: ModelCard) -> str:
    """Why its figures mean nothing, in a sentence; empty where it is better than the simple methods on its card.

    Empty also where there are fewer than ``FEW`` validation photos of a class: on so few anybody may be better.
    """
    own = card.validation.auc
    of_each = [sum(row) for row in card.validation.confusion]
    if own is None or min(of_each) < FEW:
        return ""
    if own <= CHANCE:
        return (
            f"{card.name} has learned nothing: it tells defective from ok validation photos hardly better than a guess "
            f"(area under the ROC curve {own:.2f}; a guess has 0.50, and no mistake is 1.00)."
        )
    # A head on the public network and the frozen public network do nearly the same, so one does not beat the other.
    rivals = {name: area for name, area in card.baselines.items() if (card.network, name) != ("backbone", FROZEN)}
    best = max(rivals, key=lambda method: rivals[method], default="")
    if best and rivals[best] >= own:
        method, follows = METHODS.get(best, (best, ""))
        return (
            f"{card.name} is no better than the simplest method: {method} orders the validation photos as well (area "
            f"under the ROC curve {rivals[best]:.3f}; its own is {own:.3f}). {follows}"
        ).rstrip()
    return ""


FROZEN = "frozen public network"
METHODS = {  # what each is called in a sentence, and what follows where nothing is better
    "grey histogram": (
        "counting how many pixels have which grey level",
        "Something beside the defects, such as the light, may tell the label.",
    ),
    FROZEN: (
        "a public network that was not trained on them",
        "Training on your photos has added nothing: take Quick, which is such a network.",
    ),
}


def tried(card: ModelCard) -> str:
    """Which networks were compared when it was made, in a sentence; empty where none were."""
    if not card.tried:
        return ""
    told = " and ".join(f"{network} {area:.3f}" for network, area in card.tried.items())
    return (
        f"Of two networks the better one was kept, {card.network}: area under the ROC curve {told}, on castings held "
        "out of those learned from."
    )
