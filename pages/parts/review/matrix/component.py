"""The matrix as Streamlit knows it: where its program lies, and how it is put on a page."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.shell import components
from pages.parts.shell.components import BROWSER

FOLDER = Path(__file__).parent


def mount(data: dict[str, Any], *, key: str, on_press: Callable[[], None]) -> None:
    """Puts the matrix on the page; what was pressed is its state ``pressed``: the word of a cell, and which press."""
    name = components.announced("casting_matrix", "matrix", FOLDER)
    html, css = _text("matrix.html"), _text("matrix.css")
    st.components.v2.component(name, html=html, css=css, js="matrix.js")(key=key, data=data, on_pressed_change=on_press)


@cache
def _text(name: str) -> str:
    return (FOLDER / BROWSER / name).read_text(encoding="utf-8")
