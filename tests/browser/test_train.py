"""Training in a real browser: curves without a gap whatever becomes of the tab, earlier runs laid over, presets."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.served import Server

LINES = """() => document.querySelector('.js-plotly-plot')._fullData.map(line => ({
    name: line.name, mode: line.mode, x: Array.from(line.x), y: Array.from(line.y), row: line.yaxis
}))"""


def lines(page: Page) -> list[dict[str, Any]]:
    """Every line of the board as the browser has it."""
    page.locator(".js-plotly-plot").first.wait_for()
    walk.wait_until_drawn(page)
    found: list[dict[str, Any]] = page.evaluate(LINES)
    return found


@pytest.mark.timeout(600)
def test_a_curve_has_no_gap_after_the_page_was_left_and_the_tab_closed(page: Page, server: Server) -> None:
    walk.start_training(page, server.url, epochs=4, batch_size=32)
    expect(page.get_by_text(re.compile(r"epoch 1 of 4, batch \d+ of 10"))).to_be_visible(timeout=120_000)
    for figure in ("Loss", "Photos/s", "Validation right", "Missed", "F1 ok · defective", "Learning rate"):
        expect(page.get_by_test_id("stMetric").filter(has_text=figure).first).to_be_visible(timeout=60_000)
    walk.go_to(page, "Dataset")
    other = page.context.new_page()
    page.close()
    walk.open_page(other, f"{server.url}/train", "Train")
    walk.wait_for_end(other)
    within = next(line for line in lines(other) if line["mode"] == "lines")
    assert within["x"] == pytest.approx([(batch + 1) / 10 for batch in range(40)])
    assert all(value is not None for value in within["y"])
    ends = [line for line in lines(other) if line["name"] in ("train", "validation", "missed", "ok", "this run")]
    assert len(ends) == 7
    assert all(line["x"] == [1, 2, 3, 4] for line in ends)


@pytest.mark.timeout(600)
def test_a_preset_fills_in_the_form_and_an_earlier_run_is_laid_over_the_next(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/train", "Train")
    page.get_by_role("button", name="Recommended").click()
    expect(page.get_by_role("spinbutton", name="Batch size")).to_have_value("24")
    page.get_by_role("button", name="The guide").click()
    expect(page.get_by_role("spinbutton", name="Batch size")).to_have_value("64")
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("15")
    walk.wait_until_drawn(page)
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("2")
    epochs.press("Tab")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("heading", name="Run 2")).to_be_visible()
    expect(page.get_by_text(re.compile(r"epoch \d of 2, batch \d"))).to_be_visible(timeout=120_000)
    walk.wait_for_end(page)
    expect(page.get_by_text("Too early to tell")).to_be_visible()
    page.get_by_role("combobox", name=re.compile("Lay earlier runs over it")).click()
    page.get_by_role("option", name="run 1").click()
    expect(page.locator(".stPlotlyChart .legendtext").filter(has_text="run 1")).to_have_count(1)
    over = [line for line in lines(page) if line["name"] == "run 1"]
    assert all(line["x"] == [1, 2, 3, 4] for line in over)
    assert len({line["row"] for line in over}) == 5
