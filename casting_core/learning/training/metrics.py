"""How photos turned out, counted while Keras looks at them anyway: no second look is needed for misses and F1."""

from dataclasses import dataclass
from typing import Any

import keras

KINDS = ("passed", "false_alarms", "missed", "found")  # ok judged ok, ok judged defective, defective ok, both defective


class Outcomes(keras.metrics.Metric):
    """Photos by truth and judgement at a score of 0.5, as four figures named as in ``KINDS``."""

    def __init__(self, name: str = "outcomes") -> None:
        super().__init__(name=name)
        self.counts = self.add_variable(shape=(4,), initializer="zeros", name="counts")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # noqa: ARG002 - photos count one
        """Adds a batch: labels and scores, (n, 1)."""
        truth, judged = (keras.ops.reshape(keras.ops.cast(one, "float32"), (-1,)) for one in (y_true, y_pred > 0.5))
        both, said, true = keras.ops.sum(truth * judged), keras.ops.sum(judged), keras.ops.sum(truth)
        photos = keras.ops.cast(keras.ops.size(truth), "float32")
        self.counts.assign_add(keras.ops.stack([photos - said - true + both, said - both, true - both, both]))

    def result(self) -> dict[str, Any]:
        """The four counts by their names."""
        return {kind: self.counts[at] for at, kind in enumerate(KINDS)}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The same four counts when they are done with."""

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
