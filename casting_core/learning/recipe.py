"""What a training is told: network, epochs, batch size and the rest. The defaults are the guide's."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

IMAGE_SIZE = 300  # pixels, both sides
PASSES = 25_000  # photos that the evidence network must see, copies counted, until it is as good as it gets (measured)


class NetworkName(StrEnum):
    """The networks that can be trained; ``networks.NETWORKS`` builds them."""

    CLASSIC = "classic"
    EVIDENCE = "evidence"


@dataclass(frozen=True, kw_only=True)
class Description:
    """A network in words for the person who chooses it."""

    title: str
    text: str


DESCRIPTIONS = {
    NetworkName.CLASSIC: Description(
        title="Classic: the guide's network",
        text="Two convolutions and two dense layers. Quick, and very good at castings it has seen copies of.",
    ),
    NetworkName.EVIDENCE: Description(
        title="Evidence: looks for local defects",
        text="Scores small neighbourhoods and judges by the strongest few: its heat map is the reason for its verdict.",
    ),
}


class Validation(StrEnum):
    """How the photos that watch a training are chosen.

    ``RANDOM``: photo by photo, as in the guide. ``CASTING``: whole castings, so that none is on both sides.
    """

    RANDOM = "random"
    CASTING = "casting"


class Schedule(StrEnum):
    """How the learning rate goes on. ``COSINE``: falls to nothing along half a cosine wave, so that the end is calm."""

    CONSTANT = "constant"
    COSINE = "cosine"


class Recipe(BaseModel):
    """The settings of one run. Raises ``pydantic.ValidationError`` where one is out of its range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: NetworkName = NetworkName.CLASSIC
    epochs: int = Field(default=15, ge=1, le=1000)
    batch_size: int = Field(default=64, ge=1, le=1024)  # photos per step
    learning_rate: float = Field(default=0.001, gt=0, le=1)
    schedule: Schedule = Schedule.CONSTANT
    split: str = ""  # a split kept with the dataset, or that of its folders
    validation: Validation = Validation.CASTING
    validation_share: float = Field(default=0.3, gt=0, lt=1)  # of the photos to train on
    augmentation: bool = False  # turned, mirrored, brighter or darker copies while training
    class_weights: bool = False  # the rarer class counts more, so that both count alike
    seed: int = Field(default=0, ge=0, lt=2**31)
    repeatable: bool = False  # the same seed gives the same weights, bit by bit, on the same machine


def recommended(network: NetworkName, *, photos: int) -> Recipe:
    """The recipe a network is best started with on so many photos to train on; for ``classic`` it is the guide's."""
    if network is NetworkName.CLASSIC:
        return Recipe()  # the guide's, but for its validation photos: drawn one by one, they are copies of the others
    return Recipe(
        network=network,
        epochs=min(60, max(8, round(PASSES / photos))),
        batch_size=16,
        learning_rate=0.004,
        schedule=Schedule.COSINE,
        augmentation=True,
    )
