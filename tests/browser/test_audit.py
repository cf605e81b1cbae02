"""An audit in a real browser: it is watched while it goes on, stopped, and read when it is done, without a reload."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.served import Server


@pytest.mark.slow
def test_an_audit_is_stopped_and_made_and_its_report_opens_finding_by_finding(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/dataset", "Dataset")
    walk.section(page, "Audit")
    for kept in (server.data_dir / "cache").glob("castings-*.npz"):
        kept.unlink()  # the castings of the sample are known, so an audit of it would be over before it can be stopped
    page.get_by_role("button", name="Audit these photos").click()
    page.get_by_role("button", name="Stop the audit").click()
    expect(page.get_by_text("stopped before its end")).to_be_visible()
    page.get_by_role("button", name="Audit these photos").click()
    expect(page.get_by_text("questions asked")).to_be_visible()
    walk.wait_until_drawn(page)
    page.get_by_text("even a perfect score proves only that the escape rate").click()
    expect(page.get_by_text("takes 299 different defective castings")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the report").click()
    assert download.value.path().read_text("utf-8").startswith("Audit of Drawn sample\n")
