"""What the trials of a study say about its settings: which of them matter, and where the good values lie."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray

from casting_core.learning.recipes.search_space import Among, Range
from casting_core.workflows.search.studies import Study
from casting_core.workflows.search.trial_store import search_of
from casting_core.workflows.search.trials import Trial, trials

LEAST = 4  # trials that came to their end; fewer say nothing of what matters
GRID = 40  # cells of a surface along each side


@dataclass(frozen=True, kw_only=True)
class Surface:
    """The objective over two settings, guessed between trials; each place lies between 0 and 1 along its range."""

    height: NDArray[np.float64]  # (GRID, GRID); rows go along ``across``
    along: NDArray[np.float64]  # places of the trials, for the first setting
    across: NDArray[np.float64]  # and for the second
    trials: list[Trial]


def importance(study: Study) -> dict[str, float]:
    """How much of the ups and downs of the objective each setting explains, the strongest first; shares of one.

    Empty where too few trials came to their end, or all of them came to the same value.
    """
    done = _done(study)
    if len(done) < LEAST or len({trial.value for trial in done}) < 2:
        return {}
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    try:
        return dict(optuna.importance.get_param_importances(search_of(study), evaluator=evaluator))
    except (ValueError, RuntimeError):  # a setting of which only one value came to its end
        return {}


def surface(study: Study, along: str, across: str) -> Surface | None:
    """The objective over two settings; between trials the mean of all, each weighed by the square of its distance.

    It is never better or worse than any trial was. ``None`` where too few trials came to their end.
    """
    done, ranges = _done(study), study.plan.space.ranges
    if len(done) < LEAST:
        return None
    x, y = (place(ranges[name], [trial.settings[name] for trial in done]) for name in (along, across))
    values = np.array([trial.value for trial in done], dtype=float)
    cells = np.linspace(0.0, 1.0, GRID)
    distance = (cells[None, :, None] - x) ** 2 + (cells[:, None, None] - y) ** 2
    weights = 1.0 / (distance + 1e-3)
    height = (weights * values).sum(axis=-1) / weights.sum(axis=-1)
    return Surface(height=height, along=x, across=y, trials=done)


def place(values: Range, chosen: list[Any]) -> NDArray[np.float64]:
    """Where values lie along their range, 0 to 1; by factors where the range is drawn so."""
    if isinstance(values, Among):
        return np.array([values.values.index(value) for value in chosen], dtype=float) / (len(values.values) - 1)
    numbers, low, high = np.array(chosen, dtype=float), values.low, values.high
    if values.by_factors:
        numbers, low, high = np.log(numbers), float(np.log(low)), float(np.log(high))
    return np.asarray((numbers - low) / (high - low))


def marks(values: Range) -> dict[float, str]:
    """What to write along a range, by place: every value, or five numbers from end to end."""
    if isinstance(values, Among):
        return {
            float(at): str(value) for at, value in zip(place(values, list(values.values)), values.values, strict=True)
        }
    where = np.linspace(0.0, 1.0, 5)
    if values.by_factors:
        numbers = values.low * (values.high / values.low) ** where
    else:
        numbers = values.low + (values.high - values.low) * where
    words = [str(round(number)) if values.whole else f"{number:.2g}" for number in numbers.tolist()]
    return dict(zip(where.tolist(), words, strict=True))


def _done(study: Study) -> list[Trial]:
    return [trial for trial in trials(study) if trial.value is not None]
