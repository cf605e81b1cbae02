"""What a training says while it works, and how it asks whether to stop: two plain functions, no framework."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Everything is read; the first epoch begins."""

    epochs: int
    batches: int  # per epoch
    train_photos: int
    validation_photos: int
    parameters: int  # trainable weights of the network
    train_castings: int = 0  # 0 where nobody knows
    validation_castings: int = 0
    castings_in_both: int = 0  # with photos to learn from and photos to validate on
    own_validation: int = 0  # photos of a validation folder of the person's own; 0 where they were drawn
    told_by_light: float = 0.5  # AUC of the brightness of the validation photos against their labels, 0.5 to 1


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer of the network, told in order before the first epoch."""

    name: str
    shape: str  # of what it gives for one photo: "148 x 148 x 32"
    parameters: int  # weights, fixed ones included


@dataclass(frozen=True, kw_only=True)
class PaintedDone:
    """So many steps on painted defects were taken, before the first epoch."""

    step: int  # from 1
    steps: int
    loss: float  # of the step's cells


@dataclass(frozen=True, kw_only=True)
class BatchDone:
    """One step was taken; loss and accuracy are those of its batch alone."""

    epoch: int  # from 1
    batch: int  # from 1
    loss: float
    accuracy: float
    seconds: float = 0.0  # since the epoch began


@dataclass(frozen=True, kw_only=True)
class EpochDone:
    """One pass over the training photos, and the look at the validation photos after it."""

    epoch: int  # from 1
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float
    photos_per_second: float
    missed: float = 0.0  # defective validation photos that the network passes
    false_alarms: float = 0.0  # ok validation photos that it rejects
    f1_ok: float = 0.0  # on the validation photos, 0 to 1
    f1_defective: float = 0.0
    learning_rate: float = 0.0  # at the end of the epoch

    @property
    def counts_known(self) -> bool:
        """Whether it says what was missed, and all below that; older programs did not, and all of it is 0 then."""
        return any((self.missed, self.false_alarms, self.f1_ok, self.f1_defective, self.learning_rate))


@dataclass(frozen=True, kw_only=True)
class LightTested:
    """What became of the validation photos when each was made as bright as the others; nothing else was changed."""

    photos: int
    accuracy: float  # as they are
    accuracy_even: float  # all of the same brightness


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How the network of the recipe and another one judged castings that neither had learned from."""

    castings: int  # judged
    network: str  # of the recipe
    auc: float  # area under its ROC curve, each casting once
    other: str
    other_auc: float
    chosen: str  # the one that is kept


@dataclass(frozen=True, kw_only=True)
class Further:
    """How far one of the networks is that are trained after the run's own, to learn what that one is worth."""

    task: str  # "cross-validation" or "learning curve"
    number: int  # of the network, from 1
    of: int  # networks of this task
    epoch: int  # finished
    epochs: int


@dataclass(frozen=True, kw_only=True)
class FoldDone:
    """One fold of a cross-validation was judged by a network that has seen none of its castings."""

    fold: int  # from 1
    folds: int
    castings: int  # judged
    photos: int  # judged
    auc: float  # area under the ROC curve
    seconds: float  # of training


@dataclass(frozen=True, kw_only=True)
class ShareDone:
    """A network learned from a share of the castings, and judged the validation photos."""

    castings: int  # learned from
    photos: int  # learned from
    accuracy: float  # of validation photos
    auc: float  # of validation photos


@dataclass(frozen=True, kw_only=True)
class Note:
    """One sentence about what is going on, for the times when no curve moves."""

    text: str


Event = (
    Prepared
    | Layer
    | PaintedDone
    | BatchDone
    | EpochDone
    | LightTested
    | Compared
    | Further
    | FoldDone
    | ShareDone
    | Note
)
Report = Callable[[Event], None]
ShouldStop = Callable[[], bool]

KINDS: dict[str, type[Event]] = {
    "prepared": Prepared,
    "layer": Layer,
    "painted": PaintedDone,
    "batch": BatchDone,
    "epoch": EpochDone,
    "light": LightTested,
    "compared": Compared,
    "further": Further,
    "fold": FoldDone,
    "share": ShareDone,
    "note": Note,
}
NAMES = {kind: name for name, kind in KINDS.items()}


ACCEPTED: dict[object, type | tuple[type, ...]] = {int: int, float: (float, int), str: str}
FIELDS = {kind: {one.name: ACCEPTED[one.type] for one in fields(kind)} for kind in NAMES}


def encode(event: Event) -> tuple[str, dict[str, float | int | str]]:
    """The event as a kind and plain values, ready to be written; ``decode`` is the way back."""
    return NAMES[type(event)], asdict(event)


to_row = encode  # its former name


def decode(kind: str, values: Mapping[str, object]) -> Event | None:
    """The event in a row, whatever version of the program wrote it.

    Fields that are missing have their defaults, and fields nobody knows are left out. None where the kind is unknown,
    where a field is missing that has no default, and where a value is of the wrong type.
    """
    made = KINDS.get(kind)
    if made is None or not isinstance(values, Mapping):
        return None
    known = {name: values[name] for name in FIELDS[made] if name in values}
    if not all(isinstance(value, FIELDS[made][name]) for name, value in known.items()):
        return None
    try:
        return made(**known)  # type: ignore[arg-type]
    except TypeError:
        return None
