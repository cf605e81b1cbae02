"""A real browser and a real server for the tests in this folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser import find_browser
from tests.browser.served import Server
from tests.browser.watch import Watch

HERE = Path(__file__).parent
expect.set_options(timeout=20_000)  # milliseconds: other tests are at work beside these

CALM = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK = ViewportSize(width=1440, height=900)  # pixels; a test on a telephone's width sets its own
PATIENCE = 30_000  # milliseconds for anything to appear


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder and run them last: quick tests speak first, and Playwright's loop disturbs none."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser all tests share; without one they are skipped, but fail where CI=true."""
    path = find_browser.browser()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(find_browser.why_none())
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CALM)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor: own cookies, own tabs (``context.new_page()``), nothing moving for show."""
    made = browser.new_context(viewport=DESK, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """Listens to every tab, and fails the test at its end for a foreign request, a page error or an exception box."""
    listening = Watch(context)
    yield listening
    listening.assert_nothing_wrong()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:  # noqa: ARG001 - every tab is watched
    """The visitor's first tab, watched."""
    return context.new_page()


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - no browser, no server
    """The real dashboard in fresh folders, one for all tests of a file."""
    started = Server(tmp_path_factory.mktemp("dashboard"))
    started.start()
    yield started
    started.close()
