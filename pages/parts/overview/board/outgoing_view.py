"""The outgoing audit on the board: passed parts drawn at random, a person's word on each, and what that proves."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.settings import settings
from casting_core.wording import count, moment
from casting_core.workflows.watching import outgoing, told
from casting_core.workflows.watching.board import Gathered
from casting_core.workflows.watching.outgoing import Drawn
from pages.parts.overview.board import saying
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, sentence

HOW = (
    "The bound holds at every look, however often you look: it is that of a running test (a beta-binomial mixture), "
    "not of a fixed number of parts. It speaks of the share of defective parts among those this version passed, and "
    "only as long as every part that was drawn is looked at."
)


def show(found: Gathered, card: ModelCard) -> None:
    """What is proven, and the parts that are to be looked at."""
    with show_errors():
        proven, due = outgoing.escapes(card), outgoing.drawn(found, card)
    st.markdown("**Outgoing audit**", help=HOW)
    untold = f" Of {count(proven.untold, 'more part')} nobody could tell." if proven.untold else ""
    st.markdown(f":material/verified_user: {told.escapes(proven)}{untold}")
    if not due:
        st.caption(
            f"Each shift {settings().outgoing_parts} passed parts are drawn at random. None is left to look at now."
        )
        return
    words = f"Look at passed parts · {len(due)} to go"
    with st.expander(words, icon=":material/search:", key="outgoing audit"):
        _judge(due, card)


def _judge(due: Sequence[Drawn], card: ModelCard) -> None:
    st.caption(
        "Drawn at random from all that was passed in this shift and the one before; nobody chose them. Take each part "
        "from the line, look at it without the model, and say what it is."
    )
    said = saying.ask([saying.named(one.name, one.at) for one in due], key="outgoing")
    if said is not None:
        _say(due[said[0]], said[1], card)
    table = pd.DataFrame(
        {
            "part": [cell(one.part or "no number") for one in due],
            "file": [cell(one.file) for one in due],
            "passed": [moment(one.at) for one in due],
            "shift": [one.shift.name() for one in due],
            "photo": [one.photo[:12] for one in due],
            "row": [one.row for one in due],
        }
    )
    st.dataframe(table, hide_index=True, key="parts to look at")


def _say(one: Drawn, label: Label | None, card: ModelCard) -> None:
    try:
        outgoing.say(one, label, card=card, who=session.current().who)
    except CastingError as error:
        st.error(sentence(error))
    else:
        st.rerun()
