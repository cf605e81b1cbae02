"""``make bench-runs``, its second half: what a person waits for while a run trains, in a real browser.

The pages are walked through by the menu while a real run learns; then the Train page watches a run of 60 epochs of 100
batches that goes on. Exit codes: 0 when both bars were kept, 1 when one was missed, 2 where there is no browser.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from playwright.sync_api import Browser, Page

from casting_core.jobs import control, process
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.events import BatchDone, EpochDone, Event, Prepared, encode
from casting_core.learning.recipes.presets import recommended
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.training.runs import note_run
from tests.bench.clicks import Click, at_95, listen, timed
from tests.bench.figures import Bar
from tests.browser import walk
from tests.browser.launched import DESK, launched
from tests.browser.served import Server
from tests.patience import MILLISECONDS

ANSWER, UPDATE = 500.0, 200.0  # milliseconds that 95 % of the answers, and of the updates, may take
PAGES = ("Dataset", "Review", "Models", "Train")
EPOCHS, BATCHES = 60, 100
UPDATES = 30  # of the page that watches

# How long the script behind the page runs each time, and the page draws what came of it.
WATCH = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  let began = null;
  window.updates = [];
  new MutationObserver(() => {
    if (app.dataset.testScriptState === 'running') began ??= performance.now();
    else if (began !== null) {
      const since = began;
      began = null;
      requestAnimationFrame(() => setTimeout(() => window.updates.push(performance.now() - since)));
    }
  }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
}"""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What was waited for; times in milliseconds."""

    clicks: tuple[Click, ...]
    updates: tuple[float, ...]

    @property
    def answer(self) -> float:
        """What 95 % of the answers keep within while a run trains."""
        return at_95(self.clicks)

    @property
    def update(self) -> float:
        """What 95 % of the updates of a long run's curves keep within."""
        return at_95([Click(name="update", milliseconds=taken) for taken in self.updates])

    @property
    def bars(self) -> list[Bar]:
        return [
            Bar(name="pages while a run trains", value=self.answer, limit=ANSWER, upper=True),
            Bar(name="curves of a long run", value=self.update, limit=UPDATE, upper=True),
        ]


def measure(room: Path, browser: Browser, *, turns: int) -> Watched:
    """Serves a dashboard from this folder and looks at it."""
    server = Server(room)
    try:
        server.start()
        page = browser.new_page(viewport=DESK, reduced_motion="reduce")
        clicks = _walked(page, server, turns=turns)
        page.close()
        updates = _watched(browser.new_page(viewport=DESK, reduced_motion="reduce"), server)
    finally:
        server.close()
    return Watched(clicks=tuple(clicks), updates=tuple(updates))


def _walked(page: Page, server: Server, *, turns: int) -> list[Click]:
    """Goes round the pages while a run trains; the first round, in which caches fill, does not count."""
    walk.start_training(page, server.url, epochs=900, batch_size=24, network="Evidence")
    figure = page.get_by_test_id("stMetric").filter(has_text="Validation right")
    figure.filter(has_text="%").wait_for(timeout=MILLISECONDS)  # an epoch is done: it learns
    listen(page)
    links = page.get_by_test_id("stSidebar")
    rounds = [
        [timed(page, title, links.get_by_role("link", name=title).click, heading=title) for title in PAGES]
        for _ in range(turns + 1)
    ]
    page.get_by_role("button", name="Stop, keep nothing").click()
    page.get_by_text("Ended early").wait_for()
    return [click for turn in rounds[1:] for click in turn]


def _watched(page: Page, server: Server) -> list[float]:
    """Milliseconds of each update of a run in its last epoch, a batch of which is told every half second."""
    os.environ["CASTING_DATA_DIR"] = str(server.data_dir)  # its run is this process's
    settings.cache_clear()
    log, told = control.log(), list(events(EPOCHS, BATCHES))
    dataset = NamedDataset(name="long", folder=str(server.data_dir / "sample"), rule={"ok": [], "defective": []})
    recipe = recommended(NetworkName.EVIDENCE).model_copy(update={"epochs": EPOCHS})
    run = note_run(dataset, recipe)
    lock = process.hold(run.id)
    log.begin(run.id, pid=os.getpid())
    late = len(told) - 4 * UPDATES
    log.beat(run.id, [encode(event) for event in told[:late]])
    walk.open_page(page, f"{server.url}/train", "Train")
    page.get_by_text(f"epoch {EPOCHS} of {EPOCHS}").or_(page.get_by_text(f"epoch {EPOCHS - 1} of {EPOCHS}")).wait_for()
    page.evaluate(WATCH)
    for event in told[late:]:
        log.beat(run.id, [encode(event)])
        page.wait_for_timeout(500)
        if page.evaluate("() => window.updates.length") >= UPDATES:
            break
    lock.release()
    taken: list[float] = page.evaluate("() => window.updates")
    return taken


def events(epochs: int, batches: int) -> Iterator[Event]:
    """A run of so many epochs of so many batches, as it would have told of itself."""
    yield Prepared(epochs=epochs, batches=batches, train_photos=2400, validation_photos=300, parameters=10_000)
    for epoch in range(1, epochs + 1):
        loss = 0.7 / epoch
        for batch in range(1, batches + 1):
            yield BatchDone(epoch=epoch, batch=batch, loss=loss + 0.01 * (batch % 7), accuracy=0.9, seconds=0.1 * batch)
        yield EpochDone(
            epoch=epoch, loss=loss, accuracy=0.9, validation_loss=loss, validation_accuracy=0.9, seconds=10,
            photos_per_second=240, missed=3, false_alarms=2, f1_ok=0.9, f1_defective=0.9, learning_rate=0.002,
        )  # fmt: skip


@click.command()
@click.option("--turns", default=8, show_default=True, type=click.IntRange(min=1), help="Rounds of the pages.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for machines.")
def main(turns: int, as_json: bool) -> None:
    """Measure what a person waits for while a run trains."""
    with launched() as browser, tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        if browser is None:
            click.echo("Error: there is no Chromium to measure with", err=True)
            sys.exit(2)
        found = measure(Path(room), browser, turns=turns)
        time.sleep(1)  # the last run writes its end
    if as_json:
        click.echo(json.dumps(asdict(found) | {"answer": found.answer, "update": found.update}))
    else:
        click.echo(
            f"{len(found.clicks)} pages while a run trains: {found.answer:.0f} ms at 95 % (at most {ANSWER:.0f})"
        )
        click.echo(f"{len(found.updates)} updates of a long run: {found.update:.0f} ms at 95 % (at most {UPDATE:.0f})")
    if missed := [bar.name for bar in found.bars if not bar.kept]:
        click.echo(f"Missed: {', '.join(missed)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
