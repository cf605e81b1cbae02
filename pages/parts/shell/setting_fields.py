"""A setting of a recipe as a field of a form: a number with its limits, a choice in words, or a box to tick."""

from collections.abc import Sequence
from enum import StrEnum

import streamlit as st
from pydantic import BaseModel

from casting_core.learning.recipes.setting import Audience, Setting, Value, settings_of

IN_A_ROW = 2  # numbers beside each other


def show(first: BaseModel, *, without: Sequence[str] = ()) -> dict[str, Value]:
    """Fields for the settings of a recipe, filled with ``first``, and their values by name.

    Those for everybody stand on top, the others fold out. Settings ``without`` are chosen elsewhere.
    """
    settings = [one for one in settings_of(type(first)).values() if one.name not in without]
    basic = [one for one in settings if one.about.audience is Audience.BASIC]
    numbers, boxes = [one for one in basic if one.kind is not bool], [one for one in basic if one.kind is bool]
    chosen: dict[str, Value] = {}
    for start in range(0, len(numbers), IN_A_ROW):
        for place, setting in zip(st.columns(IN_A_ROW), numbers[start:], strict=False):
            with place:
                chosen[setting.name] = field(setting, getattr(first, setting.name))
    with st.container(horizontal=True):
        for setting in boxes:
            chosen[setting.name] = field(setting, getattr(first, setting.name))
    with st.expander("More settings", icon=":material/tune:"):
        for setting in settings:
            if setting.about.audience is Audience.EXPERT:
                chosen[setting.name] = field(setting, getattr(first, setting.name))
    return chosen


def field(setting: Setting, value: Value) -> Value:
    """One field, filled with a value; what it holds."""
    about = setting.about
    if isinstance(value, bool):
        return st.checkbox(setting.label, value, help=about.help)
    if issubclass(setting.kind, StrEnum):
        known = list(setting.kind)
        at = known.index(setting.kind(str(value)))
        return st.selectbox(setting.label, known, at, format_func=setting.value_word, help=about.help)
    if isinstance(value, str):
        return st.text_input(setting.label, value, help=about.help)
    return number(setting, value, setting.label, help=about.help)


def number(setting: Setting, value: float, label: str, *, help: str | None = None, key: str | None = None) -> float:
    """A field for a number within the limits of its setting, in the unit that people see; what it holds.

    A value that is allowed and lies beyond what a form offers is kept: the command line may have said it.
    """
    least = None if setting.least is None else min(setting.least, value)
    most = None if setting.most is None else max(setting.most, value)
    step = setting.about.step
    if setting.kind is int:
        return st.number_input(label, _whole(least), _whole(most), int(value), _whole(step), help=help, key=key)
    scale = 100.0 if setting.about.percent else 1.0
    least, most, first = _scaled(least, scale), _scaled(most, scale), round(scale * value, 10)
    by = None if step is None else float(step)  # a whole step beside numbers that are not whole is refused
    return round(st.number_input(label, least, most, first, by, format="%g", help=help, key=key) / scale, 12)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _scaled(number: float | None, scale: float) -> float | None:
    return None if number is None else round(scale * number, 10)
