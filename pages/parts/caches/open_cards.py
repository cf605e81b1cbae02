"""Which cards of Review are open in which browsers, so that two people do not judge one casting at the same time.

Every server on this database knows it. Nothing depends on it: whoever judges is recorded all the same, and a card waits
neither for a busy database nor for one that cannot be written.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.open_cards import ALIVE, OpenCardBook
from casting_core.workflows import stores

AGAIN = ALIVE / 4  # seconds after which what a tab shows is written down again, though it is the same
MOST = 10_000  # tabs that are remembered


class OpenCards:
    """What each tab of a browser said last; written down only where it is another card, or after a while."""

    def __init__(self, book: Callable[[], OpenCardBook], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._book, self._clock, self._lock = book, clock, threading.Lock()
        self._noted: dict[str, tuple[tuple[str, str, str], float]] = {}  # by tab: what was written, and when

    def say(self, tab: str, *, scope: str, card: str, who: str) -> dict[str, str]:
        """Notes what a tab shows, no card where it is empty; who else has which card of the same dataset open."""
        with suppress(CastingError):  # to be said where something depends on it
            if tab and self._is_news(tab, (scope, card, who)):
                self._book().open(tab, scope=scope, card=card, who=who)
            return self._book().others(tab, scope=scope)
        return {}

    def _is_news(self, tab: str, shown: tuple[str, str, str]) -> bool:
        now = self._clock()
        with self._lock:
            before, at = self._noted.get(tab, (("", "", ""), now))
            if not shown[1] and not before[1]:
                return False
            if shown == before and now - at < AGAIN:
                return False
            if len(self._noted) >= MOST:
                self._noted.clear()
            self._noted[tab] = (shown, now)
        return True


@st.cache_resource(show_spinner=False)
def open_cards() -> OpenCards:
    """As this server knows them."""
    return OpenCards(stores.open_card_book)
