"""The nouns of casting inspection. Which class is the positive one is decided here and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    WrapSerializer,
    model_serializer,
)

V = TypeVar("V")

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


def _as_dict(values: Mapping[str, Any], handed_on: SerializerFunctionWrapHandler) -> Any:
    return handed_on(dict(values))


# Named values that nobody can change.
Table = Annotated[Mapping[str, V], AfterValidator(MappingProxyType), WrapSerializer(_as_dict)]
Count = Annotated[int, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1 + 1e-9)]  # an area under a curve may be rounded up


class Checked(BaseModel):
    """A frozen value, checked at birth: no text for a number, no NaN, no field nobody knows.

    Raises ``pydantic.ValidationError``. Written down, it says only what was said of it, so that
    what an older program did not know stays unsaid.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, ser_json_inf_nan="constants"
    )

    @model_serializer(mode="wrap")
    def _as_written(self, handed_on: SerializerFunctionWrapHandler) -> dict[str, Any]:
        whole: dict[str, Any] = handed_on(self)
        return {name: whole[name] for name in whole if name in self.model_fields_set}


class Part(Checked):
    """The figures of some photos, and what stands behind them."""

    photos: Count
    castings: Count
    accuracy: Fraction | None  # of the photos; none where there are none
    missed: Count  # photos of defective castings that the model passes
    missed_castings: Count  # castings of which at least one such photo is missed
    false_alarms: Count  # photos of sound castings that the model rejects


class Figures(Checked):
    """What a model is worth on the photos of a split, and how much that proves.

    ``whole`` is missing where nobody knows the castings, ``seen`` and ``never_seen`` where it is
    not known what the model learned from, and what is by fold but for a cross-validation.
    """

    photos: int = Field(gt=0)
    accuracy: Fraction  # of the photos
    missed: Count  # defective photos scored below the threshold
    false_alarms: Count  # ok photos scored at or above it
    auc: Fraction | None  # area under the ROC curve; none where only one class is present
    confusion: tuple[tuple[Count, Count], tuple[Count, Count]]  # rows: the truth
    report: Table[float | Mapping[str, float]]  # scikit-learn's classification report
    whole: Part | None = None
    seen: Part | None = None  # castings the model has learned from
    never_seen: Part | None = None
    right_by_fold: tuple[Fraction, ...] | None = None  # shares of the photos
    seconds: tuple[float, ...] | None = None  # of training, by fold


class PhotoCount(Checked):
    """How many photos of one label a split has."""

    split: str
    label: int = Field(ge=0, le=1)
    photos: Count


class DataUsed(Checked):
    """The dataset that a model learned from, as it was then."""

    name: str = Field(min_length=1)
    folder: str | None = None
    revision: int | None = None  # of the dataset, from 1
    fingerprint: str = Field(min_length=1)  # of its photos and labels
    split: str = ""  # one kept with the dataset, or that of its folders
    photos: tuple[PhotoCount, ...]
    trained_on: Count  # photos
    validated_on: Count  # photos

    @property
    def own_validation(self) -> bool:
        """Whether it was validated on all photos of a validation folder, and learned from all of train."""
        numbers = {split: sum(one.photos for one in self.photos if one.split == split) for split in Split}
        used = (self.trained_on, self.validated_on)
        return not self.split and self.validated_on > 0 and used == (numbers[Split.TRAIN], numbers[Split.VALIDATION])
