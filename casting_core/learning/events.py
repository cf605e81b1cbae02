"""What a training says while it works, and how it asks whether to stop: two plain functions, no framework."""

from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Everything is read; the first epoch begins."""

    epochs: int
    batches: int  # per epoch
    train_photos: int
    validation_photos: int
    parameters: int  # trainable weights of the network


@dataclass(frozen=True, kw_only=True)
class BatchDone:
    """One step was taken; loss and accuracy are running means over the epoch so far, as Keras reports them."""

    epoch: int  # from 1
    batch: int  # from 1
    loss: float
    accuracy: float


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


@dataclass(frozen=True, kw_only=True)
class Note:
    """One sentence about what is going on, for the times when no curve moves."""

    text: str


Event = Prepared | BatchDone | EpochDone | Note
Report = Callable[[Event], None]
ShouldStop = Callable[[], bool]

KINDS: dict[str, type[Event]] = {"prepared": Prepared, "batch": BatchDone, "epoch": EpochDone, "note": Note}
NAMES = {kind: name for name, kind in KINDS.items()}


def to_row(event: Event) -> tuple[str, dict[str, float | int | str]]:
    """The event as a kind and plain values, ready to be written; ``KINDS[kind](**values)`` is the way back."""
    return NAMES[type(event)], asdict(event)
