"""A search in a real browser: three trials are watched without a reload, and the best settings reach Train."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casting_core.data.drawing.synthetic import write_sample
from casting_core.records.database.access import connect
from casting_core.records.datasets import DatasetBook, NamedDataset
from tests.browser import walk
from tests.browser.served import Server
from tests.patience import MILLISECONDS

EPOCHS = 20  # enough that the page, which looks only every few seconds, sees a trial end before all have


@pytest.fixture
def tiny(server: Server, tmp_path: Path) -> None:
    """Forty drawn photos under the name Tiny."""
    write_sample(tmp_path / "tiny", castings=20, copies=2, seed=1)
    engine = connect(f"sqlite:///{(server.data_dir / 'casting.sqlite').as_posix()}")
    rule = {"ok": ["ok_front"], "defective": ["def_front"]}
    DatasetBook(engine).put(NamedDataset(name="Tiny", folder=str(tmp_path / "tiny"), rule=rule))
    engine.dispose()


def fill(page: Page, label: str, value: object) -> None:
    walk.write(page.get_by_role("spinbutton", name=label, exact=True), str(value))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.usefixtures("tiny")
def test_three_trials_are_tuned_stopped_gone_on_with_and_the_best_reach_train(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/tune", "Tune")
    walk.choose(page, "Dataset", "Tiny")
    walk.choose(page, "Network", "Classic")  # whose trials are the shorter ones
    fill(page, "Epochs of each trial", EPOCHS)
    fill(page, "batch size to", 16)
    fill(page, "Trials", 3)
    fill(page, "Workers", 1)
    fill(page, "Other seeds for the best", 1)
    begun = page.get_by_role("heading", name="Search 1", exact=True)
    walk.press(page.get_by_role("button", name="Start the search"), until=begun)
    expect(page.get_by_text(re.compile("^[12] of 3 trials"))).to_be_visible(timeout=MILLISECONDS)
    stop, go_on = (page.get_by_role("button", name=name) for name in ("Stop the search", "Go on with the search"))
    walk.press(stop, until=go_on)
    walk.press(go_on, until=lambda: not go_on.is_visible())
    over = page.get_by_text("3 of 3 trials · 3 of 3 trainings with other seeds")
    expect(over).to_be_visible(timeout=MILLISECONDS)
    expect(page.get_by_role("heading", name="Best settings", exact=True)).to_be_visible()
    walk.wait_until_drawn(page)
    batch = page.get_by_test_id("stMetric").filter(has_text="batch size").get_by_test_id("stMetricValue").inner_text()
    use = page.get_by_role("button", name="Use these settings on Train")
    walk.press(use, until=page.get_by_role("heading", name="Train", level=1))
    walk.wait_until_drawn(page)
    expect(page.get_by_role("spinbutton", name="Batch size")).to_have_value(batch)
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value(str(EPOCHS))
