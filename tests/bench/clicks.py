"""Milliseconds from a click or key to the page drawn anew, measured inside the browser, whatever the page shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

PAUSE = 600  # milliseconds before a person does the next thing; charts still move until then, and a click would miss
LONG = 60_000  # milliseconds until a measurement is given up

LISTEN = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const seen = window.measured = {asked: performance.now(), ran: false, drawn: null, heading: null};
  const ask = () => {
    Object.assign(seen, {asked: performance.now(), ran: false, drawn: null});
    if (seen.heading !== null) requestAnimationFrame(rest);
  };
  for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, ask, true);
  const there = () => {
    if (seen.heading !== null && document.querySelector('h1')?.textContent !== seen.heading) return false;
    return [...document.querySelectorAll('[data-testid=stMain] img')].every(picture => picture.complete);
  };
  const rest = () => {
    const running = app.dataset.testScriptState === 'running';
    if (seen.drawn !== null || running && seen.heading === null) return;
    if (!running && there()) seen.drawn = performance.now();
    else requestAnimationFrame(rest);
  };
  new MutationObserver(changes => {  // a quick run may be over before it is noticed: its old value tells of it
    if (changes.some(change => change.oldValue === 'running')) seen.ran = true;
    if (app.dataset.testScriptState === 'running') seen.ran = true;
    else if (seen.ran && seen.drawn === null && seen.heading === null) requestAnimationFrame(rest);
  }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state'], attributeOldValue: true});
}"""


@dataclass(frozen=True, kw_only=True)
class Click:
    """One thing that a person does on a page, and what it took until every picture of the answer was there."""

    name: str
    milliseconds: float


def listen(page: Page) -> None:
    """Makes the page note when it is asked and when it has answered; once for each page that was opened."""
    page.evaluate(LISTEN)


def timed(page: Page, name: str, act: Callable[[], object], *, heading: str | None = None) -> Click:
    """Does it, and waits until the script has run and everything is drawn; ``listen`` must have been called.

    ``heading`` is that of another page to which it leads. There the end of a run says nothing: a quick one begins and
    ends between two looks of the browser, and a page that is watched runs by itself, too.
    """
    page.wait_for_timeout(PAUSE)
    page.evaluate("heading => { window.measured.heading = heading; }", heading)
    act()
    page.wait_for_function("() => window.measured.drawn !== null", timeout=LONG)
    return Click(name=name, milliseconds=page.evaluate("() => window.measured.drawn - window.measured.asked"))


def at_95(clicks: Sequence[Click]) -> float:
    """The milliseconds that 95 % of the clicks keep within."""
    return sorted(click.milliseconds for click in clicks)[min(len(clicks) - 1, int(0.95 * len(clicks)))]
