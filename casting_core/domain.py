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
    """What a casting is. Defective is the positive class: a high score speaks for ``DEFECTIVE``."""

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
    """The threshold or the two thresholds that a verdict is given at, and how they were chosen.

    Raises ``ValueError`` where one is not between 0 and 1, or the upper one lies below the lower.
    """

    threshold: float  # a score below it passes
    upper: float | None = None  # between both a person looks; none: whatever does not pass is a reject
    chosen: str = "the middle of the scale, not fitted to any photo"

    def __post_init__(self) -> None:
        for one in (self.threshold, self.rejects_from):
            if not 0.0 <= one <= 1.0:
                raise ValueError(f"a threshold lies between 0 and 1, not at {one}")
        if self.rejects_from < self.threshold:
            raise ValueError(f"what is rejected from {self.upper} on cannot pass below {self.threshold}")

    @property
    def rejects_from(self) -> float:
        """A score at or above it is a reject."""
        return self.threshold if self.upper is None else self.upper

    @property
    def limits(self) -> str:
        """The thresholds as people read them: ``0.5``, or ``0.2 to 0.8`` between which a person looks."""
        same = self.rejects_from == self.threshold
        return f"{self.threshold:g}" if same else f"{self.threshold:g} to {self.rejects_from:g}"

    def verdict(self, score: float) -> Verdict:
        """``PASS`` below the threshold, ``REJECT`` at or above it; with two of them ``INSPECT`` in between."""
        if score < self.threshold:
            return Verdict.PASS
        return Verdict.REJECT if score >= self.rejects_from else Verdict.INSPECT


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


FEW = 10  # castings of a class; fewer of them prove next to nothing, and it is said
WRONG_CASTING = (  # the one definition, shown beside every number that counts castings
    "A casting counts as judged wrongly if at least one of its photos is; one whose photos are labelled both ways "
    "counts in neither class."
)


class ClassOutcome(Checked):
    """What became of the castings of one class, by the rule of ``WRONG_CASTING``."""

    n: Count  # castings
    wrong: Count  # of them: escapes of defective castings, false alarms of ok ones
    upper: Fraction  # the share of such castings that goes wrong is at most this; exact, one-sided, 95 %

    @property
    def few(self) -> bool:
        """Whether there are so few that they prove next to nothing."""
        return self.n < FEW


class KindOutcome(ClassOutcome):
    """What became of the defective castings of one kind of defect; a casting may have several kinds."""

    found: Count  # photos of them that were rejected
    named: Count | None = (
        None  # of those, photos of which the right kind was suggested; none where the model knows none
    )


class CastingOutcomes(Checked):
    """What became of castings, class by class."""

    defective: ClassOutcome
    ok: ClassOutcome
    both_ways: Count = 0  # castings with photos of both labels, which count in neither class


class Part(Checked):
    """The figures of some photos, and what stands behind them.

    ``outcomes`` is missing where an older program counted, which told photos only.
    """

    photos: Count
    castings: Count
    accuracy: Fraction | None  # of the photos; none where there are none
    missed: Count  # photos of defective castings that the model passes
    missed_castings: Count  # castings of which at least one such photo is missed, labelled both ways or not
    false_alarms: Count  # photos of sound castings that the model rejects
    outcomes: CastingOutcomes | None = None
    kinds: Table[KindOutcome] = Field(default_factory=dict)  # of defective castings, where their kinds are known


class Figures(Checked):
    """What a model is worth on the photos of a split, and how much that proves.

    ``whole`` is missing where nobody knows the castings, ``seen`` and ``chose`` where it is not known
    what the model learned from, ``never_seen`` also where some of that cannot be looked at, so that
    nobody can say which castings are new; and what is by fold but for a cross-validation.
    Only ``never_seen`` proves anything.
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
    chose: Part | None = None  # others, which chose its epoch or its calibration
    never_seen: Part | None = None  # castings that it has not learned from, and that chose nothing
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
    missed_photos: Count = 0  # of those, photos of castings that the parent version missed, ...
    missed_times: int = Field(default=1, ge=1)  # ... and how often each was learned from where others were once
    learned_validation: bool = False  # whether these taught it, too, once they had told what it is worth

    @property
    def learned_often(self) -> str:
        """To be said behind the number of photos learned from where some of them taught it more than others."""
        if not self.missed_photos:
            return ""
        return f" ({self.missed_photos:,} of missed castings, {self.missed_times} times as often)"

    @property
    def learned_then(self) -> str:
        """To be said behind the number of validation photos where they taught it, too; else nothing."""
        return ", and then learned from these, too" if self.learned_validation else ""

    @property
    def own_validation(self) -> bool:
        """Whether it was validated on all photos of a validation folder, and learned from all of train."""
        numbers = {split: sum(one.photos for one in self.photos if one.split == split) for split in Split}
        used = (self.trained_on, self.validated_on)
        return not self.split and self.validated_on > 0 and used == (numbers[Split.TRAIN], numbers[Split.VALIDATION])
