"""Every page, on a desk and on a telephone, light and dark: nothing jumps, all can be read, and be reached by keyboard.

Each page is loaded twice: on a desk in light, with nothing going on, and on a telephone in dark, while a run works. Its
colours are looked at in the other scheme, too.
"""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from casting_core.jobs import control
from casting_core.learning.recipes.events import BatchDone, EpochDone, Prepared, encode
from casting_core.records.jobs import State
from casting_core.records.registry import STARTER
from casting_core.records.version_files import CARD
from casting_core.workflows.stores import registry
from casting_core.workflows.watching.board import shifts_until
from tests import at_work
from tests.browser import walk
from tests.browser.served import Server
from tests.browser.test_runs import begun
from tests.browser.watch import Watch
from tests.conftest import installation
from tests.judged import Part, judge_parts

pytestmark = pytest.mark.long  # what jumps depends on how fast the machine draws: looked at on a quiet one

PAGES = (
    "",
    "dataset",
    *(f"dataset?section={section}" for section in ("Audit", "Photos", "Castings", "Splits")),
    "train",
    "tune",
    "review",
    "agreement",
    "inspection",
    "models",
    "history",
)
MOST_SHIFT = 0.1  # what the web calls good
GAP, LONGEST = 1.0, 5.0  # seconds: shifts that follow each other belong together
LEAST_RING = 2.0  # pixels
LEAST_CONTRAST = 3.0  # of a ring against the page, as WCAG 2.2 wants it of what is no text
STOPS, FEWEST_STOPS = 70, 4  # of the Tab key on one page
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# What comes from Streamlit or plotly and has neither an option nor a style that mends it: rule, part of the place, why.
EXCUSED: tuple[tuple[str, str, str], ...] = ()

WATCH = """
window.shifts = [];
const moved = one => {
  const at = one.node && (one.node.nodeType === 1 ? one.node : one.node.parentElement);
  const [from, to] = [one.previousRect, one.currentRect].map(rect => [rect.x, rect.y, rect.width, rect.height]);
  return `${at ? (at.innerText || at.className || at.tagName).slice(0, 40) : 'gone'} ${from} to ${to}`;
};
new PerformanceObserver(list => {
  for (const one of list.getEntries())
    if (!one.hadRecentInput) window.shifts.push([one.startTime / 1000, one.value, one.sources.map(moved).join('; ')]);
}).observe({type: 'layout-shift', buffered: true});
"""
FOCUS = """() => {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const around = [at, at.closest('label'), at.parentElement].filter(Boolean);
  const rings = around.map(one => getComputedStyle(one)).filter(style => style.outlineStyle !== 'none');
  const page = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
  const name = at.tagName + ' ' + (at.getAttribute('aria-label') || at.innerText || at.title || '').slice(0, 40);
  const rest = at.dataset.seen === undefined;
  at.dataset.seen = '';
  return {name, fresh: rest, page, rings: rings.map(style => [parseFloat(style.outlineWidth), style.outlineColor])};
}"""

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """How somebody comes to the pages."""

    width: int  # pixels
    scheme: Scheme
    other: Scheme
    run: bool  # whether a run works meanwhile


DESK = Visit(width=1440, scheme="light", other="dark", run=False)
TELEPHONE = Visit(width=390, scheme="dark", other="light", run=True)


@pytest.fixture(scope="module", autouse=True)
def lived_in(server: Server) -> None:
    """A second version, and verdicts on record, as in any plant: their tables and buttons come in, too."""
    with installation(server.data_dir.parent):
        book, starter = registry(), registry().path(STARTER)
        with book.workshop() as workshop:
            for file in starter.iterdir():
                if file.name != CARD:
                    shutil.copy(file, workshop)
            book.register(workshop, book.card(STARTER))
        start = shifts_until(time.time())[-1].start
        parts = [Part(at=start + at, name=f"P{at}", verdict="pass" if at else "reject") for at in range(8)]
        judge_parts(parts, book.card("v1"))


@pytest.fixture
def at_work_meanwhile(server: Server) -> Iterator[None]:
    """A run that has told three epochs and goes on."""
    with installation(server.data_dir.parent):
        run = begun()
        told: list[Any] = [Prepared(epochs=20, batches=4, train_photos=60, validation_photos=20, parameters=9)]
        for epoch in (1, 2, 3):
            told += [BatchDone(epoch=epoch, batch=at, loss=0.5, accuracy=0.8, seconds=at) for at in (1, 2, 3, 4)]
            told.append(
                EpochDone(
                    epoch=epoch, loss=0.5, accuracy=0.8, validation_loss=0.6, validation_accuracy=0.7, seconds=9.0,
                    photos_per_second=30.0, missed=2.0, false_alarms=1.0, f1_ok=0.7, f1_defective=0.8, learning_rate=0.1
                )
            )  # fmt: skip
        control.log().beat(run, [encode(event) for event in told], doing="Epoch 4 of 20", share=0.15)
        yield
        at_work.end(run, State.STOPPED, message="enough")


