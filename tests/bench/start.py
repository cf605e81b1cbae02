"""Seconds from the start of the server until the first page is on screen in a real browser."""

import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.bench.figures import Bar, Figure, figure
from tests.browser import walk
from tests.browser.served import Server
from tests.patience import MILLISECONDS

SOON = 3.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Start:
    """Starts of a dashboard whose sample was drawn before."""

    starts: int
    seconds: Figure

    @property
    def bars(self) -> list[Bar]:
        return [Bar(name="first page on screen", value=self.seconds.median, limit=SOON, upper=True)]


def measure(room: Path, browser: Browser, *, starts: int) -> Start:
    """The figures of so many starts of a dashboard that is served from this folder."""
    server = Server(room)
    try:
        server.start()
        first = browser.new_page()
        walk.open_page(first, server.url, "Overview")
        _wait_for_figures(first)  # the sample is drawn
        return Start(starts=starts, seconds=figure([_started(server, browser.new_page()) for _ in range(starts)]))
    finally:
        server.close()


def _started(server: Server, page: Page) -> float:
    server.stop()
    began = time.perf_counter()
    server.start()
    page.goto(server.url)
    _wait_for_figures(page)
    taken = time.perf_counter() - began
    page.close()
    return taken


def _wait_for_figures(page: Page) -> None:
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=MILLISECONDS)
