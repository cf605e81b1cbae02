"""Seconds from the start of the server until the first page is on screen in a real browser."""

import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.figures import Bar, Figure, figure
from tests.browser import find_browser, walk
from tests.browser.conftest import CALM
from tests.browser.served import Server

SOON = 3.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Start:
    """Starts of a dashboard whose sample was drawn before."""

    starts: int
    seconds: Figure

    @property
    def bars(self) -> list[Bar]:
        return [Bar(name="first page on screen", value=self.seconds.median, limit=SOON, upper=True)]


def measure(room: Path, *, starts: int) -> Start | None:
    """The figures of so many starts; ``None`` where there is no browser."""
    path = find_browser.browser()
    if path is None:
        return None
    server = Server(room)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CALM)
        try:
            server.start()
            walk.open_page(browser.new_page(), server.url, "Overview")  # the sample is drawn
            return Start(starts=starts, seconds=figure([_started(server, browser.new_page()) for _ in range(starts)]))
        finally:
            browser.close()
            server.close()


def _started(server: Server, page: Page) -> float:
    server.stop()
    began = time.perf_counter()
    server.start()
    page.goto(server.url)
    page.get_by_test_id("stMetricValue").first.wait_for()
    taken = time.perf_counter() - began
    page.close()
    return taken
