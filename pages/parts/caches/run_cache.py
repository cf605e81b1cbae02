"""Runs, and what happened in them, read once for all visitors."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from casting_core.learning.recipes.events import Event, decode
from casting_core.records.jobs import EventRow
from casting_core.settings import settings
from casting_core.workflows import jobs as work
from casting_core.workflows.training.runs import Run, all_runs

MOST = 32  # runs whose events are remembered


def runs() -> list[Run]:
    """All runs, the newest first; never cached, for they change every second."""
    return all_runs()


def events(run: int) -> Sequence[Event]:
    """What happened in a run, read once for all visitors. Nobody may change it."""
    return _told(settings().database_url).events(run)


@dataclass
class _Decoded:
    """The events of one run, and the rows they were made of."""

    events: list[Event] = field(default_factory=list)
    rows: int = 0
    last: EventRow | None = None


class Told:
    """The events behind the rows of a feed: each is made once, not at every look."""

    def __init__(self, feed: work.EventFeed) -> None:
        self._feed, self._lock = feed, threading.Lock()
        self._known: OrderedDict[int, _Decoded] = OrderedDict()

    def events(self, run: int) -> Sequence[Event]:
        """All that happened in a run, in order; rows without an event are left out."""
        rows = self._feed.events(run)
        with self._lock:
            known = self._known.pop(run, _Decoded())
            count = len(rows)
            if known.rows and (count < known.rows or rows[known.rows - 1] is not known.last):
                known = _Decoded()  # some were taken back, and others told instead
            fresh = (decode(kind, values) for _, kind, values in rows[known.rows : count])
            known.events.extend(event for event in fresh if event is not None)
            known.rows, known.last = count, rows[count - 1] if count else None
            self._known[run] = known
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return known.events


@st.cache_resource(show_spinner=False)
def _told(address: str) -> Told:
    return Told(work.feed())
