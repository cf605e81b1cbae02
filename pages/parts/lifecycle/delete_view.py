"""Deleting a version: why it cannot be, or the question once more with who and why."""

import streamlit as st

from casting_core.records.card import ModelCard
from casting_core.workflows.models import deleting
from pages.parts.shell import guards, session
from pages.parts.shell.text import plain, sentence


def show(card: ModelCard) -> None:
    """The control that deletes this version; what keeps it is said instead."""
    with st.popover("Delete", icon=":material/delete:", type="tertiary"):
        with guards.show_errors():
            kept = deleting.objections(card.name)
        if kept:
            st.markdown(f"**{plain(card.name)}** stays.")
            for reason in kept:
                st.markdown(f"- {sentence(reason)}")
        else:
            _form(card)


def _form(card: ModelCard) -> None:
    kept = session.current()
    st.markdown(
        f"**{plain(card.name)}** is deleted for good. Nothing on record refers to it. Download it first where it may "
        "be wanted again."
    )
    who = st.text_input("Your name", kept.who, key=f"delete {card.name} who", max_chars=60)
    why = st.text_input("Why", key=f"delete {card.name} why", max_chars=300)
    sure = st.checkbox(f"Yes, {plain(card.name)} is not needed any more", key=f"delete {card.name} sure")
    if st.button(f"Delete {plain(card.name)}", key=f"delete {card.name}", type="primary", disabled=not sure):
        with guards.show_errors():
            deleting.delete(card.name, actor=who, reason=why)
        kept.who = who.strip()
        st.toast(f"{plain(card.name)} is deleted.")
        st.rerun()
