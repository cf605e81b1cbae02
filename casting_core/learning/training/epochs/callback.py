"""From Keras' training loop to events; the weights of the best epoch are kept on the way."""

import math
import time
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from casting_core.errors import RunError
from casting_core.learning.recipes.events import BatchDone, EpochDone, Note, Report, ShouldStop
from casting_core.learning.training.epochs.metrics import COUNTS, Confusion


class StopTraining(Exception):  # noqa: N818  no error: a wish
    """Leaves Keras at once; its own way would first score all validation photos once more."""


@dataclass
class ProgressCallback(keras.callbacks.Callback):
    """Reports batches and epochs, keeps the best weights, and raises ``StopTraining`` where that is wanted."""

    report: Report
    should_stop: ShouldStop
    photos: int  # in an epoch
    batch_size: int = 1
    patience: int = 0  # epochs without a better validation loss after which the training ends; 0 never
    epochs: list[EpochDone] = field(default_factory=list)
    best_weights: list[NDArray[np.generic]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def best(self) -> EpochDone:
        """The epoch with the lowest validation loss so far."""
        return min(self.epochs, key=lambda epoch: epoch.validation_loss)

    @property
    def out_of_patience(self) -> bool:
        """Whether so many epochs went by without a better one that the recipe wants no more."""
        return 0 < self.patience <= len(self.epochs) - self.best.epoch if self.epochs else False

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002  Keras names it
        """Starts the clock."""
        self._epoch, self._began = epoch + 1, time.perf_counter()
        self._sums = {"loss": 0.0, "accuracy": 0.0}  # over the photos of the epoch so far

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Reports the batch; ``RunError`` where the loss is no number, ``StopTraining`` where a person wants it."""
        logs = logs or {}
        if not math.isfinite(logs["loss"]):
            raise RunError(f"the loss is no longer a number in epoch {self._epoch}; try a lower learning rate")
        self._trained = time.perf_counter()
        loss, accuracy = (self._of_this_batch(name, logs[name], batch) for name in ("loss", "accuracy"))
        seconds = round(self._trained - self._began, 3)
        self.report(BatchDone(epoch=self._epoch, batch=batch + 1, loss=loss, accuracy=accuracy, seconds=seconds))
        if self.should_stop():
            raise StopTraining

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Reports the epoch, keeps its weights where it is the best so far, and ends where patience does."""
        logs = logs or {}
        confusion = Confusion(**{name: float(logs[f"val_{name}"]) for name in COUNTS})
        done = EpochDone(
            epoch=epoch + 1,
            loss=logs["loss"],
            accuracy=logs["accuracy"],
            validation_loss=logs["val_loss"],
            validation_accuracy=logs["val_accuracy"],
            seconds=time.perf_counter() - self._began,
            photos_per_second=self.photos / (self._trained - self._began),
            missed=confusion.missed,
            false_alarms=confusion.false_alarms,
            f1_ok=confusion.f1_ok,
            f1_defective=confusion.f1_defective,
            learning_rate=float(self.model.optimizer.learning_rate),
        )
        self.epochs.append(done)
        if self.best is done:
            self.best_weights = self.model.get_weights()
        self.report(done)
        if self.out_of_patience:
            self.report(Note(text=f"Ended: {self.patience} epochs brought no lower validation loss"))
            raise StopTraining

    def _of_this_batch(self, name: str, mean: float, batch: int) -> float:
        """The figure of the latest batch alone; what Keras logs is the mean over the photos of the epoch so far."""
        seen = min((batch + 1) * self.batch_size, self.photos)
        before, self._sums[name] = self._sums[name], mean * seen
        return max(0.0, (self._sums[name] - before) / max(1, seen - batch * self.batch_size))
