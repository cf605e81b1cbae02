"""Pictures of every page, wide and narrow, light and dark, from a fresh dashboard with the drawn sample.

``make screenshots`` keeps those that the README shows; ``python -m tests.browser.screenshots FOLDER --all`` writes all.
With ``--at URL --photo FILE`` they are of a dashboard that runs already, with whatever is in it.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect

from tests.browser import answers, find_browser, walk
from tests.browser.launched import launched
from tests.browser.served import Server
from tests.patience import MILLISECONDS

PAGES = {
    "overview": "",
    "dataset": "dataset",
    **{f"dataset-{section}": "dataset" for section in ("audit", "photos", "map", "castings", "splits")},
    "train": "train",
    "tune": "tune",
    "review": "review",
    "agreement": "agreement",
    "inspection": "inspection",
    "models": "models",
    "history": "history",
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (1440, 390)  # pixels: a desk and a telephone
EPOCHS = 20  # enough to see the network learn, and the curves part
MOVING = 14  # the epoch at which the curves are photographed
TALLEST = 4000  # pixels of one picture
SETTLED = 2000  # milliseconds, after which what a page loads by itself is there
SHOWN = {("train", 1440, "light"), ("review", 1440, "light"), ("inspection", 1440, "dark")}  # in the README


def main(folder: Path, *, everything: bool) -> None:
    """Trains once, and takes the pictures: those of Train while the curves move, the others when it has ended."""
    folder.mkdir(parents=True, exist_ok=True)
    with _dashboard() as (server, browser):
        first = browser.new_page()
        first.set_default_timeout(MILLISECONDS)
        walk.start_training(first, server.url, epochs=EPOCHS, batch_size=16, network="Evidence")
        first.get_by_text(re.compile(f"epoch {MOVING} of {EPOCHS}")).first.wait_for(timeout=MILLISECONDS)
        photo = sorted((server.data_dir / "sample" / "test" / "def_front").glob("*"))[4]
        take = partial(_take_all, browser, server.url, photo, folder, everything=everything)
        take(["train"])
        walk.wait_for_end(first)
        take([name for name in PAGES if name != "train"])


def at(url: str, photo: Path, folder: Path) -> None:
    """Takes the pictures of every page of the dashboard at this address; ``photo`` is dropped on Inspection."""
    folder.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        if browser is None:
            sys.exit(find_browser.why_none())
        _take_all(browser, url, photo, folder, list(PAGES), everything=True)


def _take_all(browser: Browser, url: str, photo: Path, folder: Path, names: Sequence[str], *, everything: bool) -> None:
    """The pictures of these pages, or those of them that the README shows."""
    for name, width, scheme in product(names, WIDTHS, SCHEMES):
        if not everything and (name, width, scheme) not in SHOWN:
            continue
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
        page.set_default_timeout(MILLISECONDS)
        answers.listen(page)
        page.goto(f"{url}/{PAGES[name]}")
        walk.wait_until_drawn(page)
        if name.startswith("dataset-"):
            walk.section(page, name.removeprefix("dataset-").capitalize())
        if name == "inspection":
            walk.drop_photo(page, photo)
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=MILLISECONDS)
        page.wait_for_timeout(SETTLED)
        if name == "review" and not everything:
            page.get_by_text("Judge one after another").evaluate("heading => heading.scrollIntoView()")
            page.wait_for_timeout(SETTLED)
        _take(page, folder / f"{name}-{width}-{scheme}.png", tall=everything)
        page.close()


@contextmanager
def _dashboard() -> Iterator[tuple[Server, Browser]]:
    with launched() as browser, tempfile.TemporaryDirectory() as folder:
        if browser is None:
            sys.exit(find_browser.why_none())
        server = Server(Path(folder))
        try:
            server.start()
            yield server, browser
        finally:
            server.close()


def _take(page: Page, path: Path, *, tall: bool) -> None:
    """Photographs the page; ``tall`` opens the window until everything is in it, for the page scrolls inside itself."""
    if tall:
        width, height = page.evaluate("[innerWidth, document.querySelector('[data-testid=stMain]').scrollHeight]")
        page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
        page.wait_for_timeout(1000)
    page.screenshot(path=path)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="every page in every look, not those of the README only")
    parser.add_argument("--at", metavar="URL", help="of a dashboard that runs already")
    parser.add_argument("--photo", type=Path, help="to be dropped on Inspection, with --at")
    given = parser.parse_args()
    if given.at:
        at(given.at.rstrip("/"), given.photo or parser.error("--at wants --photo"), given.folder)
    else:
        main(given.folder, everything=given.all)
