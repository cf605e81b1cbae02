"""Putting a version in production: first the figures of both are seen, and the way back stays open."""

import pandas as pd
import streamlit as st

from casting_core.records.card import ModelCard
from casting_core.wording import listed
from casting_core.workflows import stores
from casting_core.workflows.models import promotion
from casting_core.workflows.models.release_gate import Gate
from casting_core.workflows.people import signatures
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain
from pages.parts.versions import comparison_view


def state(card: ModelCard, production: str, shadow: str) -> str:
    """What is to be known of a version beside its figures: whether it judges, and whether its run was cut short."""
    told = ["in production"] * (card.name == production) + ["in shadow"] * (card.name == shadow)
    return ", ".join(told + ["stopped early"] * card.stopped)


def offer(card: ModelCard) -> None:
    """The control that puts this version in production."""
    with st.popover(f"Put {plain(card.name)} in production", type="primary", icon=":material/publish:"):
        _decide(card, key="promote")


def way_back(cards: list[ModelCard]) -> None:
    """The button that puts back what was in production before, where there is such a version: one click.

    Only where nobody has said a name in this session it is asked for.
    """
    former, kept = next((card for card in cards if card.name == stores.registry().former()), None), session.current()
    if former is None:
        return
    words, icon = f"Put {plain(former.name)} back in production", ":material/undo:"
    if kept.who:
        told = f"At once, in the name of {plain(kept.who)}. The version that judges now can be put back the same way."
        if st.button(words, key="put back", icon=icon, help=told):
            _roll_back(kept.who, "")
        return
    with st.popover(words, icon=icon):
        who = st.text_input("Your name", key="put back who", max_chars=60)
        why = st.text_input("Why", key="put back why", max_chars=300)
        if st.button(f"Yes, back to {plain(former.name)}", type="primary", key="put back"):
            _roll_back(who, why)


def _roll_back(who: str, why: str) -> None:
    with show_errors():
        name = promotion.roll_back(actor=who, reason=why)
    session.current().who = who.strip()
    st.toast(f"{plain(name)} is back in production.")
    st.rerun()


def _decide(card: ModelCard, *, key: str) -> None:
    """Shows the version beside the one that judges now, and puts it in production where a person says so."""
    now = promotion.in_production()
    if now is None:
        st.markdown(f"No version can judge now. Inspection will judge with **{plain(card.name)}**.")
    else:
        st.markdown(f"Inspection judges with **{plain(now.name)}** now, and will judge with **{plain(card.name)}**.")
    found = None
    rows = promotion.side_by_side(card, now)
    table = pd.DataFrame({"": list(rows)})
    if now is not None:
        table[f"{now.name} (now)"] = [cell(old) for old, _ in rows.values()]
    table[card.name] = [cell(new) for _, new in rows.values()]
    st.dataframe(table, hide_index=True, key=f"{key}, side by side")
    if now is not None and now.name != card.name:
        found = comparison_view.compared(card, now, where=key)
        if found is not None and found.classes:
            comparison_view.differing(found, new=card.name, now=now.name)
    checked = comparison_view.gate(card, found)
    kept = session.current()
    who = st.text_input("Your name", value=kept.who, key=f"{key} who", max_chars=60, disabled=kept.signed)
    why = st.text_input("Why", key=f"{key} why", max_chars=300, placeholder="What speaks for it")
    second = ""
    if checked.gate is Gate.BLOCKED:
        second = _second(card, key=key)
    if st.button(f"Yes, judge with {plain(card.name)}", type="primary", key=key):
        if not who.strip():
            st.error("Say who decides: an auditor will ask.")
            return
        with show_errors():
            promotion.promote(card.name, actor=who, reason=why, checked=checked, second=second)
        kept.who = who.strip()
        before = f" Before it was {plain(now.name)}." if now else ""
        st.toast(f"{plain(card.name)} is in production.{before}")
        st.rerun()


def _second(card: ModelCard, *, key: str) -> str:
    """The second person's name; where people sign in, who has signed, and the button by which a second person does."""
    kept = session.current()
    if not kept.signed:
        return st.text_input("Name of the second person", key=f"{key} second", max_chars=60)
    with show_errors():
        names = list(dict.fromkeys(signatures.signed(card.name)))
    if names:
        st.markdown(f":material/signature: Signed for it: {plain(listed(names, most=3), longest=200)}.")
    st.caption("A second person signs here, in a session of their own; the first one then puts it in production.")
    if st.button("Sign as the second person", key=f"{key} sign", icon=":material/signature:"):
        with show_errors():
            signatures.sign(card.name, actor=kept.who)
        st.rerun()
    return ""
