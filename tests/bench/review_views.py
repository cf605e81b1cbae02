"""Milliseconds until Review shows castings, in a real browser: ``python -m tests.bench.review_views``.

With a version that was trained on the photos of a real product and has scores out of fold. Two things are measured: the
page as a visitor opens it whose browser has Streamlit's programs, and the way from a click on a cell to its castings.
Both end with the frame in which the sharp photo of the first casting of that cell is drawn on the card. Beside them
stands what the server's processor did in all: it hardly depends on who else uses the machine.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import find_browser, walk
from tests.browser.launched import DESK, launched
from tests.browser.served import ROOT, Server
from tests.patience import MILLISECONDS

PHOTOS = Path(os.environ.get("CASTING_REAL_PHOTOS", ROOT.parent / "shared" / "casting_data"))
TRAINED = ("--network", "backbone", "--validation", "casting", "--folds", "4", "--calibrate")
NAME = "Castings"
LIMITS = {"first view": 1000.0, "cell to castings": 300.0}  # milliseconds at 95 %
PAUSE = 1200  # milliseconds in which a person looks at what came
POLL = 10  # milliseconds
Times = tuple[list[float], float]  # milliseconds, the shortest first, and those of the server's processor for each
CELLS = {  # as the buttons call them, and the words on the card by which it is known whose castings are shown
    "Missed defects": ("Labelled defective", "says ok"),
    "False alarms": ("Labelled ok", "says defective"),
    "Defects found": ("Labelled defective", "says defective"),
    "Sound castings passed": ("Labelled ok", "says ok"),
}
THERE = """wanted => {
  const card = document.querySelector('.st-key-judge-each [data-testid=stBidiComponentIsolated]')?.shadowRoot;
  const find = id => card?.getElementById(id);
  const verdict = find('verdict')?.textContent ?? '', photo = find('photo')?.firstChild;
  return wanted.every(word => verdict.includes(word)) && photo?.complete && photo.naturalWidth > 0
    && !find('stage').classList.contains('waits');
}"""
LISTEN = f"""wanted => {{
  const there = {THERE}, seen = window.seen = {{asked: null, drawn: null}};
  const look = () => requestAnimationFrame(() => {{
    if (there(wanted)) seen.drawn = performance.now();
    else look();
  }});
  document.addEventListener('pointerdown', event => {{ seen.asked = event.timeStamp; look(); }}, {{
    capture: true, once: true,
  }});
}}"""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), default=PHOTOS, show_default=True, help="Photos to review.")
@click.option("--room", type=click.Path(path_type=Path), help="Where the trained version is kept for the next time.")
@click.option("--turns", default=10, show_default=True, type=click.IntRange(min=2), help="How often each is done.")
def main(data: Path, room: Path | None, turns: int) -> None:
    """Measure how long the page of Review and the castings behind a number of it are waited for."""
    if not data.is_dir():
        click.echo(f"the real photos are not in {data} (--data or CASTING_REAL_PHOTOS names another folder)", err=True)
        sys.exit(2)
    with launched() as browser, tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as passing:
        if browser is None:
            click.echo(find_browser.why_none(), err=True)
            sys.exit(2)
        server = Server(room or Path(passing))
        _train(server, data)
        try:
            server.start()
            taken = {split: measure(browser, server, split, turns) for split in ("test", "out of fold")}
        finally:
            server.close()
    late = False
    for split, (cold, found) in taken.items():
        click.echo(f"{split}: the very first view after the start of the server {cold:.0f} ms")
        for name, (times, processor) in found.items():
            half, most = (times[min(len(times) - 1, int(part * len(times)))] for part in (0.5, 0.95))
            late |= most > LIMITS[name]
            figures = f"p50 {half:.0f} ms, p95 {most:.0f} ms (limit {LIMITS[name]:.0f} ms)"
            click.echo(f"{split}: {name}, {len(times)} times: {figures}; the server worked {processor:.0f} ms each")
    sys.exit(int(late))


def measure(browser: Browser, server: Server, split: str, turns: int) -> tuple[float, dict[str, Times]]:
    """Of the photos of a split: the first view of all, and the times of each thing."""
    visitor = browser.new_context(viewport=DESK, reduced_motion="reduce")
    visitor.set_default_timeout(MILLISECONDS)
    cold = _view(visitor, server.url, split)
    views = _times(server, lambda: [_view(visitor, server.url, split) for _ in range(turns)])
    page = visitor.new_page()
    walk.open_page(page, _address(server.url, split), "Review")
    full = [name for name in CELLS if not page.get_by_role("button", name=f"0 {name}", exact=True).count()]
    for name in full:  # the first time photos are made small, and the version is asked about them
        _click(page, name)
    clicks = _times(server, lambda: [_click(page, name) for _ in range(turns) for name in full])
    visitor.close()
    return cold, {"first view": views, "cell to castings": clicks}


def _times(server: Server, doing: Callable[[], list[float]]) -> Times:
    """The times, the shortest first, and what the server's processor did for each, milliseconds."""
    before = server.processor()
    taken = sorted(doing())
    return taken, 1000 * (server.processor() - before) / len(taken)


def _address(url: str, split: str) -> str:
    return f"{url}/review?model=v1&split={split.replace(' ', '+')}"


def _view(visitor: BrowserContext, url: str, split: str) -> float:
    """Milliseconds until a visitor sees the first casting, from the moment when the address was asked for."""
    page = visitor.new_page()
    page.goto(_address(url, split), wait_until="commit", timeout=MILLISECONDS)
    while not page.evaluate(THERE, ["Labelled"]):
        page.wait_for_timeout(POLL)
    taken = page.evaluate("() => performance.now()")
    page.close()
    return float(taken)


def _click(page: Page, cell: str) -> float:
    """Milliseconds from a press on the button of a cell to the sharp photo of its first casting."""
    page.wait_for_timeout(PAUSE)
    button = page.get_by_role("button", name=re.compile(rf"^[\d,]+ {cell}$"))
    if button.get_attribute("aria-pressed") == "true":
        return 0.0
    button.scroll_into_view_if_needed()
    page.evaluate(LISTEN, list(CELLS[cell]))
    button.click()
    while not page.evaluate("() => window.seen.drawn"):
        page.wait_for_timeout(POLL)
    return float(page.evaluate("() => window.seen.drawn - window.seen.asked"))


def _train(server: Server, data: Path) -> None:
    """A version of these photos, unless there is one, and a name for them."""
    folders = {"CASTING_DATA_DIR": str(server.data_dir), "CASTING_MODEL_DIR": str(server.model_dir)}

    def run(*command: str) -> None:
        subprocess.run([sys.executable, "-m", "casting_core", *command], cwd=ROOT, env=os.environ | folders, check=True)

    if not (server.model_dir / "v1").exists():
        run("import", str(data), "--name", NAME)
        run("train", "--data", str(data), *TRAINED)


if __name__ == "__main__":
    main()
