"""What a setting of a recipe may be chosen from, and how people say it."""

from dataclasses import dataclass
from enum import StrEnum


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
