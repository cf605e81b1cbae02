"""The card as Streamlit knows it: where its program lies, and how it is put on a page."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.shell import components
from pages.parts.shell.components import BROWSER

FOLDER = Path(__file__).parent
PACKAGE, COMPONENT = "casting", "review_card"


def mount(data: dict[str, Any], *, key: str) -> Any:
    """Puts the card on the page; what it says is its state ``said``; its trigger ``refresh`` asks for a new page."""
    name = components.announced(PACKAGE, COMPONENT, FOLDER)
    html, css = _text("card.html"), _text("card.css")
    card = st.components.v2.component(name, html=html, css=css, js="card.js")
    return card(key=key, data=data, on_said_change=_nothing, on_refresh_change=_nothing)


def _nothing() -> None:
    """What it said is read where it is drawn."""


@cache
def _text(name: str) -> str:
    return (FOLDER / BROWSER / name).read_text(encoding="utf-8")
