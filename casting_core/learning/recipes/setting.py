"""What a setting says of itself: title, help, range, for whom and how it may be searched; all of it on its field.

The form of Train, the options of the command line, the search space of Tune and the words on a card are made from it.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

INSIDE = 1e-6  # how far within a limit that is itself not allowed the numbers of a form begin and end

Value = bool | int | float | str


class Audience(StrEnum):
    """Whom a setting is for: ``BASIC`` ones are seen by everybody, ``EXPERT`` ones fold out."""

    BASIC = "basic"
    EXPERT = "expert"


@dataclass(frozen=True)
class About:
    """What stands on a field beside its type, its limits and its default."""

    title: str
    help: str  # a sentence
    audience: Audience = Audience.EXPERT
    _: KW_ONLY
    words: Mapping[str, str] = field(default_factory=dict)  # for values of an enumeration; others say themselves
    search: tuple[float, float] | bool = False  # numbers: from and to; otherwise whether all values may be tried
    by_factors: bool = False  # a search draws 1 to 10 as often as 10 to 100
    percent: bool = False  # a share of one that people are shown in percent
    step: float | None = None  # of the buttons beside a number, in the unit that people see
    off: str = ""  # the option that says no, where it is not called "no-..."


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One field of a recipe with all that is known of it."""

    name: str
    kind: type  # bool, int, float, str or an enumeration
    default: Value
    about: About
    low: float | None = None  # numbers: the limits
    high: float | None = None
    low_allowed: bool = True  # whether a limit is itself allowed
    high_allowed: bool = True

    @property
    def least(self) -> float | None:
        """The least number that a form offers: one that is allowed."""
        return self.low if self.low is None or self.low_allowed else self.low + INSIDE

    @property
    def most(self) -> float | None:
        """The greatest number that a form offers: one that is allowed."""
        return self.high if self.high is None or self.high_allowed else self.high - INSIDE

    @property
    def option(self) -> str:
        """Its name on the command line, without the dashes before it."""
        return self.name.replace("_", "-")

    @property
    def label(self) -> str:
        """Its title with the unit that people see."""
        return f"{self.about.title}, %" if self.about.percent else self.about.title

    @property
    def word(self) -> str:
        """Its title in the middle of a sentence."""
        return self.about.title[:1].lower() + self.about.title[1:]

    @property
    def values(self) -> tuple[bool | str, ...]:
        """All its values, plain; of a number or a text there are none."""
        if self.kind is bool:
            return False, True
        return tuple(one.value for one in self.kind) if issubclass(self.kind, StrEnum) else ()

    def value_word(self, value: object) -> str:
        """A value as people say it: ``on``, ``0.0013``, ``30 %``, ``by casting``; any other value as it is."""
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, int | float) and self.about.percent:
            return f"{100 * value:.3g} %"
        if isinstance(value, float):
            return f"{value:.3g}"
        return self.about.words.get(value, str(value)) if isinstance(value, str) else str(value)


@cache
def settings_of(recipe: type[BaseModel]) -> Mapping[str, Setting]:
    """The settings of a recipe by name, in their order; ``TypeError`` where one says nothing of itself."""
    found = {name: _setting(name, one) for name, one in recipe.model_fields.items()}
    return MappingProxyType(found)


def _setting(name: str, found: FieldInfo) -> Setting:
    about = next((one for one in found.metadata if isinstance(one, About)), None)
    kind = found.annotation
    if about is None or not isinstance(kind, type):
        raise TypeError(f"the setting {name!r} needs one plain type, and an About that says what it is")
    return Setting(name=name, kind=kind, default=found.default, about=about, **_limits(kind, found.metadata))


def _limits(kind: type, metadata: list[Any]) -> dict[str, Any]:
    """The limits that pydantic holds a number to, by the names of ``Setting``."""
    told: dict[str, float] = {
        name: value
        for one in metadata
        for name in ("ge", "gt", "le", "lt")
        if (value := getattr(one, name, None)) is not None
    }
    if kind is int:  # more than 0 is 1 and more
        told |= {"ge": told["gt"] + 1} if "gt" in told else {}
        told |= {"le": told["lt"] - 1} if "lt" in told else {}
    return {
        "low": told.get("ge", told.get("gt")),
        "high": told.get("le", told.get("lt")),
        "low_allowed": "gt" not in told or "ge" in told,
        "high_allowed": "lt" not in told or "le" in told,
    }
