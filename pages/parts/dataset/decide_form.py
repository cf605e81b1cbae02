"""Deciding about the chosen photos: correct labels, leave out, take back, tag, say which show one casting; and undo."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.records.decisions import Kind
from casting_core.wording import count
from casting_core.workflows.review import correct
from pages.parts.shell import guards, session
from pages.parts.shell.text import plain, sentence

ACTIONS: dict[str, tuple[Kind, str]] = {  # what a person can do: the decision, and the value that is settled by it
    "Label: ok": (Kind.LABEL, Label.OK.word),
    "Label: defective": (Kind.LABEL, Label.DEFECTIVE.word),
    "Leave out": (Kind.LEAVE_OUT, ""),
    "Take back in": (Kind.TAKE_BACK, ""),
    "Add a tag": (Kind.TAG, ""),
    "Remove a tag": (Kind.UNTAG, ""),
    "They show one casting": (Kind.JOIN, ""),
    "They show a casting of their own": (Kind.PART, ""),
}


def show(dataset: Dataset, found: pd.DataFrame, *, key: str) -> None:
    """The bar above a gallery: what is chosen, choosing more or none, deciding, and the way back."""
    kept = session.current()
    kept.chosen &= set(dataset.identities)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count(len(kept.chosen), 'photo')} chosen**")
        everything = f"Choose all {len(found):,}"
        more, none = kept.chosen | set(found["photo"]), set[str]()
        st.button(
            everything, key=f"{key} all", icon=":material/select_all:", disabled=found.empty,
            on_click=_choose, args=(more,),
        )  # fmt: skip
        st.button(
            "Choose none", key=f"{key} none", icon=":material/deselect:", disabled=not kept.chosen,
            on_click=_choose, args=(none,),
        )  # fmt: skip
        with st.popover("Decide", icon=":material/gavel:", disabled=not kept.chosen):
            _form(dataset, key)


def _choose(photos: set[str]) -> None:
    session.current().chosen = photos


def _form(dataset: Dataset, key: str) -> None:
    kept = session.current()
    action = st.selectbox("What is it?", list(ACTIONS), key=f"{key} action")
    kind, value = ACTIONS[action]
    if kind in (Kind.TAG, Kind.UNTAG):
        value = st.text_input("Tag", key=f"{key} tag", max_chars=correct.LONGEST)
    why = st.text_input("Why", key=f"{key} why", max_chars=200, placeholder="a crack at the hub")
    who = st.text_input("Your name", value=kept.who, key=f"{key} who", max_chars=60)
    st.caption("Nothing is overwritten: who, when, why and what was so before are kept, and it can be undone.")
    if st.button("Decide", key=f"{key} decide", type="primary", icon=":material/check:"):
        if not who.strip():
            st.error("Say who decides: an auditor will ask.")
            return
        try:
            batch = correct.decide(dataset, kind, sorted(kept.chosen), value=value, why=why, who=who)
        except CastingError as error:
            st.error(sentence(error))
            return
        kept.who = who.strip()
        kept.decided = (str(dataset.root), batch, f"{action}, {count(len(kept.chosen), 'photo')}")
        kept.chosen = set()
        st.rerun()


def way_back(dataset: Dataset) -> None:
    """What was decided last in this session, if about this dataset, and the button that undoes it."""
    kept = session.current()
    if kept.decided is None or kept.decided[0] != str(dataset.root):
        return
    _, batch, what = kept.decided
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/gavel: Decided: {plain(what)}")
        if st.button("Undo", key="undo decision", icon=":material/undo:", type="tertiary"):
            with guards.show_errors():
                correct.undo(dataset, batch, who=kept.who)
            kept.decided = None
            st.rerun()
