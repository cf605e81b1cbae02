"""Milliseconds from a click or key to the page drawn anew, measured inside the browser, whatever the page shows."""

import time
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.patience import PATIENCE

PAUSE = 600  # milliseconds before a person does the next thing; charts still move until then, and a click would miss
SETTLED = 100  # milliseconds in which a browser draws an answer that it has; added where nothing else tells when it did
POLL = 20  # milliseconds
BINARY = 2  # what the protocol of web sockets calls a frame that is no text

LISTEN = """settled => {
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
  seen.over = () => setTimeout(() => {
    seen.ran = true;
    requestAnimationFrame(rest);
  }, settled);
  new MutationObserver(changes => {  // a quick run may be over before it is noticed: its old value tells of it
    if (changes.some(change => change.oldValue === 'running')) seen.ran = true;
    if (app.dataset.testScriptState === 'running') seen.ran = true;
    else if (seen.ran && seen.drawn === null && seen.heading === null) requestAnimationFrame(rest);
  }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state'], attributeOldValue: true});
}"""


_ENDS: "WeakKeyDictionary[Page, int]" = WeakKeyDictionary()  # how many runs the server said were over


@dataclass(frozen=True, kw_only=True)
class Click:
    """One thing that a person does on a page, and what it took until every picture of the answer was there."""

    name: str
    milliseconds: float


def listen(page: Page) -> None:
    """Makes the page note when it is asked and when it has answered; once for each page that was opened."""
    page.evaluate(LISTEN, SETTLED)
    _ENDS[page] = 0
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.webSocketFrameReceived", lambda frame: _count(page, frame["response"]))


def _count(page: Page, received: dict[str, Any]) -> None:
    if received["opcode"] == BINARY:
        message = ForwardMsg()
        message.ParseFromString(b64decode(received["payloadData"]))
        _ENDS[page] += message.WhichOneof("type") == "script_finished"


def timed(page: Page, name: str, act: Callable[[], object], *, heading: str | None = None) -> Click:
    """Does it, and waits until the script has run and everything is drawn; ``listen`` must have been called.

    A quick run may begin and end before the page shows that it runs; then the server's word that it is over counts, and
    the answer is taken for later than it was. ``heading`` is that of another page to which it leads: there the end of a
    run says nothing, for a page that is watched runs by itself, too.
    """
    page.wait_for_timeout(PAUSE)
    page.evaluate("heading => { window.measured.heading = heading; }", heading)
    ends, given_up = _ENDS[page], time.monotonic() + PATIENCE
    act()
    while not page.evaluate("() => window.measured.drawn !== null"):
        if _ENDS[page] > ends and heading is None:
            ends = _ENDS[page]
            page.evaluate("() => { window.measured.over(); }")
        if time.monotonic() > given_up:
            raise TimeoutError(f"{name}: no answer was drawn")
        page.wait_for_timeout(POLL)
    return Click(name=name, milliseconds=page.evaluate("() => window.measured.drawn - window.measured.asked"))


def at_95(clicks: Sequence[Click]) -> float:
    """The milliseconds that 95 % of the clicks keep within."""
    return sorted(click.milliseconds for click in clicks)[min(len(clicks) - 1, int(0.95 * len(clicks)))]
