"""What Keras does while it trains, told as events; and the weights of the best epoch, kept."""

import math
import time
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.errors import RunError
from casting_core.learning.events import BatchDone, EpochDone, Report, ShouldStop


class StopNow(Exception):  # noqa: N818  no error: a person's wish
    """Leaves Keras in the middle of an epoch; its own way would first look at all validation photos once more."""


@dataclass
class Narrator(keras.callbacks.Callback):
    """Tells what Keras does as events, keeps the weights of the best epoch, and raises ``StopNow`` where asked to."""

    report: Report
    should_stop: ShouldStop
    photos: int
    epochs: list[EpochDone] = field(default_factory=list)
    best_weights: list[NDArray[np.generic]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def best(self) -> EpochDone:
        """The epoch with the lowest validation loss so far."""
        return min(self.epochs, key=lambda epoch: epoch.validation_loss)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002  Keras names it
        """Looks at the clock."""
        self._epoch, self._began = epoch + 1, time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Tells of the batch; ``RunError`` where the loss is no number, ``StopNow`` where a person wants it."""
        logs = logs or {}
        if not math.isfinite(logs["loss"]):
            raise RunError(f"the loss is no longer a number in epoch {self._epoch}; try a lower learning rate")
        self.report(BatchDone(epoch=self._epoch, batch=batch + 1, loss=logs["loss"], accuracy=logs["accuracy"]))
        self._learned = time.perf_counter()
        if self.should_stop():
            raise StopNow

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Tells of the epoch, and keeps its weights where it is the best so far."""
        logs = logs or {}
        done = EpochDone(
            epoch=epoch + 1,
            loss=logs["loss"],
            accuracy=logs["accuracy"],
            validation_loss=logs["val_loss"],
            validation_accuracy=logs["val_accuracy"],
            seconds=time.perf_counter() - self._began,
            photos_per_second=self.photos / (self._learned - self._began),
        )
        self.epochs.append(done)
        if self.best is done:
            self.best_weights = self.model.get_weights()
        self.report(done)
