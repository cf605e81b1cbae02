"""A real browser and a real server for the tests in this folder."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from casting_core.jobs import control
from casting_core.records.jobs import State
from casting_core.workflows.datasets.sample import start_sample
from tests.browser.find_browser import why_none
from tests.browser.launched import DESK, launched
from tests.browser.served import LEAN, Server
from tests.browser.watch import Watch
from tests.conftest import installation, made_once
from tests.patience import STEP

HERE = Path(__file__).parent
expect.set_options(timeout=1000 * STEP)  # long work is waited for by those who ask for it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder and run them last: quick tests speak first, and Playwright's loop disturbs none."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser all tests share; without one they are skipped, but fail where CI=true."""
    with launched() as started:
        if started is None:
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why_none())
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor: own cookies, own tabs (``context.new_page()``), nothing moving for show."""
    made = browser.new_context(viewport=DESK, reduced_motion="reduce")
    made.set_default_timeout(1000 * STEP)
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


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``data`` of an installation that has drawn its sample and knows the castings in it."""

    def draw(folder: Path) -> None:
        with installation(folder):
            assert control.wait(start_sample().id).state is State.FINISHED

    return made_once(tmp_path_factory, "drawn", draw) / "data"


@pytest.fixture(scope="module")
def server(browser: Browser, drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - no browser, no server
    """The real dashboard in fresh folders, one for all tests of a file; only its sample was drawn before."""
    folder = tmp_path_factory.mktemp("dashboard")
    for kept in ("sample", "cache"):
        shutil.copytree(drawn / kept, folder / "data" / kept)
    with serving(folder) as started:
        yield started


@contextmanager
def serving(folder: Path, environment: Mapping[str, str] = LEAN) -> Iterator[Server]:
    """The real dashboard, served from this folder."""
    started = Server(folder, environment=environment)
    try:
        started.start()
        yield started
    finally:
        started.close()
