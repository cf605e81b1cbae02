"""The camera as Streamlit knows it: its picture, and a button whose photo goes into the file field of the page.

Streamlit's own camera field takes the picture of the video, at most 1920 pixels wide, by whichever camera comes first.
A pore of a few pixels is not in it any more. Here the rear camera takes a photo with all that it has.
"""

from functools import cache
from pathlib import Path

import streamlit as st

from pages.parts.shell import components
from pages.parts.shell.components import BROWSER

FOLDER = Path(__file__).parent


def show() -> None:
    """Puts the camera's picture on the page, above the file field that its photos go into."""
    name = components.announced("casting_camera", "camera", FOLDER)
    html, css = _text("camera.html"), _text("camera.css")
    st.components.v2.component(name, html=html, css=css, js="camera.js")(key="camera")


@cache
def _text(name: str) -> str:
    return (FOLDER / BROWSER / name).read_text(encoding="utf-8")
