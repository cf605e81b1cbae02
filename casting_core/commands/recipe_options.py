"""The settings of a recipe as options of a command, made from its fields, and the way from options back to a recipe."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any

import click
from pydantic import BaseModel, ValidationError

from casting_core.errors import RunError, wanted
from casting_core.learning.recipes.choices import RECOMMENDED, NetworkName
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import SETTINGS, Recipe
from casting_core.learning.recipes.setting import Setting, settings_of

Command = Callable[..., None]


def recipe_options(*, recipe: type[BaseModel] = Recipe, without: Collection[str] = ()) -> Callable[[Command], Command]:
    """An option for every setting of a recipe but those ``without``; one that is not given comes as ``None``."""

    def decorated(command: Command) -> Command:
        for setting in reversed(list(settings_of(recipe).values())):
            if setting.name not in without:
                command = _option(setting)(command)
        return command

    return decorated


def recipe_asked(options: Mapping[str, Any]) -> Recipe:
    """The recipe that options ask for; what they do not say is as recommended for the network, ``evidence`` if none."""
    said = {name: options[name] for name in SETTINGS if options.get(name) is not None}
    return recipe_of(said, recommended(NetworkName(said.get("network", RECOMMENDED))))


def recipe_of(said: Mapping[str, Any], otherwise: Recipe) -> Recipe:
    """A recipe with some of its settings said otherwise; ``RunError`` names the option that will not do."""
    try:
        return Recipe.model_validate(otherwise.model_dump() | dict(said))
    except ValidationError as error:
        first = error.errors()[0]
        option = SETTINGS[str(first["loc"][0])].option
        raise RunError(f"--{option} {first['input']} will not do: {wanted(first)}") from error


def _option(setting: Setting) -> Callable[[Command], Command]:
    name, told = f"--{setting.option}", _help(setting)
    if setting.kind is bool:
        off = setting.about.off or f"no-{setting.option}"
        return click.option(f"{name}/--{off}", setting.name, default=None, help=told)
    if issubclass(setting.kind, StrEnum):
        return click.option(name, setting.name, type=click.Choice(setting.values), help=told)
    return click.option(name, setting.name, type=setting.kind, help=told)


def _help(setting: Setting) -> str:
    """The help of its field, what its values mean, its limits, and what it is where it is not said."""
    parts = [setting.about.help]
    meanings = [f"{value} = {word}" for value, word in setting.about.words.items() if word.lower() != value]
    if meanings:
        parts.append(f"{'; '.join(meanings)}.")
    if setting.low is not None and setting.high is not None:
        low = f"{setting.low:.10g}" if setting.low_allowed else f"Above {setting.low:.10g}"
        parts.append(f"{low} {'to' if setting.high_allowed else 'and below'} {setting.high:.10g}.")
    return f"{' '.join(parts)}{_otherwise(setting)}"


def _otherwise(setting: Setting) -> str:
    """What a setting is where it is not said, in brackets, as click writes it; nothing where that is no text."""
    if setting.name == "network":
        return f" [default: {RECOMMENDED}]"
    values = {name: _plain(getattr(recommended(name), setting.name, setting.default)) for name in NetworkName}
    if len(set(values.values())) > 1:
        return f" [default: {', '.join(f'{value} for {name}' for name, value in values.items())}]"
    return f" [default: {values[RECOMMENDED]}]" if values[RECOMMENDED] else ""


def _plain(value: object) -> str:
    """A value as it is written on the command line; of a flag, what it is called."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
