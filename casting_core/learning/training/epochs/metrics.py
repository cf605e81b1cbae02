"""The confusion counts of an epoch, taken while Keras scores photos anyway: misses and F1 need no second pass."""

from dataclasses import dataclass
from typing import Any

import keras

COUNTS = ("passed", "false_alarms", "missed", "found")  # ok as ok, ok as defective, defective as ok, as defective


class ConfusionCounts(keras.metrics.Metric):
    """Photos by label and judgement at a score of 0.5, as four figures named as in ``COUNTS``."""

    def __init__(self, name: str = "confusion") -> None:
        super().__init__(name=name)
        self.counts = self.add_variable(shape=(4,), initializer="zeros", name="counts")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # noqa: ARG002 - photos count one
        """Adds a batch: labels and scores, (n, 1)."""
        truth, judged = (keras.ops.reshape(keras.ops.cast(one, "float32"), (-1,)) for one in (y_true, y_pred > 0.5))
        both, rejected, defective = keras.ops.sum(truth * judged), keras.ops.sum(judged), keras.ops.sum(truth)
        photos = keras.ops.cast(keras.ops.size(truth), "float32")
        passed = photos - rejected - defective + both
        self.counts.assign_add(keras.ops.stack([passed, rejected - both, defective - both, both]))

    def result(self) -> dict[str, Any]:
        """The four counts by their names."""
        return {name: self.counts[at] for at, name in enumerate(COUNTS)}


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """The same four counts as plain numbers, and what follows from them."""

    passed: float
    false_alarms: float
    missed: float
    found: float

    @property
    def f1_ok(self) -> float:
        """The harmonic mean of precision and recall of the class ok; 0 where there is nothing of it."""
        return _f1(self.passed, self.false_alarms + self.missed)

    @property
    def f1_defective(self) -> float:
        """The same of the class defective."""
        return _f1(self.found, self.false_alarms + self.missed)


def _f1(right: float, wrong: float) -> float:
    return 2 * right / (2 * right + wrong) if right else 0.0
