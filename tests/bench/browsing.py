"""A walk through a large dataset on the Dataset page, in a real browser against a real server."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Browser, Page

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.drawing.synthetic import write_sample
from casting_core.records.database.access import connect
from casting_core.records.datasets import DatasetBook, NamedDataset
from casting_core.workflows.datasets.opening import names_of
from tests.bench.clicks import Click, at_95, listen, timed
from tests.browser import walk
from tests.browser.launched import DESK
from tests.browser.served import Server

NAME = "Many photos"


@dataclass(frozen=True, kw_only=True)
class Walked:
    """What a person waited for; times in milliseconds."""

    opened: float  # the page, for the first time after the start of the server
    reopened: float  # from another page, by the menu
    clicks: tuple[Click, ...]
    memory: float  # MiB resident, the server at the end

    @property
    def at_95(self) -> float:
        return at_95(self.clicks)

    @property
    def slowest(self) -> float:
        return max(click.milliseconds for click in self.clicks)


def walk_through(room: Path, photos: Path, browser: Browser, *, turns: int) -> Walked:
    """Serves a dashboard from this folder, whose cache knows the photos, and looks at them there."""
    server = Server(room)
    write_sample(server.data_dir / "sample", castings=10, copies=1)  # a small one; nobody looks at it
    try:
        server.start()
        walk.open_page(browser.new_page(), server.url, "Overview")  # the database is made
        _name(server, photos)
        server.stop()
        server.start()
        page, opened = _open(browser, server)
        _follow(page, "Models")
        reopened = _follow(page, "Dataset").milliseconds
        photos_shown = timed(page, "photos", page.get_by_role("radio", name="Photos").click)
        clicks = [photos_shown, *(one for _ in range(turns) for one in _turn(page))]
        memory = server.memory() / 2**20
    finally:
        server.close()
    return Walked(opened=opened, reopened=reopened, clicks=tuple(clicks), memory=memory)


def _name(server: Server, photos: Path) -> None:
    """The dataset that was named last is the one in use."""
    engine = connect(f"sqlite:///{(server.data_dir / 'casting.sqlite').as_posix()}")
    DatasetBook(engine).put(NamedDataset(name=NAME, folder=str(photos), rule=names_of(ClassRule())))
    engine.dispose()


def _open(browser: Browser, server: Server) -> tuple[Page, float]:
    """A new visitor's Dataset page, and the milliseconds until its overview was there."""
    page = browser.new_page(viewport=DESK, reduced_motion="reduce")
    began = perf_counter()
    page.goto(f"{server.url}/dataset", wait_until="commit")
    walk.wait_until(
        page,
        "() => { const pictures = [...document.querySelectorAll('[data-testid=stMain] img')];"
        "  return document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        "    && pictures.length > 0 && pictures.every(picture => picture.complete); }",
    )
    taken = 1000 * (perf_counter() - began)
    listen(page)
    return page, taken


def _follow(page: Page, title: str) -> Click:
    """The menu's link to another page."""
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=title)
    return timed(page, f"to {title}", link.click, heading=title)


def _turn(page: Page) -> list[Click]:
    """Turns pages, filters, and takes the filters away again."""
    main = page.get_by_test_id("stMain")
    number, search = main.get_by_role("spinbutton", name="Page"), main.get_by_role("textbox", name="Name contains")

    def turn_page() -> None:
        number.fill(str(int(number.input_value()) % 5 + 1))
        number.press("Enter")

    def look_for(name: str) -> None:
        search.fill(name)
        search.press("Enter")

    def choose(label: str, word: str) -> None:
        main.get_by_role("combobox", name=label).click()
        page.get_by_role("option", name=word, exact=True).click()  # the clock starts anew here

    return [
        timed(page, "another page", turn_page),
        timed(page, "and another", turn_page),
        timed(page, "defective photos only", lambda: choose("Label", "defective")),
        timed(page, "photos to test with only", lambda: choose("Split", "test")),
        timed(page, "name contains 12", lambda: look_for("12")),
        timed(page, "any name", lambda: look_for("")),
        timed(page, "both labels", lambda: choose("Label", "every")),
        timed(page, "all splits", lambda: choose("Split", "every")),
    ]
