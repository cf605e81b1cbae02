"""Whether a version has learned anything: it must be better than a guess, and than methods that see no defects."""

import math

from casting_core.domain import FEW, Figures
from casting_core.records.card import ModelCard

CHANCE = 0.6  # area under the ROC curve up to which a network hardly orders photos better than a guess does: 0.5
ONE_IN_TWENTY = 1.645  # standard deviations that a guess exceeds so often


def nothing_learned(card: ModelCard) -> str:
    """Why its figures mean nothing, in a sentence; empty where it is better than the simple methods on its card.

    Empty also where there are fewer than ``FEW`` validation photos of a class: on so few anybody may be better.
    """
    own = card.validation.auc
    of_each = [sum(row) for row in card.validation.confusion]
    if own is None or min(of_each) < FEW:
        return ""
    lucky = luck(*_independent(card.validation))
    if own <= lucky:
        return (
            f"{card.name} has learned nothing: it tells defective from ok validation photos hardly better than a guess "
            f"(area under the ROC curve {own:.2f}; a guess has 0.50, by chance up to {lucky:.2f}; no mistake is 1.00)."
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


def luck(defective: int, ok: int) -> float:
    """The area under the ROC curve that a guess exceeds once in twenty times, with so many castings of each class.

    By the normal approximation of the rank sum (Mann and Whitney 1947); ``CHANCE`` at least.
    """
    spread = math.sqrt((defective + ok + 1) / (12 * defective * ok))
    return min(1.0, max(CHANCE, 0.5 + ONE_IN_TWENTY * spread))


def _independent(figures: Figures) -> tuple[int, int]:
    """How many independent trials of each class stand behind figures, defective first: castings, where known."""
    outcomes = figures.whole.outcomes if figures.whole is not None else None
    if outcomes is not None and outcomes.defective.n and outcomes.ok.n:
        return outcomes.defective.n, outcomes.ok.n
    (passed, alarms), (missed, found) = figures.confusion
    return missed + found, passed + alarms


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
