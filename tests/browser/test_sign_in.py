"""Signing in by OpenID Connect, in a real browser: in, out, old tabs, what a browser kept, roles, a link to look."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import provider, walk
from tests.browser.launched import DESK
from tests.browser.served import LEAN, ROOT, Server, free_port
from tests.patience import MILLISECONDS

SECRETS = """[auth]
redirect_uri = "http://127.0.0.1:{dashboard}/oauth2callback"
cookie_secret = "{cookie}"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"
"""
COOKIE = "_streamlit_user"


@pytest.fixture(scope="module")
def accounts() -> Iterator[int]:
    """The port of a provider of accounts that runs."""
    port = free_port()
    process = psutil.Popen([sys.executable, "-m", "tests.browser.provider", str(port)], cwd=ROOT)
    yield port
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def server(
    browser: Browser,  # noqa: ARG001 - no browser, no server
    accounts: int,
    sample_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """The real dashboard, which nobody uses without signing in."""
    folder = tmp_path_factory.mktemp("sign-in")
    (folder / "data" / "sample").parent.mkdir(parents=True)
    (folder / "data" / "sample").symlink_to(sample_folder)
    secrets = folder / "secrets.toml"
    started = Server(
        folder,
        options=["--secrets.files", str(secrets)],
        environment={**LEAN, "CASTING_SIGN_IN": "1", "CASTING_ROLE_CLAIM": "groups"},
    )
    told = {"dashboard": started.port, "provider": accounts, "client": provider.CLIENT, "secret": provider.SECRET}
    secrets.write_text(SECRETS.format(cookie="c" * 32, **told), "utf-8")
    try:
        people(started, "set", "ann@plant.example", "--role", "administrator")
        started.start()
        yield started
    finally:
        started.close()


def people(server: Server, *words: str) -> str:
    """What the command on the server says."""
    folders = {"CASTING_DATA_DIR": str(server.data_dir), "CASTING_MODEL_DIR": str(server.model_dir)}
    command = [sys.executable, "-m", "casting_core", "people", *words]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | folders, check=True, capture_output=True, text=True
    ).stdout


def sign_in(page: Page, server: Server, who: str) -> None:
    walk.open_page(page, server.url, "Sign in")
    account = page.get_by_role("link", name=f"Sign in as {who}")
    walk.press(page.get_by_role("button", name="Sign in"), until=account)
    account.click()  # this page is the provider's, and stands still
    page.wait_for_url(f"{server.url}/")


def at_home(page: Page, who: str) -> None:
    """The first page is there, and says who looks."""
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible(timeout=MILLISECONDS)
    expect(page.get_by_test_id("stSidebar").get_by_text(who)).to_be_visible()
    walk.wait_until_drawn(page)


def test_a_session_begins_by_signing_in_and_has_ended_everywhere_once_it_has_ended(
    page: Page, context: BrowserContext, browser: Browser, server: Server
) -> None:
    walk.open_page(page, f"{server.url}/models", "Sign in")
    assert page.get_by_test_id("stSidebar").get_by_role("link").count() == 0, "who has not signed in sees nothing"
    sign_in(page, server, "ann")
    at_home(page, "ann@plant.example · administrator")
    old = context.new_page()
    walk.open_page(old, f"{server.url}/history", "History")
    kept = context.cookies()
    assert any(cookie["name"] == COOKIE for cookie in kept)

    out = page.get_by_role("heading", name="Sign in", level=1)
    walk.press(page.get_by_role("button", name="Sign out"), until=out)
    # The tab that was open closes itself; nobody touches it.
    expect(old.get_by_role("heading", name="Sign in", level=1)).to_be_visible(timeout=MILLISECONDS)
    expect(old.get_by_role("alert")).to_contain_text("This session has ended")

    thief = browser.new_context(viewport=DESK)
    thief.add_cookies(kept)  # type: ignore[arg-type]
    walk.open_page(thief.new_page(), server.url, "Sign in")
    expect(thief.pages[0].get_by_role("alert")).to_contain_text("This session has ended")
    forged = [cookie | {"value": cookie["value"][:-6] + "AAAAAA"} for cookie in kept if cookie["name"] == COOKIE]
    thief.clear_cookies()
    thief.add_cookies(forged)  # type: ignore[arg-type]
    walk.open_page(thief.pages[0], server.url, "Sign in")
    expect(thief.pages[0].get_by_text("Sign in with your usual account")).to_be_visible()
    thief.close()
    rows = json.loads(ledger(server))["rows"]
    assert [(row["actor"], row["body"]["done"]) for row in rows if row["kind"] == "session"] == [
        ("ann@plant.example", "signed out"),
        ("ann@plant.example", "signed in"),
    ]


def ledger(server: Server) -> str:
    folders = {"CASTING_DATA_DIR": str(server.data_dir), "CASTING_MODEL_DIR": str(server.model_dir)}
    command = [sys.executable, "-m", "casting_core", "ledger", "list", "--json"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | folders, check=True, capture_output=True, text=True
    ).stdout


def test_a_role_that_a_claim_names_lets_look_and_not_change_and_one_given_here_counts_at_once(
    page: Page, server: Server
) -> None:
    sign_in(page, server, "vic")
    at_home(page, "vic@plant.example · viewer")
    walk.open_page(page, f"{server.url}/dataset", "Dataset")
    walk.section(page, "Audit")
    refused = page.get_by_role("alert").filter(has_text="may not have a dataset audited")
    walk.press(page.get_by_role("button", name="Audit these photos"), until=refused)
    expect(refused).to_contain_text("Vic@plant.example is a viewer here", ignore_case=True)
    people(server, "set", "vic@plant.example", "--role", "none")
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible(timeout=MILLISECONDS)
    expect(page.get_by_role("alert")).to_contain_text("has no role here yet")


def test_a_link_to_look_opens_every_page_and_leaves_no_trace_of_itself_in_the_address(
    page: Page, server: Server
) -> None:
    link = json.loads(people(server, "link", "auditor", "--json"))["link"]
    page.goto(f"{server.url}/{link}")
    at_home(page, "auditor (by a link) · viewer")
    assert "link" not in page.url
    walk.open_page(page, f"{server.url}/history", "History")
    people(server, "unlink", "auditor")
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible(timeout=MILLISECONDS)
    expect(page.get_by_role("alert")).to_contain_text("was taken back")
