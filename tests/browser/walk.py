"""What a quality manager does on the pages, as steps that tests and screenshots share; widgets are found by label."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import answers
from tests.patience import MILLISECONDS, PATIENCE, POLL

# The heading of a run on the Train page; its number depends on the jobs before it, the making of the sample among them.
RUN = re.compile(r"Run \d+")
LINES = """() => document.querySelector('.js-plotly-plot')._fullData.map(line => ({
    name: line.name, mode: line.mode, x: Array.from(line.x), y: Array.from(line.y), row: line.yaxis
}))"""


def open_page(page: Page, url: str, title: str) -> None:
    """Opens a page by its address, as from a bookmark, and waits until it is there."""
    answers.listen(page)
    page.goto(url)
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=MILLISECONDS)
    wait_until_drawn(page)


def go_to(page: Page, title: str) -> None:
    """Follows the menu to another page, once the one before has come to rest."""
    wait_until_drawn(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    wait_until_drawn(page)


def section(page: Page, name: str) -> None:
    """Opens a section of the Dataset page."""
    page.get_by_test_id("stMain").get_by_role("radio", name=re.compile(f"{name}$")).click()
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    """Waits until the script behind the page has come to its end and everything it draws is there."""
    page.get_by_test_id("stApp").wait_for()
    page.wait_for_selector("h1")
    answers.wait(page)
    page.locator("[data-testid=stApp]:not([data-test-script-state=running])").wait_for()
    page.wait_for_timeout(800)  # charts come in by an animation of their own


def wait_until(page: Page, condition: str, argument: object = None) -> None:
    """Waits until a condition in JavaScript holds; Playwright's own way needs eval, which our headers forbid."""
    for _ in range(int(PATIENCE / POLL)):
        if page.evaluate(condition, argument):
            return
        page.wait_for_timeout(1000 * POLL)
    raise TimeoutError(f"it never held: {condition}")


def start_training(page: Page, server: str, *, epochs: int, batch_size: int, network: str = "Classic") -> None:
    """Fills in the form of the Train page and starts."""
    open_page(page, f"{server}/train", "Train")
    if network != "Evidence":
        choose(page, "Network", network)
    for label, value in (("Epochs", epochs), ("Batch size", batch_size)):
        field = page.get_by_role("spinbutton", name=label)
        field.fill(str(value))
        field.press("Tab")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("heading", name=RUN)).to_be_visible()


def wait_for_end(page: Page) -> None:
    """Waits until the run on the Train page has registered its version."""
    expect(page.get_by_role("button", name="Review its mistakes")).to_be_visible(timeout=MILLISECONDS)
    wait_until_drawn(page)


def choose(page: Page, label: str, option: str) -> None:
    """Chooses from a select box."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()
    wait_until_drawn(page)


def click_cell(page: Page, title: str) -> None:
    """Presses a cell of the confusion matrix, found by what it counts."""
    page.get_by_role("button", name=re.compile(rf"^[\d,]+ {title}$")).click()
    wait_until_drawn(page)


def drop_photo(page: Page, *photos: Path) -> None:
    """Drops photos on the Inspection page."""
    page.locator("input[type=file]").set_input_files(list(photos))
    wait_until_drawn(page)
    page.wait_for_timeout(1000)


def lines(page: Page) -> list[dict[str, Any]]:
    """Every line of the board as the browser has it."""
    page.locator(".js-plotly-plot").first.wait_for()
    wait_until_drawn(page)
    found: list[dict[str, Any]] = page.evaluate(LINES)
    return found
