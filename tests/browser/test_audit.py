"""An audit in a real browser: it is watched while it goes on, stopped, and read when it is done, without a reload."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.served import Server
from tests.patience import MILLISECONDS


@pytest.mark.slow
def test_an_audit_is_stopped_and_made_and_its_report_opens_finding_by_finding(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/dataset", "Dataset")
    walk.section(page, "Audit")
    for kept in (server.data_dir / "cache").glob("castings-*.npz"):
        kept.unlink()  # the castings of the sample are known, so an audit of it would be over before it can be stopped
    begin, stop = (page.get_by_role("button", name=name) for name in ("Audit these photos", "Stop the audit"))
    walk.press(begin, until=stop)
    walk.press(stop, until=page.get_by_text("stopped before its end"))
    walk.press(begin, until=lambda: not begin.is_visible())
    expect(page.get_by_text("questions asked")).to_be_visible(timeout=MILLISECONDS)
    unproven = page.get_by_text("even a perfect score proves only that the escape rate")
    walk.unfold(unproven, until=page.get_by_text("takes 299 different defective castings"))
    report = walk.download(page.get_by_role("button", name="Download the report"))
    assert report.path().read_text("utf-8").startswith("Audit of Drawn sample\n")
