"""What goes wrong on a page, as a sentence on it."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from casting_core.errors import CastingError
from pages.parts.shell.text import sentence


@contextmanager
def show_errors() -> Iterator[None]:
    """Shows an error of the project as a sentence and ends the page there; every other error is a bug and stays one."""
    try:
        yield
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
        st.stop()
