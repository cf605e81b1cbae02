"""The card of a model version, checked when it is read.

Cards of older programs are brought up when they are read, and stay on the disk as they are.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    SerializerFunctionWrapHandler,
    ValidationError,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from casting_core.domain import Checked, Count, DataUsed, Figures, Fraction, Table
from casting_core.errors import wanted

SCHEMA_VERSION: Final = 3
CROSS_VALIDATION = "cross-validation"  # what its figures are called among the metrics
CROSS_CALIBRATED = "validation, cross-calibrated"  # each casting's scores calibrated on other castings than itself
VALIDATION, TEST = "validation", "test"  # and those of validation and test photos
TEST_OF_FOLDERS = "test of the folders"  # the public score, beside that of another split
LONGEST = 40  # letters of a wrong value that are shown


def _is_plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    raise PydanticCustomError("setting", "it must be a number, text, true or false")


def _is_moment(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("moment", "it must be a moment such as 2026-01-31T12:00:00Z") from error
    return text


Setting = Annotated[str | int | float | bool | None, PlainValidator(_is_plain)]
Moment = Annotated[str, AfterValidator(_is_moment)]
AnyFloat = Annotated[float, Field(allow_inf_nan=True)]


class Epoch(Checked):
    """What a training said at the end of an epoch; an older program said less."""

    epoch: int = Field(ge=1, strict=False)  # older cards say 1.0
    loss: float
    accuracy: float  # share of the photos, with what Keras rounds
    validation_loss: AnyFloat  # no number where steps were so large that the network broke
    validation_accuracy: float
    seconds: float
    photos_per_second: float
    missed: float | None = None  # defective validation photos that the network passes
    false_alarms: float | None = None  # ok validation photos that it rejects
    f1_ok: float | None = None  # on the validation photos
    f1_defective: float | None = None
    learning_rate: float | None = None  # at the end of the epoch


class SharePoint(Checked):
    """How good a network is that learned from so many castings."""

    castings: int = Field(ge=1)  # learned from
    photos: int = Field(ge=1)  # learned from
    accuracy: Fraction  # of validation photos
    auc: Fraction  # area under the ROC curve, of validation photos


class LearningCurve(Checked):
    """How good networks of fewer castings are, and what the last doubling brought."""

    points: tuple[SharePoint, ...] = Field(min_length=1)  # the fewest castings first
    gain: float  # share of photos right by all castings, less that by half of them
    error: AnyFloat  # standard error of the gain; infinite with one validation casting


class AlignmentUsed(Checked):
    """How photos are aligned, in plain values; ``data.imaging.alignment`` says what they mean."""

    kind: Literal["round", "registered", "free"]
    reason: str
    size: int = Field(gt=0)  # pixels of a photo, both sides
    profile: tuple[float, ...] = ()
    radius: float = 0.0  # half sides of a photo
    reference: str = ""
    window: tuple[float, ...] = Field(default=(), max_length=5)
    sharp: bool = False
    least: float = 0.0
    fills: bool = False


class ModelCard(Checked):
    """Everything needed to read a version's verdicts and to make it again."""

    schema_version: Literal[3] = SCHEMA_VERSION
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    created: Moment  # ISO 8601, UTC
    program: str = ""  # the version of this program that made it; older ones did not say
    run: int | None = None  # of this installation; none where it was made elsewhere
    brought_from: str = ""  # its name where it was made; empty for one that was made here
    network: str = Field(min_length=1)
    parameters: Count  # trainable weights
    recipe: Table[Setting]  # ``workflows.recipes`` reads it
    data: DataUsed
    threshold: Fraction = 0.5
    threshold_chosen: str
    image_size: int = Field(gt=0, le=4096)  # pixels, both sides
    alignment: AlignmentUsed | None = None  # none: photos stay as they are
    evidence_first: float  # pixels from the photo's edge to the first cell's middle
    evidence_step: float = Field(gt=0)  # pixels from one cell's middle to the next
    curves: tuple[Epoch, ...] = Field(min_length=1)  # one entry per epoch
    best_epoch: int = Field(ge=1)
    stopped: bool = False  # by a person, before its last epoch
    metrics: Table[Figures]  # by split; those of the validation photos are always there
    baselines: Table[Fraction] = Field(default_factory=dict)  # ROC AUC of simple methods on its validation photos
    tried: Table[Fraction] = Field(default_factory=dict)  # and of networks that were compared, on castings held out
    learning_curve: LearningCurve | None = None  # where it was asked for
    export_difference: float = Field(ge=0)  # of scores, at most, between Keras and the graph
    versions: Table[str]  # of the libraries that made it
    files: Table[str] = Field(default_factory=dict)  # each file's sha256

    @model_serializer(mode="wrap")
    def _as_written(self, handed_on: SerializerFunctionWrapHandler) -> dict[str, Any]:
        whole: dict[str, Any] = handed_on(self)
        return whole  # and what was not said with it: machines find every field on every card

    @field_validator("metrics")
    @classmethod
    def _with_those_of_validation(cls, metrics: Table[Figures]) -> Table[Figures]:
        if VALIDATION not in metrics:
            raise PydanticCustomError("absent", "metrics.validation")
        return metrics

    @model_validator(mode="after")
    def _best_epoch_is_one_of_its_own(self) -> Self:
        if self.best_epoch > len(self.curves):
            words = "best_epoch = {best}: its curves have {epochs} epochs"
            told = {"best": self.best_epoch, "epochs": len(self.curves)}
            raise PydanticCustomError("best_epoch", words, told)
        return self

    @field_serializer("alignment")
    def _empty_where_there_is_none(self, alignment: AlignmentUsed | None) -> dict[str, Any]:
        return {} if alignment is None else alignment.model_dump(mode="json")

    @property
    def validation(self) -> Figures:
        """What it is worth on its validation photos."""
        return self.metrics[VALIDATION]

    @property
    def test(self) -> Figures | None:
        """What it is worth on test photos, where there were any."""
        return self.metrics.get(TEST)


