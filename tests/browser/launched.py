"""A browser for whoever looks at the dashboard: tests, pictures and measurements."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser import find_browser

CALM = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP *.example 127.0.0.1",  # strangers' names that lead to this machine
    "--use-fake-device-for-media-stream",  # a camera that shows a clock
    "--use-fake-ui-for-media-stream",
]
DESK = ViewportSize(width=1440, height=900)  # pixels; who looks from a telephone sets its own


@contextmanager
def launched() -> Iterator[Browser | None]:
    """A browser that ends with the block; ``None`` where this machine has none."""
    path = find_browser.browser()
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CALM, timeout=0)  # however long it takes
        try:
            yield browser
        finally:
            browser.close()
