"""What a search for settings may vary, what it tries to reach, and how a suggestion becomes a recipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from casting_core.domain import Label
from casting_core.errors import RunError, wanted
from casting_core.learning.recipes.recipe import NetworkName, Recipe, Schedule

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

HALF = 0.5  # the threshold F1 is measured at

Choice = bool | int | str


class Objective(StrEnum):
    """What a search tries to reach on castings held out; every casting counts once, however many photos it has.

    ``F1``: of the defective class, at a threshold of 0.5. ``ESCAPES``: the share of defective castings passed where at
    most a given share of the ok ones is rejected.
    """

    F1 = "f1"
    ESCAPES = "escapes"

    @property
    def more_is_better(self) -> bool:
        """Whether a greater value is the better one."""
        return self is Objective.F1


@dataclass(frozen=True, kw_only=True)
class Between:
    """Numbers from ``low`` to ``high``, both included. Raises ``RunError`` where there are not two at least."""

    low: float
    high: float
    whole: bool = False  # whole numbers only
    by_factors: bool = False  # 1 to 10 is drawn as often as 10 to 100

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise RunError(
                f"a range from {self.low:g} to {self.high:g} is upside down or empty; its end must be greater"
            )
        if self.whole and not (float(self.low).is_integer() and float(self.high).is_integer()):
            raise RunError(f"a range from {self.low:g} to {self.high:g} must begin and end with whole numbers")

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest number."""
        return (int(self.low), int(self.high)) if self.whole else (self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class Among:
    """One of several values. Raises ``RunError`` where there are not two at least."""

    values: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if len(set(self.values)) < max(2, len(self.values)):
            raise RunError(
                f"{', '.join(map(str, self.values)) or 'nothing'} leaves no choice; name two different values"
            )

    @property
    def ends(self) -> tuple[Choice, ...]:
        """All the values."""
        return self.values


Range = Between | Among

RANGES: dict[str, Range] = {  # the settings that may vary, and how far it is sensible to look
    "learning_rate": Between(low=0.0003, high=0.01, by_factors=True),
    "batch_size": Between(low=8, high=128, whole=True, by_factors=True),
    "epochs": Between(low=4, high=30, whole=True),
    "schedule": Among(values=tuple(way.value for way in Schedule)),
    "augmentation": Among(values=(False, True)),
    "class_weights": Among(values=(False, True)),
    "network": Among(values=tuple(name.value for name in NetworkName)),
}


@dataclass(frozen=True, kw_only=True)
class SearchSpace:
    """The settings of a recipe that vary, each with its range.

    Raises ``RunError`` where a setting cannot vary, none does, or a range holds what no recipe may.
    """

    ranges: dict[str, Range]

    def __post_init__(self) -> None:
        if not self.ranges:
            raise RunError(f"nothing may vary, so there is nothing to search; choose from {', '.join(RANGES)}")
        for name, values in self.ranges.items():
            if name not in RANGES:
                raise RunError(f"{name!r} cannot be varied (known: {', '.join(RANGES)})")
            for value in values.ends:
                _check(name, value)

    def distributions(self) -> dict[str, "BaseDistribution"]:
        """The same as Optuna wants it."""
        return {name: _distribution(values) for name, values in self.ranges.items()}

    def recipe(self, base: Recipe, suggested: Mapping[str, Any]) -> Recipe:
        """The recipe with what was suggested; a number keeps three digits, so that what is shown is what was tried."""
        rounded = {
            name: float(f"{value:.3g}") if isinstance(value, float) else value for name, value in suggested.items()
        }
        return Recipe.model_validate(base.model_dump() | rounded)


def reached(
    objective: Objective,
    scores: NDArray[np.floating],
    labels: NDArray[np.integer],
    castings: NDArray[np.int64],
    *,
    false_alarms: float,
) -> float:
    """The value of the objective for n photos: their scores, labels (1 defective) and castings, each of shape (n,).

    ``false_alarms`` is the share of ok castings that may be rejected; only ``ESCAPES`` asks for it.
    """
    _, place, photos = np.unique(castings, return_inverse=True, return_counts=True)
    weights = 1.0 / photos[place]
    defective = np.asarray(labels) == Label.DEFECTIVE
    if objective is Objective.F1:
        return _f1(np.asarray(scores) >= HALF, defective, weights)
    return _escapes(np.asarray(scores, dtype=float), defective, weights, false_alarms)


def _f1(judged: NDArray[np.bool_], defective: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    found = weights[judged & defective].sum()
    wrong = weights[judged ^ defective].sum()
    return float(2 * found / (2 * found + wrong)) if found else 0.0


def _escapes(
    scores: NDArray[np.float64], defective: NDArray[np.bool_], weights: NDArray[np.float64], limit: float
) -> float:
    """The least share missed among all thresholds that reject at most ``limit`` of what is ok."""
    ok, bad = weights[~defective], weights[defective]
    for threshold in np.unique(scores):  # from the least: the first that is allowed misses least
        if ok[scores[~defective] >= threshold].sum() <= limit * ok.sum() + 1e-9:
            return float(bad[scores[defective] < threshold].sum() / bad.sum())
    return 1.0  # only a threshold above every score is allowed


def _distribution(values: Range) -> "BaseDistribution":
    from optuna import distributions  # a quarter of a second that only a search must pay for

    if isinstance(values, Among):
        return distributions.CategoricalDistribution(values.values)
    if values.whole:
        return distributions.IntDistribution(int(values.low), int(values.high), log=values.by_factors)
    return distributions.FloatDistribution(values.low, values.high, log=values.by_factors)


def _check(name: str, value: object) -> None:
    try:
        Recipe.model_validate({name: value})
    except ValidationError as error:
        raise RunError(f"{name} {value} will not do: {wanted(error.errors()[0])}") from error
