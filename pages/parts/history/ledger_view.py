"""The ledger on a page: which rows, its head to be kept elsewhere, and the check of every row."""

import json

import pandas as pd
import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.chain import Entry, Kind
from casting_core.wording import count
from casting_core.workflows import stores
from casting_core.workflows.review import history
from pages.parts.shell.errors import show_errors
from pages.parts.shell.look import table_height
from pages.parts.shell.text import cell, sentence

MOST = 1000  # rows on the page
WORDS = {
    Kind.INSPECTION: "Verdicts",
    Kind.BATCH: "Batches",
    Kind.JUDGEMENT: "Judgements",
    Kind.CHECK: "Checks of reviewers",
    Kind.QUEUE: "Queues of Review",
    Kind.DECISION: "Decisions about photos",
    Kind.OPINION: "Opinions of verdicts",
    Kind.OPERATING_POINT: "Operating points",
    Kind.OUTGOING: "Outgoing audit",
    Kind.PROMOTION: "Promotions",
    Kind.STATUS: "States of versions",
    Kind.DELETION: "Deleted versions",
    Kind.SHADOW: "Shadow mode",
    Kind.SHADOW_VERDICT: "Verdicts in shadow",
    Kind.STATION: "Stations",
    Kind.USUAL: "Usual photos",
    Kind.CHALLENGE: "Challenge parts",
    Kind.AGREEMENT: "Agreement studies",
    Kind.FETCH_BACK: "Fetch-backs",
    Kind.KEEPING: "Kept photos",
    Kind.BACKUP: "Backups",
    Kind.SIGNATURE: "Second signatures",
    Kind.ROLE: "Roles and links to look",
    Kind.SESSION: "Signing in and out",
}


def head() -> None:
    """How many rows there are, the head, and the button that reads them all."""
    with show_errors():
        last = stores.ledger().head()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count(last.number, 'row')}**")
        pressed = st.button("Verify every row", key="verify", icon=":material/verified_user:", disabled=not last.number)
    if last.number:
        st.caption("The head. Keep it elsewhere, in a report or on paper: with it, rows cut off at the end are found.")
        st.code(str(last), language=None, wrap_lines=True)
    if pressed:
        try:
            with st.spinner("Reading every row"):
                read = stores.ledger().verify()
            st.success(f"All {count(read.number, 'row')} are as they were written.", icon=":material/verified:")
        except CastingError as error:
            st.error(sentence(error), icon=":material/gpp_bad:")


def any_rows() -> bool:
    """Whether anything has been written down."""
    with show_errors():
        return stores.ledger().head().number > 0


def show() -> None:
    """The rows that are wanted, the newest first."""
    rows = _chosen()
    if rows:
        _table(rows)
    else:
        st.info("No row is left by this choice.", icon=":material/filter_alt_off:")


def _chosen() -> list[Entry]:
    kinds = st.pills(
        "Kinds of rows", list(WORDS), format_func=WORDS.__getitem__, selection_mode="multi", key="kinds of rows"
    )
    wanted = st.text_input("Search", key="search rows", placeholder="a name, a version, a photo, a reason")
    with show_errors():
        rows = stores.ledger().rows(kinds=kinds or (), newest=MOST)
    told = wanted.strip().casefold()
    return [row for row in rows if told in f"{row.actor} {row.about} {row.reason} {row.body}".casefold()]


def _table(rows: list[Entry]) -> None:
    """The rows, and the same to take away."""
    shown = pd.DataFrame(
        {
            "row": [row.number for row in rows],
            "when, UTC": [history.moment_of(row) for row in rows],
            "who": [cell(row.actor or "nobody named") for row in rows],
            "what": [row.kind for row in rows],
            "about": [cell(history.what(row)) for row in rows],
            "why": [cell(row.reason) for row in rows],
            "hash": [row.hash[: history.SHORT] for row in rows],
        }
    )
    with st.container(height=table_height(len(rows)), border=False):  # its room is kept until it is there
        st.dataframe(shown, hide_index=True, key="rows", height="stretch")
    st.caption(f"{count(len(rows), 'row')}, the newest first; of a longer history the last {MOST:,} are looked at.")
    with st.container(horizontal=True):
        st.download_button(
            "Download for a spreadsheet", history.as_csv(rows), "history.csv", "text/csv", icon=":material/table:",
            on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Download as JSON", json.dumps(history.as_values(rows), indent=1), "history.json", "application/json",
            icon=":material/data_object:", on_click="ignore",
        )  # fmt: skip
