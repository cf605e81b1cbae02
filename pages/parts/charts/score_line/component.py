"""The scores with their line as Streamlit knows them: where the program lies, and how it is put on a page."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.shell import components
from pages.parts.shell.components import BROWSER

FOLDER = Path(__file__).parent


def mount(data: dict[str, Any], *, key: str, on_bar: Callable[[], None] | None = None) -> None:
    """Puts the picture on the page.

    Its state ``point`` is where the line was left: the lower threshold, and the upper one or nothing; its state ``bar``
    which bar was pressed: the label, the score that it begins with, and which press.
    """
    name = components.announced("casting_scores", "scores", FOLDER)
    html, css = _text("scores.html"), _text("scores.css")
    picture = st.components.v2.component(name, html=html, css=css, js="scores.js")
    picture(key=key, data=data, on_point_change=_nothing, on_bar_change=on_bar or _nothing)


def _nothing() -> None:
    """What it says is read where it is drawn."""


@cache
def _text(name: str) -> str:
    return (FOLDER / BROWSER / name).read_text(encoding="utf-8")
