"""What a training is told: network, epochs, batch size and the rest. The defaults are the guide's.

Each setting is said once, on its field of ``Recipe``; ``setting`` tells what is made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from casting_core.learning.recipes.setting import About, Audience, settings_of

IMAGE_SIZE = 300  # pixels, both sides of a photo as networks see it, unless a recipe says otherwise


class NetworkName(StrEnum):
    """The networks that can be trained; ``networks.NETWORKS`` builds them."""

    CLASSIC = "classic"
    EVIDENCE = "evidence"
    BACKBONE = "backbone"


RECOMMENDED = NetworkName.EVIDENCE  # what Train, Tune and the commands begin with


@dataclass(frozen=True, kw_only=True)
class Description:
    """A network in words for the person who chooses it."""

    title: str
    text: str  # two lines of a narrow form at most
    aligns: bool = False  # whether it sees more in aligned photos, so that it asks for them
    fills: bool = False  # whether it is shown photos that are not square stretched, and not with a border


DESCRIPTIONS = {
    NetworkName.CLASSIC: Description(
        title="Classic: the guide's network",
        text="Quick, and very good at castings of which it has seen copies.",
    ),
    NetworkName.EVIDENCE: Description(
        title="Evidence: looks for local defects",
        text="Judges by the strongest local evidence: its heat map is the reason.",
        aligns=True,
    ),
    NetworkName.BACKBONE: Description(
        title="Backbone: pretrained on public photos",
        text="Learns your part in seconds, from few photos, on a network that knows pictures.",
        fills=True,
    ),
}


class Validation(StrEnum):
    """How the photos used for validation are chosen.

    ``RANDOM``: photo by photo, as in the guide. ``CASTING``: whole castings, so that none is on both sides.
    """

    RANDOM = "random"
    CASTING = "casting"


class Schedule(StrEnum):
    """How the learning rate goes on.

    ``COSINE``: falls to nothing along half a cosine wave, so that the end is calm. ``LEVEL``: falls alike, but half-way
    it stays on two fifths of its height, for weights that are averaged over epochs.
    """

    CONSTANT = "constant"
    COSINE = "cosine"
    LEVEL = "level"


class Optimizer(StrEnum):
    """How weights are corrected; ``optimizers`` makes them. The guide's is Adam."""

    ADAM = "adam"
    MUON = "muon"


class Sampling(StrEnum):
    """Which photos an epoch shows. ``PHOTO``: each once, as in the guide.

    ``CASTING``: so many of each class, casting after casting, so that 300 copies count as one casting. All epochs are
    then equally long, however many photos there are.
    """

    PHOTO = "photo"
    CASTING = "casting"


class Align(StrEnum):
    """How photos are aligned before the network sees them. ``AUTO``: as the photos ask for, where the network gains."""

    AUTO = "auto"
    ROUND = "round"
    REGISTERED = "registered"
    FREE = "free"
    FILLED = "filled"


class Detail(StrEnum):
    """At how many pixels a photo is seen, both sides. Finer than usual, small spots and lines are looked for, too."""

    USUAL = "300"
    TWICE = "600"
    THRICE = "900"
    FOUR_TIMES = "1200"


class Keep(StrEnum):
    """Which weights a run ends with: of the epoch with the lowest validation loss, as in the guide, or of the last.

    With a rate that falls to nothing the last epoch is the calmest, and no luck on the validation photos chooses it.
    ``MEAN``: the mean of the weights of the last epochs, which is calmer still.
    """

    BEST = "best"
    LAST = "last"
    MEAN = "mean"


BASIC = Audience.BASIC

# Values as people say them.
VALIDATIONS: dict[str, str] = {Validation.RANDOM: "photo by photo", Validation.CASTING: "by casting"}
SCHEDULES: dict[str, str] = {
    Schedule.CONSTANT: "constant",
    Schedule.COSINE: "falling to nothing",
    Schedule.LEVEL: "falling to a level",
}
OPTIMIZERS: dict[str, str] = {Optimizer.ADAM: "Adam", Optimizer.MUON: "Muon"}
SAMPLINGS: dict[str, str] = {Sampling.PHOTO: "each photo once", Sampling.CASTING: "casting after casting"}
ALIGNMENTS: dict[str, str] = {
    Align.AUTO: "as the photos ask for",
    Align.ROUND: "unwound: the part is round",
    Align.REGISTERED: "turned as a reference lies",
    Align.FREE: "none: photos as they are",
    Align.FILLED: "none: photos stretched to a square",
}
DETAILS: dict[str, str] = {
    Detail.USUAL: "300 pixels",
    Detail.TWICE: "600 pixels",
    Detail.THRICE: "900 pixels",
    Detail.FOUR_TIMES: "1,200 pixels",
}
KEPT: dict[str, str] = {
    Keep.BEST: "of the best epoch",
    Keep.LAST: "of the last epoch",
    Keep.MEAN: "mean of the last epochs",
}


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
