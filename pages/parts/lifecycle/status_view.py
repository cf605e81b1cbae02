"""How far a version has come, as people said: draft, reviewed, released; and saying so."""

import streamlit as st

from casting_core.records.card import ModelCard
from casting_core.wording import moment
from casting_core.workflows.models import status
from casting_core.workflows.models.status import Stated, Status
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain

LOOKS = {
    Status.DRAFT: ":gray-badge[:material/edit_note: draft]",
    Status.REVIEWED: ":blue-badge[:material/rate_review: reviewed]",
    Status.RELEASED: ":green-badge[:material/approval: released]",
}
MEANS = {
    Status.DRAFT: "nobody has said that it may be used",
    Status.REVIEWED: "a person has gone through what it gets wrong",
    Status.RELEASED: "a person answers for its use",
}


def badge(card: ModelCard) -> None:
    """How far it has come."""
    with show_errors():
        st.markdown(LOOKS[status.status_of(card).status])


def show(card: ModelCard) -> None:
    """Who said what of it, and the form to say more."""
    with show_errors():
        told = status.history(card)
    now = told[0].status if told else Status.DRAFT
    with st.popover("Evaluation", icon=":material/approval:"):
        st.markdown(f"{LOOKS[now]} {MEANS[now]}")
        for one in told:
            st.caption(_words(one))
        _form(card, now)


def _form(card: ModelCard, now: Status) -> None:
    kept = session.current()
    others = [one for one in Status if one is not now and (one is not Status.RELEASED or now is Status.REVIEWED)]
    new = st.radio("It is", others, format_func=lambda one: f"{one.value}: {MEANS[one]}", key=f"status of {card.name}")
    who = st.text_input("Your name", kept.who, key=f"status of {card.name} who", max_chars=60, disabled=kept.signed)
    why = st.text_input("Why", key=f"status of {card.name} why", max_chars=300, placeholder="What speaks for it")
    if st.button(f"Say so of {plain(card.name)}", key=f"state {card.name}", type="primary"):
        with show_errors():
            status.state(card.name, new, actor=who, reason=why)
        kept.who = who.strip()
        st.rerun()


def _words(one: Stated) -> str:
    return f"{one.status.value.capitalize()} {moment(one.at)} by **{plain(one.who)}**: {plain(one.why, longest=300)}"
