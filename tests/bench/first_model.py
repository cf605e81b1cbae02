"""Seconds from Start to a registered version, of forty photos by Quick: ``python -m tests.bench.first_model``.

As a person does it on the page: the form is read for some seconds, in which a process loads TensorFlow, then Start is
pressed. Exit codes: 0 when the bar was kept, 1 when not.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
from playwright.sync_api import Page, expect
from sqlalchemy import select

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.drawing.synthetic import write_sample
from casting_core.domain import Label
from casting_core.jobs import control
from casting_core.records.database.access import connect, reading
from casting_core.records.database.tables import job_events
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.datasets.sample import ensure_sample
from tests.browser import find_browser, walk
from tests.browser.launched import DESK, launched
from tests.browser.served import Server
from tests.conftest import installation
from tests.patience import MILLISECONDS

NAME = "Forty photos"
OF_EACH = 20  # photos of each class
SOON = 10.0  # seconds
CALM = 10.0  # seconds after a run until the next one, in which what it asked for afterwards ends


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), help="The first photos of this dataset instead of drawn ones.")
@click.option("--reads", default=15.0, show_default=True, type=click.FloatRange(min=0), help="Seconds before Start.")
@click.option("--turns", default=3, show_default=True, type=click.IntRange(min=1), help="How often it is done.")
def main(data: Path | None, reads: float, turns: int) -> None:
    """Measure how long a first model is waited for."""
    with launched() as browser, tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        if browser is None:
            click.echo(find_browser.why_none(), err=True)
            sys.exit(2)
        server = Server(Path(room))
        try:
            _forty(Path(room), data)
            server.start()
            page = browser.new_page(viewport=DESK, reduced_motion="reduce")
            page.set_default_timeout(MILLISECONDS)
            taken = [_trained(page, server, reads) for _ in range(turns)]
            phases = list(_phases(Path(room)))
        finally:
            server.close()
    click.echo(f"from Start to a version: {', '.join(f'{one:.1f}' for one in taken)} s (bar {SOON:g} s)")
    click.echo("the last one, seconds after Start: " + "; ".join(phases))
    sys.exit(int(sorted(taken)[len(taken) // 2] > SOON))


def _forty(room: Path, data: Path | None) -> None:
    """Names a dataset of forty photos, and draws the sample that a first visit would draw."""
    with installation(room):
        if data is None:
            data = room / "drawn"
            write_sample(data, castings=3 * OF_EACH, copies=2, seed=5)
        photos = open_dataset(data).photos
        for label in Label:
            for photo in photos.loc[(photos["label"] == label) & (photos["split"] != "test"), "path"][:OF_EACH]:
                kept = room / "forty" / label.name.lower() / Path(photo).name
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(data / photo, kept)
        write_sample(room / "data" / "sample", castings=4, copies=2, seed=1)
        ensure_sample()
        rule = names_of(ClassRule())
        stores.dataset_book().put(NamedDataset(name=NAME, folder=str(room / "forty"), rule=rule))


def _trained(page: Page, server: Server, reads: float) -> float:
    walk.open_page(page, f"{server.url}/train?dataset={NAME.replace(' ', '+')}", "Train")
    walk.press(page.get_by_role("button", name="Quick"), until=page.get_by_role("spinbutton", name="Epochs"))
    walk.wait_until_drawn(page)
    start = page.get_by_role("button", name="Start training")
    start.click(trial=True)  # it is there, stands still, and may be clicked
    page.wait_for_timeout(1000 * reads)
    began = time.perf_counter()
    start.click()
    expect(page.get_by_text("seconds left").or_(page.get_by_text("Stop")).first).to_be_visible(timeout=MILLISECONDS)
    expect(page.get_by_role("button", name="Review its mistakes")).to_be_visible(timeout=MILLISECONDS)
    taken = time.perf_counter() - began
    page.wait_for_timeout(1000 * CALM)
    return taken


def _phases(room: Path) -> Iterator[str]:
    """When the last run said what, in seconds from when it was asked for."""
    with installation(room):
        job = control.known(kind="run", most=1)[0]
        told = select(job_events.c.at, job_events.c.body).where(job_events.c.job == job.id).order_by(job_events.c.id)
        with reading(connect(settings().database_url)) as connection:
            for at, body in connection.execute(told):
                if "text" in body:
                    yield f"{at - job.asked:.1f} {body['text']}"
        yield f"{(job.ended or job.asked) - job.asked:.1f} over"


if __name__ == "__main__":
    main()
