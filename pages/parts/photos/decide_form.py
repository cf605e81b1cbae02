"""Deciding about photos: correct labels, leave out, take back, tag, say which show one casting; and undo."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.records.decisions import Kind
from casting_core.wording import count, listed, verb
from casting_core.workflows.review import correct
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.look import LABELS, badge
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
OF_ONE = {  # the same of a single photo
    name.replace("They show", "It shows").replace("their", "its"): what
    for name, what in ACTIONS.items()
    if what[0] is not Kind.JOIN
}
NAMED = 3  # photos that are named before the others are counted


def show(dataset: Dataset, found: pd.DataFrame, *, key: str) -> None:
    """The bar above a gallery: what is chosen, choosing more or none, and deciding."""
    kept = session.current()
    gone = kept.chosen - set(dataset.identities)
    kept.chosen -= gone
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
            if form(dataset, sorted(kept.chosen), key=key):
                kept.chosen = set()
                st.rerun()
    if gone:
        here = f"{count(len(gone), 'photo')} that you had chosen {verb(len(gone), 'are')} not in this dataset"
        st.caption(f"{here}, so no longer chosen.")


def _choose(photos: set[str]) -> None:
    session.current().chosen = photos


def form(dataset: Dataset, photos: Sequence[str], *, key: str, actions: dict[str, tuple[Kind, str]] = ACTIONS) -> bool:
    """The form about these photos; whether they were decided about just now. No decision is offered as the usual one.

    What was decided is remembered for ``way_back``.
    """
    kept = session.current()
    st.markdown(_about(dataset, photos))
    action = st.selectbox(
        "What is it?", list(actions), index=None, key=f"{key} action", placeholder="Choose what you decide"
    )
    kind, value = actions[action] if action is not None else (None, "")
    if kind in (Kind.TAG, Kind.UNTAG):
        value = st.text_input("Tag", key=f"{key} tag", max_chars=correct.LONGEST)
    why = st.text_input("Why", key=f"{key} why", max_chars=200, placeholder="a crack at the hub")
    who = st.text_input("Your name", value=kept.who, key=f"{key} who", max_chars=60, disabled=kept.signed)
    st.caption("Nothing is overwritten: who, when, why and what was so before are kept, and it can be undone.")
    pressed = st.button("Decide", key=f"{key} decide", type="primary", icon=":material/check:", disabled=kind is None)
    if not pressed or kind is None:
        return False
    if not who.strip():
        st.error("Say who decides: an auditor will ask.")
        return False
    try:
        batch = correct.decide(dataset, kind, photos, value=value, why=why, who=who)
    except CastingError as error:
        st.error(sentence(error))
        return False
    kept.who = who.strip()
    told = f"{action}{f' ({value.strip()})' if value and kind in (Kind.TAG, Kind.UNTAG) else ''}"
    kept.decided = (str(dataset.root), batch, f"{told}, {_which(dataset, photos)}")
    return True


def way_back(dataset: Dataset, *, where: str = "page") -> None:
    """What was decided last in this session, if about this dataset, and the button that undoes it.

    ``where`` tells one that stands on a page from one that stands on a card above it.
    """
    kept = session.current()
    if kept.decided is None or kept.decided[0] != str(dataset.root):
        return
    _, batch, what = kept.decided
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/gavel: Decided: {plain(what, longest=160)}")
        if st.button("Undo", key=f"undo decision on {where}", icon=":material/undo:", type="tertiary"):
            with show_errors():
                correct.undo(dataset, batch, who=kept.who)
            kept.decided = None
            st.rerun()


def _rows(dataset: Dataset, photos: Sequence[str]) -> pd.DataFrame:
    """One row for each of these photos that is still there."""
    table = dataset.photos
    return table[table["photo"].isin(set(photos))].drop_duplicates("photo")


def _which(dataset: Dataset, photos: Sequence[str]) -> str:
    """The photo by its name where it is one, else how many they are."""
    rows = _rows(dataset, photos)
    return _name(rows["path"].iloc[0]) if len(rows) == 1 else count(len(photos), "photo")


def _about(dataset: Dataset, photos: Sequence[str]) -> str:
    """Which photos a decision will be about, each with its label as it is now."""
    rows = _rows(dataset, photos)
    words = [
        f"{plain(_name(path))} {':gray-badge[no label]' if pd.isna(label) else badge(LABELS[Label(label)])}"
        for path, label in zip(rows["path"].head(NAMED), rows["label"].head(NAMED), strict=True)
    ]
    return f"About {count(len(photos), 'photo')}: {listed(words + [''] * (len(rows) - len(words)), most=NAMED)}"


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]
