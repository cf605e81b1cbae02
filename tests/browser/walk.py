"""What a quality manager does on the pages, as steps that tests and screenshots share; widgets are found by label."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Error, Locator, Page, Position, expect

from tests.browser import answers
from tests.patience import MILLISECONDS, PATIENCE, POLL, STEP

Until = Locator | Callable[[], object]  # what shall be visible, or hold

# The heading of a run on the Train page; its number depends on the jobs before it, the making of the sample among them.
RUN = re.compile(r"Run \d+")
LINES = """() => document.querySelector('.js-plotly-plot')._fullData.map(line => ({
    name: line.name, mode: line.mode, x: Array.from(line.x), y: Array.from(line.y), row: line.yaxis
}))"""
AGAIN = 5.0  # seconds for which a click leaves no trace until it is taken for lost
STATE = """found => found.map(one => [
    ...['expanded', 'checked', 'pressed', 'selected'].map(name => one.getAttribute(`aria-${name}`)),
    one.checked, one.closest('details')?.open
])"""


def open_page(page: Page, url: str, title: str) -> None:
    """Opens a page by its address, as from a bookmark, and waits until it is there."""
    answers.listen(page)
    page.goto(url)
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=MILLISECONDS)
    wait_until_drawn(page)


def go_to(page: Page, title: str) -> None:
    """Follows the menu to another page, once the one before has come to rest."""
    wait_until_drawn(page)
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=title)
    press(link, until=page.get_by_role("heading", name=title, level=1))
    wait_until_drawn(page)


def section(page: Page, name: str) -> None:
    """Opens a section of the Dataset page."""
    tick(page.get_by_test_id("stMain").get_by_role("radio", name=re.compile(f"{name}$")))


def wait_until_drawn(page: Page) -> None:
    """Waits until the script behind the page has come to its end and everything it draws is there."""
    page.get_by_test_id("stApp").wait_for()
    page.wait_for_selector("h1")
    answers.wait(page)
    page.locator("[data-testid=stApp]:not([data-test-script-state=running])").wait_for()
    page.wait_for_timeout(800)  # charts come in by an animation of their own


def press(target: Locator, *, until: Until, key: str = "", at: Position | None = None) -> None:
    """Clicks, or presses a key on it, once the page is drawn, and waits for what this brings; again where it was lost.

    ``at`` is the place in the target that is clicked, in pixels; without it, its middle.
    """
    press_by((lambda: target.press(key)) if key else (lambda: target.click(position=at)), target, until=until)


def press_by(act: Callable[[], object], target: Locator, *, until: Until) -> None:
    """Does this to the target once the page is drawn, and waits for what it brings; again where it was lost.

    Lost, beside a redraw, is what left no trace: no button was told to the server, nothing is without an answer, and
    the target stands as it did. So what the server has heard of is never done twice, and what has folded out is not
    closed.
    """
    page, came = target.page, until if callable(until) else until.is_visible
    wait_until_drawn(page)
    give_up, again, times = time.monotonic() + STEP, AGAIN, 0
    while time.monotonic() < give_up:
        target.wait_for()
        before, silent = _trace(target), 0.0
        act()
        times += 1
        while silent < again and time.monotonic() < give_up:
            if came():
                return
            page.wait_for_timeout(1000 * POLL)
            lost = not answers.waits(page) and _trace(target) == before
            silent = silent + POLL if lost else 0.0
        again *= 2  # what is slow comes before the next one
    raise AssertionError(f"pressed {times} times: {target}; what never came: {until}")


def unfold(heading: Locator, *, until: Locator) -> None:
    """Folds out what stands under a heading; again where a redraw, as that of a job's end, has folded it in."""
    give_up = time.monotonic() + STEP
    while not until.is_visible():
        assert time.monotonic() < give_up, f"folded out: {heading}; what never came: {until}"
        if heading.locator("xpath=ancestor::details").evaluate("details => !details.open"):
            heading.click()
        heading.page.wait_for_timeout(1000 * AGAIN)


def _trace(target: Locator) -> tuple[object, ...]:
    """What a click that came through changes; nothing is alike where the page is left this very moment."""
    try:
        return answers.pressed(target.page), target.evaluate_all(STATE)
    except Error:
        return (object(),)


def tick(target: Locator) -> None:
    """Chooses a radio button or ticks a box, and waits until the page is drawn with it."""
    press(target, until=target.is_checked)
    wait_until_drawn(target.page)


def download(target: Locator) -> Download:
    """The file that a click brings."""
    came: list[Download] = []
    target.page.once("download", lambda one: came.append(one))  # noqa: PLW0108 - Playwright marks whom it calls
    press(target, until=lambda: came)
    return came[0]


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
        write(page.get_by_role("spinbutton", name=label), str(value))
    press(page.get_by_role("button", name="Start training"), until=page.get_by_role("heading", name=RUN))


def wait_for_end(page: Page) -> None:
    """Waits until the run on the Train page has registered its version."""
    expect(page.get_by_role("button", name="Review its mistakes")).to_be_visible(timeout=MILLISECONDS)
    wait_until_drawn(page)


def write(field: Locator, words: str) -> None:
    """Writes into a field and leaves it, and waits for the page: what is written beside a redraw may be lost."""
    field.fill(words)
    field.press("Tab")
    wait_until_drawn(field.page)
    expect(field).to_have_value(words)


def choose(page: Page, label: str, option: str) -> None:
    """Chooses from a select box."""
    wanted = page.get_by_role("option", name=option)
    press(page.get_by_role("combobox", name=label), until=wanted)
    press(wanted, until=lambda: not wanted.is_visible())
    wait_until_drawn(page)


def click_cell(page: Page, title: str, *, until: Until) -> None:
    """Presses a cell of the confusion matrix, found by what it counts, and waits for what this brings."""
    press(page.get_by_role("button", name=re.compile(rf"^[\d,]+ {title}$")), until=until)
    wait_until_drawn(page)


def own_photos(page: Page, dropped: Path) -> None:
    """Opens the form for photos of one's own on the Dataset page, and drops a zip file on it."""
    field = page.locator("input[type=file]")
    if not field.is_visible():
        press(page.get_by_text("Add your own photos"), until=field.count)
    field.set_input_files(dropped)
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