@pytest.mark.usefixtures("at_work_meanwhile")
@pytest.mark.parametrize("visit", [TELEPHONE], ids=["a telephone, while a run works"])
def test_while_a_run_works_every_page_can_be_read_and_reached(
    context: BrowserContext, watch: Watch, server: Server, visit: Visit
) -> None:
    assert looked_at(context, server, visit) == []
    watch.assert_nothing_wrong()


@pytest.mark.parametrize("visit", [DESK], ids=["a desk"])
def test_every_page_can_be_read_and_reached(
    context: BrowserContext, watch: Watch, server: Server, visit: Visit
) -> None:
    assert looked_at(context, server, visit) == []
    watch.assert_nothing_wrong()


def looked_at(context: BrowserContext, server: Server, visit: Visit) -> list[str]:
    """What is wrong on the pages, a line each."""
    context.add_init_script(WATCH)
    wrong: list[str] = []
    for path in PAGES:
        page = context.new_page()
        page.set_viewport_size({"width": visit.width, "height": 900})
        page.emulate_media(color_scheme=visit.scheme, reduced_motion="reduce")
        page.goto(f"{server.url}/{path}")
        walk.wait_until_drawn(page)
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)  # what comes in late would jump late
        found = [*_jumps(page), *barriers(page), *_no_rings(page), *beyond(page)]
        page.emulate_media(color_scheme=visit.other, reduced_motion="reduce")
        page.wait_for_timeout(300)
        found += barriers(page, only="color-contrast")
        wrong += [f"/{path}: {one}" for one in found]
        page.close()
    return wrong


def _jumps(page: Page) -> Iterator[str]:
    """The worst that the page jumped within a few seconds, where that is too much."""
    worst, sum_, began, last = 0.0, 0.0, float("-inf"), float("-inf")
    told: list[tuple[float, float, str]] = page.evaluate("window.shifts")
    for at, value, _ in told:
        if at - last > GAP or at - began > LONGEST:
            sum_, began = 0.0, at
        sum_, last = sum_ + value, at
        worst = max(worst, sum_)
    if worst > MOST_SHIFT:
        _, most, what = max(told, key=lambda one: one[1])
        yield f"it jumps by {worst:.3f}, most of it, {most:.3f}, by {what}"


def barriers(page: Page, *, only: str | None = None) -> Iterator[str]:
    """What axe calls serious or critical."""
    page.evaluate(AXE)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only is not None:
        options["runOnly"] = {"type": "rule", "values": [only]}
    for rule in page.evaluate("options => axe.run(options)", options)["violations"]:
        for node in rule["nodes"]:
            place = f"{node['target']} {node['html'][:160]}"
            excused = any(rule["id"] == of and part in place for of, part, _ in EXCUSED)
            if rule["impact"] in ("serious", "critical") and not excused:
                yield f"{rule['id']} ({rule['impact']}): {place}; {node['failureSummary'][:200]}"


def _no_rings(page: Page) -> Iterator[str]:
    """Controls that the Tab key comes to, and that have no ring around them then that can be seen."""
    for stop in range(STOPS):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS)
        if seen is None or not seen["fresh"]:
            if stop < FEWEST_STOPS:
                yield f"the Tab key comes to {stop} places only"
            return
        rings = [colour for width, colour in seen["rings"] if width >= LEAST_RING]
        if not any(_contrast(colour, seen["page"]) >= LEAST_CONTRAST for colour in rings):
            yield f"no ring around {seen['name']!r}: {seen['rings']}"


def beyond(page: Page) -> Iterator[str]:
    """Whether the page is wider than its window, so that it must be pushed sideways to be read."""
    inside, window = page.evaluate(
        "(m => [m.scrollWidth, m.clientWidth])(document.querySelector('[data-testid=stMain]'))"
    )
    if inside > window:
        yield f"it is {inside} pixels wide in a window of {window}"


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Of a colour as a browser writes it, after WCAG 2.2."""
    levels = [float(level) / 255 for level in re.findall(r"[\d.]+", colour)[:3]]
    red, green, blue = (level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
