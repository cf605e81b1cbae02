"""What a person says of one of several parts: its name, three buttons, and who says so."""

from collections.abc import Sequence

import streamlit as st

from casting_core.domain import Label
from casting_core.wording import moment, printable
from pages.parts.shell import session
from pages.parts.shell.look import LABELS
from pages.parts.shell.text import short

WORDS = {Label.OK: "It is ok", Label.DEFECTIVE: "It is defective", None: "Cannot tell"}


def ask(names: Sequence[str], *, key: str) -> tuple[int, Label | None] | None:
    """Which part was spoken about just now, by its place, and what was said; none as long as no button is pressed."""
    kept = session.current()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kept.who = st.text_input(
            "Your name, for the record", kept.who, max_chars=60, key=f"{key} who", width=220, disabled=kept.signed
        ).strip()
        place = st.selectbox(
            "Part", range(len(names)), key=f"{key} part of {len(names)}", width=300,
            format_func=lambda at: printable(names[at]),
        )  # fmt: skip
        for label, words in WORDS.items():
            icon = LABELS[label].icon if label is not None else ":material/help:"
            if st.button(words, key=f"{key} {words}", icon=icon):
                return place, label
    return None


def named(name: str, at: float) -> str:
    """A part in the list of choices, by its name and when it was judged."""
    return f"{short(name, longest=24)}, {moment(at)}"
