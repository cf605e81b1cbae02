"""Pasting as Streamlit knows it: a program with nothing to see, which listens while the file field is there."""

from pathlib import Path

import streamlit as st

from pages.parts.shell import components

FOLDER = Path(__file__).parent


def listen() -> None:
    """Lets a photo be pasted on this page, by Ctrl+V or as the browser's menu does it."""
    name = components.announced("casting_paste", "paste", FOLDER)
    st.components.v2.component(name, js="paste.js")(key="paste")
    st.caption("Or paste one: copy a picture, then press Ctrl+V here.")
