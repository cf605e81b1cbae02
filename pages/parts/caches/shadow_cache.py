"""The differences of the version in shadow, counted once for all visitors; only new rows are read."""

import streamlit as st

from casting_core.settings import settings
from casting_core.workflows.judging.shadow.differences import Differences, Tally
from casting_core.workflows.judging.shadow.version import InShadow


def differences(begun: InShadow) -> Differences:
    """What came of this shadow up to this moment."""
    return _tally(settings().database_url, begun.row, begun).now()


@st.cache_resource(show_spinner="Counting", max_entries=8)
def _tally(database: str, row: int, _begun: InShadow) -> Tally:
    return Tally(_begun)
