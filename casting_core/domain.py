"""The nouns of casting inspection. Which class is the positive one is decided here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

Progress = Callable[[int, int], None]  # hears of long work: steps done, and steps in all


class Label(IntEnum):
    """What a casting is. Defective is the positive class: a score is the probability of ``DEFECTIVE``."""

    OK = 0
    DEFECTIVE = 1

    @property
    def word(self) -> str:
        """The label as a person reads it: ``ok`` or ``defective``."""
        return self.name.lower()


class Split(StrEnum):
    """Which part of a dataset a photo belongs to; ``UNSPLIT`` where the folders do not say."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    UNSPLIT = "unsplit"


class Verdict(StrEnum):
    """What the system says of a photo. ``INSPECT``: a person must look."""

    PASS = "pass"
    REJECT = "reject"
    INSPECT = "inspect"


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """The threshold a verdict is given at, and how it was chosen.

    Raises ``ValueError`` where the threshold is not between 0 and 1.
    """

    threshold: float  # a score at or above it is a reject
    chosen: str = "the middle of the scale, not fitted to any photo"

    def __post_init__(self) -> None:
        if not 0.0 <= self.threshold <= 1.0:
            raise ValueError(f"a threshold lies between 0 and 1, not at {self.threshold}")

    def verdict(self, score: float) -> Verdict:
        """``REJECT`` at or above the threshold, ``PASS`` below it."""
        return Verdict.REJECT if score >= self.threshold else Verdict.PASS
