"""What a training is told: network, epochs, batch size and the rest. The defaults are the guide's.

Each setting is said once, on its field of ``Recipe``; ``setting`` tells what is made of it.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from casting_core.learning.recipes.choices import (
    ALIGNMENTS,
    DETAILS,
    KEPT,
    OPTIMIZERS,
    SAMPLINGS,
    SCHEDULES,
    VALIDATIONS,
    Align,
    Detail,
    Keep,
    NetworkName,
    Optimizer,
    Sampling,
    Schedule,
    Validation,
)
from casting_core.learning.recipes.setting import About, Audience, settings_of

IMAGE_SIZE = 300  # pixels, both sides of a photo as networks see it, unless a recipe says otherwise


BASIC = Audience.BASIC


class Recipe(BaseModel):
    """The settings of one run. Raises ``pydantic.ValidationError`` where one is out of its range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: Annotated[NetworkName, About("Network", "What kind of network is trained.", BASIC, search=True)] = (
        NetworkName.CLASSIC
    )
    epochs: Annotated[
        int, Field(ge=1, le=1000), About("Epochs", "How often the network sees every photo.", BASIC, search=(4, 30))
    ] = 15
    batch_size: Annotated[
        int,
        Field(ge=1, le=1024),
        About("Batch size", "Photos seen before each correction.", BASIC, search=(8, 128), by_factors=True),
    ] = 64
    learning_rate: Annotated[
        float,
        Field(gt=0, le=1),
        About(
            "Learning rate",
            "How strong each correction is.",
            BASIC,
            search=(0.0003, 0.01),
            by_factors=True,
            step=0.0005,
        ),
    ] = 0.001
    schedule: Annotated[
        Schedule,
        About(
            "Learning rate goes on",
            "Constant, or falling along a cosine: to nothing, or half-way to a level, for weights that are averaged.",
            words=SCHEDULES,
            search=True,
        ),
    ] = Schedule.CONSTANT
    optimizer: Annotated[
        Optimizer, About("Optimizer", "How weights are corrected. The guide's is Adam.", words=OPTIMIZERS, search=True)
    ] = Optimizer.ADAM
    early_stopping: Annotated[
        int,
        Field(ge=0, le=1000),
        About(
            "End early after",
            "So many epochs in a row that bring no lower validation loss. 0: go on to the last epoch.",
        ),
    ] = 0
    split: Annotated[
        str, About("Split", "A split by casting, as 'split' keeps them; otherwise that of the folders.")
    ] = ""
    validation: Annotated[
        Validation,
        About(
            "Validation photos drawn",
            "By casting, all copies of a part stay together: a score on parts never seen. Finding them takes time.",
            words=VALIDATIONS,
        ),
    ] = Validation.CASTING
    validation_share: Annotated[
        float,
        Field(gt=0, lt=1),
        About(
            "Validation",
            "Share of the photos used for validation, where no validation folder holds them.",
            BASIC,
            percent=True,
            step=5,
        ),
    ] = 0.3
    keep: Annotated[
        Keep,
        About(
            "Weights kept",
            "The weights of the epoch with the lowest validation loss, as in the guide, or those of the end.",
            words=KEPT,
            search=True,
        ),
    ] = Keep.BEST
    sampling: Annotated[
        Sampling,
        About(
            "An epoch shows",
            "All photos, as in the guide, or as many of each class, where all copies of a casting count as one.",
            words=SAMPLINGS,
            search=True,
        ),
    ] = Sampling.PHOTO
    align: Annotated[
        Align,
        About(
            "Alignment",
            "Unwinds round parts and turns others as a reference lies, so that each place is seen alike.",
            words=ALIGNMENTS,
            search=True,
        ),
    ] = Align.AUTO
    detail: Annotated[
        Detail,
        About(
            "Photos seen at",
            "More for small spots and lines in large photos; by backbone only, with photos that are not aligned.",
            words=DETAILS,
        ),
    ] = Detail.USUAL
    augmentation: Annotated[
        bool,
        About(
            "Augmentation", "Turned, mirrored, slanted, brighter and darker copies, new each epoch.", BASIC, search=True
        ),
    ] = False
    painted: Annotated[
        int,
        Field(ge=0, le=1_000_000),
        About(
            "Views with painted defects",
            "So many are learned from before the first epoch, fewer of a round part; by evidence only. 0: none.",
            search=(0, 6000),
            step=500,
        ),
    ] = 0
    compare: Annotated[
        bool,
        About(
            "Compare with a public network",
            "Then a head on a public network is tried, too. What judges castings held out better is kept.",
        ),
    ] = False
    sound_only: Annotated[
        bool,
        About(
            "Sound castings only",
            "Learns from ok photos alone, on painted defects or by how unlike them a place is. Few have many defects.",
        ),
    ] = False
    false_alarm_share: Annotated[
        float,
        Field(gt=0, lt=0.5),
        About(
            "False alarms allowed",
            "Where it learns from sound castings only: the share of them that may be rejected. It sets the threshold.",
            percent=True,
            step=1,
        ),
    ] = 0.05
    calibrate: Annotated[
        bool,
        About("Calibrate scores", "Stretches and shifts scores until those of castings held out mean what they say."),
    ] = False
    label_smoothing: Annotated[
        float,
        Field(ge=0, le=0.5),
        About("Label smoothing", "Share of its certainty that each label loses.", search=(0, 0.2), step=0.05),
    ] = 0
    class_weights: Annotated[
        bool, About("Class weights", "The rarer class counts more: both count alike.", BASIC, search=True)
    ] = False
    seed: Annotated[int, Field(ge=0, lt=2**31), About("Seed", "The same seed draws the same validation photos.")] = 0
    repeatable: Annotated[
        bool,
        About(
            "Repeatable", "The same seed gives the same weights, bit by bit, on the same machine.", off="not-repeatable"
        ),
    ] = False
    folds: Annotated[
        int,
        Field(ge=0, le=20),
        About(
            "Cross-validation, folds",
            "Then so many more networks, each judging castings it has not seen: a score for every photo. 0: none.",
        ),
    ] = 0
    learning_curve: Annotated[
        bool,
        About(
            "Is more data worth it?",
            "Afterwards the same on a quarter, half and three quarters of the castings: three more networks.",
        ),
    ] = False

    @property
    def image_size(self) -> int:
        """Pixels of a photo as the network sees it, both sides: the usual number where it can see no finer."""
        given_as_taken = self.align in (Align.AUTO, Align.FREE, Align.FILLED)
        finer = self.network is NetworkName.BACKBONE and given_as_taken and not self.sound_only
        return int(self.detail) if finer else IMAGE_SIZE

    @field_validator("folds")
    @classmethod
    def _some_left_to_learn_from(cls, folds: int) -> int:
        if folds == 1:
            raise PydanticCustomError("folds", "at least 2, so that something is left to learn from, or 0 for none")
        return folds


SETTINGS = settings_of(Recipe)


def in_words(recipe: Mapping[str, object]) -> dict[str, str]:
    """The settings of a stored recipe as people say them, by title.

    Settings and values that this program does not know, for another version wrote them, are told as they are.
    """
    told = {}
    for name, value in recipe.items():
        setting = SETTINGS.get(name)
        if setting is None:
            told[name.replace("_", " ")] = str(value)
        else:
            told[setting.about.title] = setting.value_word(value)
    return told


def word_of(setting: str) -> str:
    """A setting as people say it in the middle of a sentence."""
    return SETTINGS[setting].word


def value_word(setting: str, value: object) -> str:
    """A value of a setting as people say it: ``on``, ``0.0013``, ``falling to nothing``."""
    return SETTINGS[setting].value_word(value)
