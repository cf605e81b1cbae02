"""Runs, and what happened in them, read once for all visitors."""

from collections.abc import Sequence

import streamlit as st

from casting_core.jobs import control
from casting_core.jobs.feed import EventFeed
from casting_core.records.jobs import EventRow
from casting_core.settings import settings
from casting_core.workflows.training.runs import Run, all_runs


def runs() -> list[Run]:
    """All runs, the newest first; never cached, for they change every second."""
    return all_runs()


def events(run: int) -> Sequence[EventRow]:
    """What happened in a run; only what is new is read, once for all visitors."""
    return _feed(settings().database_url).events(run)


@st.cache_resource(show_spinner=False)
def _feed(address: str) -> EventFeed:
    return EventFeed(control.log())
