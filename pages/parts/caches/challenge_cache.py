"""How stations stand to their challenge parts, read off the ledger once for all visitors; only new rows are read."""

import streamlit as st

from casting_core.settings import settings
from casting_core.workflows.challenge.standing import Challenges


def challenges() -> Challenges:
    """The challenge parts in force and every station's standing, as they are at this moment."""
    return _challenges(settings().database_url)


@st.cache_resource(show_spinner=False, max_entries=4)
def _challenges(database: str) -> Challenges:
    return Challenges()
