"""What a training is told: network, epochs, batch size and the rest. The defaults are the guide's."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

IMAGE_SIZE = 300  # pixels, both sides


class NetworkName(StrEnum):
    """The networks that can be trained; ``networks.NETWORKS`` builds them."""

    CLASSIC = "classic"
    EVIDENCE = "evidence"


@dataclass(frozen=True, kw_only=True)
class Description:
    """A network in words for the person who chooses it."""

    title: str
    text: str
    aligns: bool  # whether it sees more in aligned photos, so that it asks for them


DESCRIPTIONS = {
    NetworkName.CLASSIC: Description(
        title="Classic: the guide's network",
        text="Two convolutions and two dense layers. Quick, and very good at castings it has seen copies of.",
        aligns=False,
    ),
    NetworkName.EVIDENCE: Description(
        title="Evidence: looks for local defects",
        text="Scores small neighbourhoods and judges by the strongest few: its heat map is the reason for its verdict.",
        aligns=True,
    ),
}


class Validation(StrEnum):
    """How the photos that watch a training are chosen.

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


class Keep(StrEnum):
    """Which weights a run ends with: of the epoch with the lowest validation loss, as in the guide, or of the last.

    With a rate that falls to nothing the last epoch is the calmest, and no luck on the validation photos chooses it.
    ``MEAN``: the mean of the weights of the last epochs, which is calmer still.
    """

    BEST = "best"
    LAST = "last"
    MEAN = "mean"


class Recipe(BaseModel):
    """The settings of one run. Raises ``pydantic.ValidationError`` where one is out of its range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: NetworkName = NetworkName.CLASSIC
    epochs: int = Field(default=15, ge=1, le=1000)
    batch_size: int = Field(default=64, ge=1, le=1024)  # photos per step
    learning_rate: float = Field(default=0.001, gt=0, le=1)
    schedule: Schedule = Schedule.CONSTANT
    optimizer: Optimizer = Optimizer.ADAM
    early_stopping: int = Field(default=0, ge=0, le=1000)  # epochs without a lower validation loss; 0: to the end
    split: str = ""  # a split kept with the dataset, or that of its folders
    validation: Validation = Validation.CASTING
    validation_share: float = Field(default=0.3, gt=0, lt=1)  # of the photos to train on
    keep: Keep = Keep.BEST
    sampling: Sampling = Sampling.PHOTO
    align: Align = Align.AUTO
    augmentation: bool = False  # turned, mirrored, brighter or darker copies while training
    painted: int = Field(default=0, ge=0, le=1_000_000)  # views, before the first epoch; fewer of a round part
    calibrate: bool = False  # stretch and shift the logit until scores of castings held out mean what they say
    label_smoothing: float = Field(default=0, ge=0, le=0.5)  # share of its certainty that each label loses
    class_weights: bool = False  # the rarer class counts more, so that both count alike
    seed: int = Field(default=0, ge=0, lt=2**31)
    repeatable: bool = False  # the same seed gives the same weights, bit by bit, on the same machine
    folds: int = Field(default=0, ge=0, le=20)  # of castings, for a cross-validation afterwards; 0: none
    learning_curve: bool = False  # afterwards the same with fewer castings: is more data worth it?

    @field_validator("folds")
    @classmethod
    def _some_left_to_learn_from(cls, folds: int) -> int:
        if folds == 1:
            raise PydanticCustomError("folds", "at least 2, so that something is left to learn from, or 0 for none")
        return folds


def recommended(network: NetworkName) -> Recipe:
    """The recipe a network is best started with; for ``classic`` it is the guide's.

    But for its validation photos: drawn one by one, they are copies of the others.
    """
    if network is NetworkName.CLASSIC:
        return Recipe()
    return Recipe(
        network=network,
        epochs=8,  # what holds for all castings is known before: see learning/pretrained
        batch_size=24,
        learning_rate=0.002,  # with twice as much, some folds do not learn at all: see docs/recipes.md
        schedule=Schedule.LEVEL,
        optimizer=Optimizer.MUON,
        keep=Keep.MEAN,
        sampling=Sampling.CASTING,
        augmentation=True,
        label_smoothing=0.1,
        painted=3_000,
        calibrate=True,
    )