def seconds_since_1970(moment: str) -> float:
    """A moment of a card in seconds since 1970; one without a zone is UTC."""
    told = datetime.fromisoformat(moment)
    return (told if told.tzinfo is not None else told.replace(tzinfo=UTC)).timestamp()


def read(content: bytes) -> ModelCard:
    """The card in these bytes; ``ValueError`` says in plain words what is wrong with it."""
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("its card cannot be read: it is not JSON") from error
    if not isinstance(values, dict):
        raise ValueError("its card cannot be read: it holds no named values")
    try:
        return ModelCard.model_validate_json(json.dumps(brought_up(values)))
    except ValidationError as error:
        raise ValueError(damage(error)) from error


def brought_up(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a card as today's program writes them; ``ValueError`` if a newer one did."""
    version = values.get("schema_version", 1)
    if not isinstance(version, int) or version < 1:
        wrong = f"its card says schema_version = {_short(version)}"
        raise ValueError(f"{wrong}: it must be a whole number from 1 on")
    if version > SCHEMA_VERSION:
        raise ValueError(
            "its card was written by a newer version of this program "
            f"(card format {version}; this one reads up to {SCHEMA_VERSION})"
        )
    for step in range(version, SCHEMA_VERSION):
        values = STEPS[step](values)
    if values.get("alignment") == {}:  # written so where photos stay as they are
        return values | {"alignment": None}
    return values


def _from_1(values: dict[str, Any]) -> dict[str, Any]:
    """Cards without a number: they do not name the program, and say all else as it is said now."""
    return values | {"schema_version": 2}


def _from_2(values: dict[str, Any]) -> dict[str, Any]:
    """Cards that counted no castings class by class, and called unseen what chose; they say all else as it is now."""
    return values | {"schema_version": 3}


Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: dict[int, Step] = {1: _from_1, 2: _from_2}  # from each version to the next


def damage(error: ValidationError, *within: str) -> str:
    """What is wrong with a card: the field, what it says, and what it would have to be."""
    first, *others = error.errors(include_url=False)
    more = f" (and {len(others)} more)" if others else ""
    steps = [str(step) for step in (*within, *first["loc"])]
    place = ".".join(steps[: steps.index("report") + 1] if "report" in steps else steps)
    match first["type"]:
        case "missing":
            return f"its card does not say {place}{more}"
        case "absent":
            return f"its card does not say {first['msg']}{more}"
        case "extra_forbidden":
            return f"its card says {place}, which this program does not know{more}"
        case "best_epoch":
            return f"its card says {first['msg']}{more}"
        case "json_invalid":
            return "its card cannot be read: it is not JSON"
    return f"its card says {place} = {_short(first['input'])}: {wanted(first)}{more}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"
