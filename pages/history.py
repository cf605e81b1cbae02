"""History: who did what, when and why; nothing in it is ever changed."""

import streamlit as st

from pages.parts.history import ledger_view
from pages.parts.shell import frame

frame.open("History", "Who did what, when and why: verdicts, judgements, decisions about photos, promotions.")
ledger_view.head()
rows = ledger_view.chosen()
if rows:
    ledger_view.table(rows)
else:
    st.info(
        "Nothing here yet. Judge a photo on Inspection or Review, and it is written down.", icon=":material/history:"
    )
    frame.link("Inspection", "Inspect a part")
