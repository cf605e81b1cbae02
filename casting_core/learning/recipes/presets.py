"""Recipes to start with: as recommended for a network, for a first model in seconds, for sound castings only."""

from casting_core.learning.recipes.choices import (
    RECOMMENDED,
    Keep,
    NetworkName,
    Optimizer,
    Sampling,
    Schedule,
    Validation,
)
from casting_core.learning.recipes.recipe import Recipe


def recommended(network: NetworkName) -> Recipe:
    """The recipe a network is best started with; for ``classic`` it is the guide's.

    But for its validation photos: drawn one by one, they are copies of the others.
    """
    if network is NetworkName.CLASSIC:
        return Recipe()
    if network is NetworkName.BACKBONE:
        return Recipe(
            network=network,
            epochs=20,
            batch_size=64,
            learning_rate=0.003,
            schedule=Schedule.COSINE,
            keep=Keep.LAST,
            sampling=Sampling.CASTING,
            augmentation=True,
            calibrate=True,
        )
    return Recipe(
        network=network,
        epochs=8,  # what holds for all castings is known before: see learning/pretrained
        batch_size=24,
        learning_rate=0.002,  # with twice as much, some folds do not learn at all: see docs/lab-notes.md
        schedule=Schedule.LEVEL,
        optimizer=Optimizer.MUON,
        keep=Keep.MEAN,
        sampling=Sampling.CASTING,
        augmentation=True,
        label_smoothing=0.1,
        painted=3_000,
        compare=True,
        calibrate=True,
    )


def quick() -> Recipe:
    """The recipe for a first model in seconds; it does not wait until it is known which photos show one casting."""
    return recommended(NetworkName.BACKBONE).model_copy(
        update={
            "validation": Validation.RANDOM,
            "validation_share": 0.2,
            "sampling": Sampling.PHOTO,
            "augmentation": False,  # each other view of a photo takes as long as the photo itself
            "epochs": 20,
            "batch_size": 8,
            "learning_rate": 0.01,
        }
    )


def sound_parts() -> Recipe:
    """The recipe for datasets with sound castings only, or with hardly any defective ones."""
    return recommended(RECOMMENDED).model_copy(
        update={"sound_only": True, "epochs": 1, "keep": Keep.LAST, "compare": False, "calibrate": False}
    )
