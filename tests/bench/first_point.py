"""Seconds from a click on Start until the first point of a curve is drawn: the drawn sample, as somebody new trains."""

import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.bench.figures import Bar
from tests.browser import walk
from tests.browser.launched import DESK
from tests.browser.served import Server
from tests.patience import MILLISECONDS

SOON = 15.0  # seconds

DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')].some(
    plot => (plot._fullData ?? []).some(line => line.x?.length && document.contains(plot))
)"""


@dataclass(frozen=True, kw_only=True)
class FirstPoint:
    """One training on a dashboard that nobody has used before."""

    network: str
    seconds: float

    @property
    def bars(self) -> list[Bar]:
        return [Bar(name="from Start to the first point of a curve", value=self.seconds, limit=SOON, upper=True)]


def measure(room: Path, browser: Browser, *, network: str = "Evidence") -> FirstPoint:
    """Serves a dashboard from this folder, waits for its sample, and starts what the form recommends."""
    server = Server(room)
    try:
        server.start()
        page = browser.new_page(viewport=DESK, reduced_motion="reduce")
        page.set_default_timeout(MILLISECONDS)
        walk.open_page(page, f"{server.url}/train", "Train")
        if network != "Evidence":
            walk.choose(page, "Network", network)
        return FirstPoint(network=network, seconds=_started(page))
    finally:
        server.close()


def _started(page: Page) -> float:
    start = page.get_by_role("button", name="Start training")
    start.click(trial=True)  # it is there, stands still, and may be clicked
    began = time.perf_counter()
    start.click()
    walk.wait_until(page, DRAWN)
    taken = time.perf_counter() - began
    page.close()
    return taken
