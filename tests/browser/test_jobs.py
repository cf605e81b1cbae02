"""Long work in a real browser: the first sample is drawn once for many visitors, and the drawer shows what goes on."""

import re

import pytest
from playwright.sync_api import Page, expect

from casting_core.jobs import control
from casting_core.records.jobs import Request, State, Wish
from casting_core.workflows.datasets import sample
from tests import at_work
from tests.browser import walk
from tests.browser.served import Server
from tests.conftest import installation

LONG = 300_000  # milliseconds the sample may take on a busy machine


@pytest.mark.timeout(900)
def test_five_first_visitors_make_one_sample_and_every_page_goes_on_by_itself(page: Page, server: Server) -> None:
    visitors = [page, *(page.context.new_page() for _ in range(4))]
    for visitor in visitors:
        visitor.goto(server.url, wait_until="commit")
    for visitor in visitors:
        expect(visitor.get_by_role("heading", name="Overview", level=1)).to_be_visible(timeout=LONG)
    visitors.pop().close()  # what goes on is not this tab's
    for visitor in visitors:
        expect(visitor.get_by_text("600", exact=True)).to_be_visible(timeout=LONG)
    with installation(server.data_dir.parent):
        assert [job.state for job in control.known(kind=sample.KIND)] == [State.FINISHED]


def test_the_drawer_is_opened_by_the_keyboard_stays_open_and_stops_a_job(page: Page, server: Server) -> None:
    with installation(server.data_dir.parent):
        going_on, failed = (begun(about) for about in ("Pump", "Brackets"))
        at_work.end(failed, State.FAILED, message="the disk is full")
    page.goto(f"{server.url}/models")
    line = page.get_by_role("button", name=re.compile("Jobs · 1 going on"))
    drawer = page.get_by_role("dialog")
    walk.press(line, key="Enter", until=drawer)
    expect(drawer.get_by_text("Taking photos in · 50 % · about 1 minute left")).to_be_visible()
    expect(drawer.get_by_text("The disk is full.")).to_be_visible()
    with installation(server.data_dir.parent):
        control.log().beat(going_on, doing="Taking photos in", share=0.6, seconds_left=40.0)
    expect(drawer.get_by_text("Taking photos in · 60 % · less than a minute left")).to_be_visible()
    asked = drawer.get_by_role("button", name="Asked to stop")
    walk.press(drawer.get_by_role("button", name="Stop"), key="Enter", until=asked)
    expect(asked).to_be_focused()  # the keyboard is not sent away
    with installation(server.data_dir.parent):
        assert control.find(going_on).wish is Wish.STOP
        at_work.end(going_on, State.STOPPED, message="stopped before its end")
    expect(drawer.get_by_text("Stopped before its end.")).to_be_visible()
    expect(drawer.get_by_role("button", name="Resume")).to_have_count(2)
    close = drawer.get_by_role("button", name="Close")
    walk.press(close, key="Escape", until=lambda: not drawer.is_visible())  # what had the focus has gone


def begun(about: str) -> int:
    """The number of an import that is at work, in the installation that is in use."""
    job = control.queue().ask(Request(kind="import", inputs={}, about=about), starting=True)[0].id
    at_work.begin(job)
    control.log().beat(job, doing="Taking photos in", share=0.5, seconds_left=80.0)
    return job
