"""Milliseconds from a key to the next card on the Review page: ``python -m tests.bench.review_card``.

What counts is the time from the key, by the browser's own clock, to the frame in which the sharp photo of the next
casting is drawn. The server works on what was judged meanwhile, as it does for a person.
"""

import sys
import tempfile
from pathlib import Path

import click
from playwright.sync_api import Page, expect

from tests.browser import find_browser, walk
from tests.browser.launched import DESK, launched
from tests.browser.served import Server
from tests.patience import MILLISECONDS

PAUSE = 400  # milliseconds between two keys: a very quick person
LIMIT = 50.0  # milliseconds at 95 %: what feels like at once
LISTEN = """() => {
  const root = document.querySelector('.st-key-judge-each [data-testid=stBidiComponentIsolated]').shadowRoot;
  const find = (id) => root.getElementById(id);
  window.taken = [];
  document.addEventListener('keydown', (event) => {
    const asked = event.timeStamp, before = find('where').textContent;
    const look = () => requestAnimationFrame((now) => {
      const picture = find('photo').firstChild;
      const there = find('where').textContent !== before && picture?.complete && picture.naturalWidth > 0;
      if (there && !find('stage').classList.contains('waits')) window.taken.push(performance.now() - asked);
      else look();
    });
    look();
  }, true);
}"""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--presses", default=60, show_default=True, type=click.IntRange(min=5), help="Keys that are pressed.")
def main(presses: int) -> None:
    """Measure how long a person waits for the next casting to judge."""
    with launched() as browser, tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        if browser is None:
            click.echo(find_browser.why_none(), err=True)
            sys.exit(2)
        server = Server(Path(room))
        try:
            server.start()
            page = browser.new_page(viewport=DESK, reduced_motion="reduce")
            page.set_default_timeout(MILLISECONDS)
            taken = measure(page, server.url, presses)
        finally:
            server.close()
    half, most = (taken[min(len(taken) - 1, int(part * len(taken)))] for part in (0.5, 0.95))
    click.echo(f"{len(taken)} of {presses} keys: p50 {half:.1f} ms, p95 {most:.1f} ms (limit {LIMIT:g} ms)")
    if len(taken) < presses or most > LIMIT:
        sys.exit(1)


def measure(page: Page, url: str, presses: int) -> list[float]:
    """Milliseconds of each key, the shortest first."""
    walk.open_page(page, url, "Overview")
    expect(page.get_by_text("Where to go next")).to_be_visible(timeout=MILLISECONDS)
    walk.open_page(page, f"{url}/review?model=starter&split=all&cell=found", "Review")
    card = page.get_by_role("group", name="Judge one after another")
    name = card.get_by_label("Judged by")
    name.fill("Bench")
    name.press("Enter")
    page.evaluate(LISTEN)
    for _ in range(presses):
        page.keyboard.press("1")
        page.wait_for_timeout(PAUSE)
    page.wait_for_timeout(10 * PAUSE)
    return sorted(float(one) for one in page.evaluate("() => window.taken"))


if __name__ == "__main__":
    main()
