"""What to change in a recipe against what its curves say: a sentence, and the settings that change."""

from typing import Any

from casting_core.learning.recipes.choices import NetworkName, Schedule
from casting_core.learning.recipes.events import EpochDone
from casting_core.learning.recipes.recipe import Recipe

Remedy = tuple[str, dict[str, Any]]


def against_light(recipe: Recipe) -> Remedy:
    """For a network that learned the light."""
    better = " Better still, take the photos of both classes in the same light."
    if recipe.network is NetworkName.CLASSIC:
        return f"Train the network that sees local contrast only.{better}", _to_evidence()
    return f"Train with copies that are brighter and darker.{better}", {"augmentation": True}


def against_leaping(recipe: Recipe) -> Remedy:
    """For steps that are too big: a tenth of the learning rate, and what usually does where it was far too high."""
    slower = 0.001 if recipe.learning_rate >= 0.05 else float(f"{recipe.learning_rate / 10:.1g}")
    return (
        f"Take smaller steps: learning rate {slower:g} instead of {recipe.learning_rate:g}.",
        {"learning_rate": slower},
    )


def against_memorising(recipe: Recipe, *, epochs: int) -> Remedy:
    """For a network that learns its castings by heart; ``epochs`` is how many there were."""
    if not recipe.augmentation:
        return "Show it turned, mirrored and differently lit copies.", {"augmentation": True}
    if recipe.network is NetworkName.CLASSIC:
        return "Train the network that has too few weights to memorise castings.", _to_evidence()
    wait = patience(epochs)
    return f"End after {wait} epochs that bring nothing, and add castings.", {"early_stopping": wait}


def against_guessing(recipe: Recipe) -> Remedy:
    """For a network that tells nothing."""
    if recipe.network is NetworkName.BACKBONE:
        return "Look at the labels: the audit on the Dataset page finds photos that may be labelled wrongly.", {}
    return "Train a head on a public network, which learns from few photos.", {"network": NetworkName.BACKBONE}


def against_standing_still(recipe: Recipe, best: EpochDone, *, epochs: int) -> Remedy:
    """For curves that fall no more; ``best`` is the epoch with the lowest validation loss."""
    if best.validation_accuracy >= 0.98:
        wait = patience(epochs)
        return f"Nothing is left to gain: end after {wait} epochs that bring nothing.", {"early_stopping": wait}
    if recipe.schedule is Schedule.CONSTANT and best.accuracy >= 0.9:
        return "Let the learning rate fall, so that the end is calm.", {"schedule": Schedule.COSINE}
    if recipe.network is NetworkName.CLASSIC:
        return "Train the network that looks for local defects.", _to_evidence()
    if best.accuracy < 0.9:
        bigger = min(1.0, float(f"{3 * recipe.learning_rate:.1g}"))
        return f"Take bigger steps: learning rate {bigger:g}.", {"learning_rate": bigger}
    return against_memorising(recipe, epochs=epochs)


def patience(epochs: int) -> int:
    """After how many epochs that bring nothing a training of so many had better end."""
    return max(3, epochs // 5)


def _to_evidence() -> dict[str, Any]:
    return {"network": NetworkName.EVIDENCE}
