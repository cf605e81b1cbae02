"""What a search for settings may vary, and how a suggestion becomes a recipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from casting_core.errors import RunError, wanted
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.setting import Setting, settings_of

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

Choice = bool | int | str


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
        if self.by_factors and self.low <= 0:
            raise RunError(f"a range that is searched by factors cannot begin at {self.low:g}; begin above 0")
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


def ranges_of(recipe: type[BaseModel]) -> dict[str, Range]:
    """The settings of a recipe that may vary, and how far it is sensible to look, as their fields say."""
    found = {name: _usual(setting) for name, setting in settings_of(recipe).items()}
    return {name: usual for name, usual in found.items() if usual is not None}


def _usual(setting: Setting) -> Range | None:
    search = setting.about.search
    if isinstance(search, bool):
        return Among(values=setting.values) if search else None
    low, high = search
    return Between(low=low, high=high, whole=setting.kind is int, by_factors=setting.about.by_factors)


RANGES = ranges_of(Recipe)


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
