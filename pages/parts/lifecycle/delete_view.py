"""Deleting a version: why it cannot be, or the question once more with who and why."""

import streamlit as st

from casting_core.records.card import ModelCard
from casting_core.workflows.models import deleting
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence


def offer(card: ModelCard) -> None:
    """The button that asks for it. What keeps a version is looked up then: the whole record is searched for it."""
    if st.button("Delete", key=f"ask to delete {card.name}", icon=":material/delete:", type="tertiary"):
        session.current().to_delete = card.name


def show(card: ModelCard) -> None:
    """Why this version stays, or the question with who and why; nothing where nobody has asked for it."""
    if session.current().to_delete != card.name:
        return
    with st.container(border=True, key="delete"):
        with show_errors():
            kept = deleting.objections(card.name)
        if kept:
            told = " ".join(map(sentence, kept))
            st.warning(f"**{plain(card.name)}** stays. {told}", icon=":material/lock:")
        else:
            _form(card)
        if st.button("Close" if kept else "Keep it", key=f"keep {card.name}"):
            session.current().to_delete = None
            st.rerun()


def _form(card: ModelCard) -> None:
    kept = session.current()
    st.markdown(
        f"**{plain(card.name)}** is deleted for good. Nothing on record refers to it. Download it first where it may "
        "be wanted again."
    )
    who = st.text_input("Your name", kept.who, key=f"delete {card.name} who", max_chars=60, disabled=kept.signed)
    why = st.text_input("Why", key=f"delete {card.name} why", max_chars=300)
    sure = st.checkbox(f"Yes, {plain(card.name)} is not needed any more", key=f"delete {card.name} sure")
    if st.button(f"Delete {plain(card.name)}", key=f"delete {card.name}", type="primary", disabled=not sure):
        with show_errors():
            deleting.delete(card.name, actor=who, reason=why)
        kept.who, kept.to_delete = who.strip(), None
        st.toast(f"{plain(card.name)} is deleted.")
        st.rerun()
