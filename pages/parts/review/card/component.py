"""The card as Streamlit knows it: where its program lies, and how it is put on a page.

Streamlit takes programs as text, too, and has the browser load them from a ``blob:`` address, which our own headers
forbid. Those of installed packages it serves as files of this server. This project is run from its folder and is not
installed, so its one component is announced here as an installed package would be; that is no promised way in.
"""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from casting_core import __version__

FOLDER = Path(__file__).parent
BROWSER = "browser"  # the folder that is served
PACKAGE, COMPONENT = "casting", "review_card"
NAME = f"{PACKAGE}.{COMPONENT}"


def mount(data: dict[str, Any], *, key: str) -> Any:
    """Puts the card on the page; what it says is its state ``said``; its trigger ``refresh`` asks for a new page."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        config = ComponentConfig(name=COMPONENT, asset_dir=BROWSER)
        manager.register_from_manifest(
            ComponentManifest(name=PACKAGE, version=__version__, components=[config]), FOLDER
        )
    html, css = _text("card.html"), _text("card.css")
    card = st.components.v2.component(NAME, html=html, css=css, js="card.js")
    return card(key=key, data=data, on_said_change=_nothing, on_refresh_change=_nothing)


def _nothing() -> None:
    """What it said is read where it is drawn."""


@cache
def _text(name: str) -> str:
    return (FOLDER / BROWSER / name).read_text(encoding="utf-8")
