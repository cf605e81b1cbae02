"""Training in a real browser: earlier runs laid over, presets."""

import re

import pytest
from playwright.sync_api import Page, expect

from casting_core.jobs import control
from casting_core.learning.recipes.events import EpochDone, Prepared, encode
from casting_core.learning.recipes.recipe import SETTINGS, Recipe
from casting_core.learning.recipes.setting import Audience
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import State
from casting_core.workflows.training.runs import note_run
from tests.browser import walk
from tests.browser.served import Server
from tests.conftest import installation


def test_a_preset_fills_in_the_form(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/train", "Train")
    epochs, batch = (page.get_by_role("spinbutton", name=name) for name in ("Epochs", "Batch size"))
    walk.press(page.get_by_role("button", name="The guide"), until=lambda: batch.input_value() == "64")
    walk.press(page.get_by_role("button", name="Recommended"), until=lambda: batch.input_value() == "24")
    walk.wait_until_drawn(page)
    walk.write(epochs, "3")
    walk.press(page.get_by_role("button", name="The guide"), until=lambda: batch.input_value() == "64")
    expect(epochs).to_have_value("15")


@pytest.mark.parametrize("preset", ["Recommended", "The guide"])
def test_the_basic_settings_and_start_are_seen_without_scrolling_and_the_others_fold_out(
    page: Page, server: Server, preset: str
) -> None:
    """On a screen of 1440 x 900 points."""
    walk.open_page(page, f"{server.url}/train", "Train")
    batch = page.get_by_role("spinbutton", name="Batch size")
    value = {"Recommended": "24", "The guide": "64"}[preset]
    walk.press(page.get_by_role("button", name=preset), until=lambda: batch.input_value() == value)
    walk.wait_until_drawn(page)
    basic = [setting for setting in SETTINGS.values() if setting.about.audience is Audience.BASIC]
    for setting in basic:  # what is ticked is drawn by its label, not by the field of the browser
        found = (page.get_by_text if setting.kind is bool else page.get_by_label)(setting.label, exact=True)
        expect(found).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Start training")).to_be_in_viewport(ratio=1)
    optimizer = page.get_by_role("combobox", name="Optimizer")
    expect(optimizer).not_to_be_visible()
    walk.press(page.get_by_text("More settings"), until=optimizer)


def test_an_earlier_run_is_laid_over_every_row_and_named_once(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/train", "Train")
    with installation(server.data_dir.parent):
        earlier, now = (told(epochs=epochs) for epochs in (3, 5))
    page.reload()
    expect(page.get_by_role("heading", name=f"Run {now}", exact=True)).to_be_visible()
    walk.wait_until_drawn(page)
    box = page.get_by_role("combobox", name=re.compile("Lay earlier runs over it"))
    option = page.get_by_role("option", name=f"run {earlier}", exact=True)
    walk.press(box, until=option)
    named = page.locator(".stPlotlyChart .legendtext").filter(has_text=f"run {earlier}")
    walk.press(option, until=named)
    expect(named).to_have_count(1)
    over = [line for line in walk.lines(page) if line["name"] == f"run {earlier}"]
    assert all(line["x"] == [1, 2, 3] for line in over)
    assert len({line["row"] for line in over}) == 5


def told(*, epochs: int) -> int:
    """The number of a run that has told so many epochs and failed."""
    dataset, log = NamedDataset(name="Drawn sample", folder="photos", rule={"ok": [], "defective": []}), control.log()
    run = note_run(dataset, Recipe(epochs=epochs)).id
    figures = {"loss": 0.5, "accuracy": 0.8, "validation_loss": 0.6, "validation_accuracy": 0.7}
    speed = {"seconds": 1.0, "photos_per_second": 90.0, "learning_rate": 0.001}
    done = (EpochDone(epoch=epoch, **figures, **speed) for epoch in range(1, epochs + 1))
    prepared = Prepared(epochs=epochs, batches=2, train_photos=40, validation_photos=30, parameters=9)
    log.beat(run, [encode(prepared), *(encode(epoch) for epoch in done)])
    log.end(run, State.FAILED, message="enough")
    return run
