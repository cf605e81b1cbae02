"""The batches that were asked for before: by whom, when, and what came of them; a click opens one."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.wording import moment
from casting_core.workflows.judging.batch import batch_job
from casting_core.workflows.judging.batch.batch_job import Standing
from casting_core.workflows.judging.batch.kept import in_words
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell

SHOWN = 20  # batches


def show() -> None:
    """The table; nothing where no batch was ever asked for."""
    with show_errors():
        known = batch_job.earlier(newest=SHOWN)
    if not known:
        return
    st.subheader("Batches")
    table = pd.DataFrame(
        {
            "when": [moment(one.at) for one in known],
            "what": [cell(one.name) for one in known],
            "state": [one.state.value for one in known],
            "came to": [in_words(one.counts) if one.counts else "" for one in known],
            "version": [cell(one.model) for one in known],
            "by": [cell(one.who or "nobody named") for one in known],
        }
    )
    key = f"batches up to {known[0].mark} {len(known)}"
    st.dataframe(table, hide_index=True, key=key, on_select=lambda: _clicked(key, known), selection_mode="single-row")
    st.caption("The batches asked for last, by anybody. Click one to open it.")


def _clicked(key: str, known: Sequence[Standing]) -> None:
    if chosen := st.session_state[key]["selection"]["rows"]:
        session.current().batch = known[chosen[0]].mark
