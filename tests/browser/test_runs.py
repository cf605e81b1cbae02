"""Runs side by side in a real browser: a click on a past run shows it, whatever else goes on."""

import pytest
from playwright.sync_api import Page, expect

from casting_core.jobs import control
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import State
from casting_core.workflows.training.runs import note_run
from tests import at_work
from tests.browser import walk
from tests.browser.served import Server
from tests.conftest import installation


def begun() -> int:
    """The number of a run that is at work, in the installation that is in use."""
    dataset = NamedDataset(name="Drawn sample", folder="photos", rule={"ok": [], "defective": []})
    return at_work.begin(note_run(dataset, Recipe()).id).id


def test_on_a_telephone_the_run_that_goes_on_comes_before_the_form(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/train", "Train")
    with installation(server.data_dir.parent):
        run = begun()
    page.reload()
    live, form = (page.get_by_role("heading", name=name, exact=True) for name in (f"Run {run}", "New run"))
    expect(live).to_be_visible()
    expect(form).to_be_visible()
    for width, first in ((390, "Run"), (1440, "New run")):
        page.set_viewport_size({"width": width, "height": 844})
        walk.wait_until_drawn(page)
        places = {"Run": live.bounding_box(), "New run": form.bounding_box()}
        assert all(places.values())
        ahead = min(places, key=lambda name: (places[name]["y"] // 40, places[name]["x"]))  # type: ignore[index]
        assert ahead == first
    with installation(server.data_dir.parent):
        at_work.end(run, State.STOPPED, message="enough")


def test_a_photo_in_full_size_fits_its_window(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/review", "Review")
    picture = page.get_by_role("dialog").get_by_role("img", name="casting in full size")
    walk.press(page.get_by_role("button", name="Full size").first, until=picture)
    for width, height in ((1440, 900), (1366, 650), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        walk.wait_until_drawn(page)
        box = page.get_by_role("dialog").bounding_box()
        photo = picture.bounding_box()
        assert box is not None and photo is not None
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
        assert photo["width"] == pytest.approx(photo["height"], abs=2)
        assert photo["width"] >= 240


def test_a_past_run_can_be_looked_at_while_another_goes_on(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/train", "Train")  # draws the sample first
    with installation(server.data_dir.parent):
        past, now = begun(), begun()
        at_work.end(past, State.FAILED, message="the photos have gone")
    page.reload()
    expect(page.get_by_role("heading", name=f"Run {now}", exact=True)).to_be_visible()
    walk.wait_until_drawn(page)
    table = page.get_by_test_id("stDataFrame").first
    heading = page.get_by_role("heading", name=f"Run {past}", exact=True)
    walk.press(table, at={"x": 15, "y": 35 * 2 + 17}, until=heading)  # the box of the second row: the past run
    with installation(server.data_dir.parent):
        control.log().beat(now)
    walk.wait_until_drawn(page)
    expect(heading).to_be_visible()
    watch = page.get_by_role("button", name=f"Watch run {now}")
    walk.press(watch, until=page.get_by_role("heading", name=f"Run {now}", exact=True))
    with installation(server.data_dir.parent):
        at_work.end(now, State.STOPPED, message="enough")
    expect(page.get_by_text("Ended early: enough")).to_be_visible()
