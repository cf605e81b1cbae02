"""Runs side by side in a real browser: a click on a past run shows it, whatever else goes on."""

from playwright.sync_api import Page, expect

from casting_core.learning.recipe import Recipe
from casting_core.records.database import connect
from casting_core.records.run_log import RunLog, State
from tests.browser import walk
from tests.browser.served import Server


def test_a_past_run_can_be_looked_at_while_another_goes_on(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/train", "Train")  # draws the sample first
    engine = connect(f"sqlite:///{(server.data_dir / 'casting.sqlite').as_posix()}")
    log, asked = RunLog(engine), {"dataset": "Drawn sample", "folder": "x", "rule": {"ok": [], "defective": []}}
    past, now = (log.ask(**asked, recipe=Recipe().model_dump(mode="json"), alone=False) for _ in range(2))  # type: ignore[arg-type]
    log.end(past.id, State.FAILED, message="the photos have gone")
    page.reload()
    expect(page.get_by_role("heading", name=f"Run {now.id}", exact=True)).to_be_visible()
    walk.wait_until_drawn(page)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 15, "y": 35 * 2 + 17})  # the box in front of the second row: the past run
    log.beat(now.id)
    expect(page.get_by_role("heading", name=f"Run {past.id}", exact=True)).to_be_visible()
    page.get_by_role("button", name=f"Watch run {now.id}").click()
    expect(page.get_by_role("heading", name=f"Run {now.id}", exact=True)).to_be_visible()
    log.end(now.id, State.STOPPED, message="enough")
    expect(page.get_by_text("Ended early: enough")).to_be_visible()
    engine.dispose()
