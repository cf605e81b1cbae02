"""Runs, and what happened in them, read once for all visitors."""

from collections.abc import Sequence

import streamlit as st

from casting_core.jobs.event_feed import EventFeed
from casting_core.records.run_log import EventRow, Run
from casting_core.settings import settings
from casting_core.workflows import stores


def runs() -> list[Run]:
    """All runs, the newest first; never cached, for they change every second."""
    return stores.run_log().runs()


def events(run: int) -> Sequence[EventRow]:
    """What happened in a run; only what is new is read, once for all visitors."""
    return _feed(settings().database_url).events(run)


@st.cache_resource(show_spinner=False)
def _feed(address: str) -> EventFeed:
    return EventFeed(stores.run_log())
