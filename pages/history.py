"""History: who did what, when and why, and every verdict on record; nothing in it is ever changed."""

import streamlit as st

from pages.parts.history import fetch_view, keeping_view, ledger_view, people_view, trace_view
from pages.parts.shell import frame

frame.open("History", "Who did what, when and why, and every verdict on record. Nothing in it is ever changed.")
ledger_view.head()
PEOPLE = "People"
VIEWS = {
    "Everything": ledger_view.show,
    "Verdicts": trace_view.show,
    "Fetch back": fetch_view.show,
    "Kept photos and backup": keeping_view.show,
    PEOPLE: people_view.show,
}
view = st.segmented_control("Show", list(VIEWS), default="Everything", required=True, key="history of")
if view != PEOPLE and not ledger_view.any_rows():
    st.info(
        "Nothing here yet. Judge a photo on Inspection or Review, and it is written down.", icon=":material/history:"
    )
    frame.link("Inspection", "Inspect a part")
    st.stop()
VIEWS[view or "Everything"]()
