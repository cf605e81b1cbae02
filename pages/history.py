"""History: who did what, when and why, and every verdict on record; nothing in it is ever changed."""

import streamlit as st

from pages.parts.history import fetch_view, keeping_view, ledger_view, trace_view
from pages.parts.history import ledger_view, people_view, trace_view
from pages.parts.shell import frame

frame.open("History", "Who did what, when and why, and every verdict on record. Nothing in it is ever changed.")
view = st.segmented_control(
    "Show", ["Everything", "Verdicts", "People"], default="Everything", required=True, key="history of"
)
if view == "People":
    people_view.show()
    st.stop()
ledger_view.head()
if not ledger_view.any_rows():
    st.info(
        "Nothing here yet. Judge a photo on Inspection or Review, and it is written down.", icon=":material/history:"
    )
    frame.link("Inspection", "Inspect a part")
    st.stop()
VIEWS = {
    "Everything": ledger_view.show,
    "Verdicts": trace_view.show,
    "Fetch back": fetch_view.show,
    "Kept photos and backup": keeping_view.show,
}
view = st.segmented_control("Show", list(VIEWS), default="Everything", required=True, key="history of")
VIEWS[view or "Everything"]()
if view == "Verdicts":
    trace_view.show()
else:
    ledger_view.show()
