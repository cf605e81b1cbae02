"""Which cards of Review are open in which browsers, so that two people do not judge one casting at the same time.

It is kept in the memory of this server alone, and nothing depends on it: whoever judges is recorded all the same.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

ALIVE = 60.0  # seconds after which a browser that says nothing more has gone


@dataclass(frozen=True, kw_only=True)
class _Look:
    scope: str  # of the dataset
    card: str  # its key
    who: str  # empty where nobody has said a name
    at: float  # seconds, by a clock that only goes forward


class OpenCards:
    """What each tab of a browser said last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._looks: dict[str, _Look] = {}

    def say(self, tab: str, *, scope: str, card: str, who: str) -> dict[str, str]:
        """Notes what a tab shows, no card where it is empty; who else has which card of the same dataset open."""
        now = self._clock()
        with self._lock:
            self._looks.pop(tab, None)
            self._looks = {name: look for name, look in self._looks.items() if now - look.at < ALIVE}
            others = {look.card: look.who for look in self._looks.values() if look.scope == scope}
            if tab and card:
                self._looks[tab] = _Look(scope=scope, card=card, who=who, at=now)
        return others


@st.cache_resource(show_spinner=False)
def open_cards() -> OpenCards:
    """Those of this server."""
    return OpenCards()
