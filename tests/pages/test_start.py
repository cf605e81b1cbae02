"""The start of the server: it says where the dashboard is, and opens it where somebody sits before the machine."""

import ast
import tomllib

import pytest

from casting_core.settings import ROOT, settings
from pages.parts.server import start
from tests import coroutines

USUAL = {
    "server.address": "127.0.0.1",
    "server.port": 8501,
    "server.baseUrlPath": "",
    "server.sslCertFile": None,
    "server.headless": False,
}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was asked to open."""
    asked: list[str] = []
    monkeypatch.setattr("webbrowser.open", asked.append)
    return asked


def test_what_the_server_loads_ahead_is_what_the_first_page_imports() -> None:
    both = next(node for node in ast.parse((ROOT / "dashboard.py").read_text()).body if isinstance(node, ast.If))
    imports = [node for node in both.orelse if isinstance(node, ast.ImportFrom)]
    assert sorted(f"{node.module}.{alias.name}" for node in imports for alias in node.names) == list(start.FIRST_PAGE)


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "http://127.0.0.1:8501"),
        ({"server.address": "0.0.0.0", "server.port": 8599}, "http://localhost:8599"),
        ({"server.address": None}, "http://localhost:8501"),
        ({"server.address": "fd00::7", "server.baseUrlPath": "/castings/"}, "http://[fd00::7]:8501/castings"),
        ({"server.sslCertFile": "plant.pem"}, "https://127.0.0.1:8501"),
    ],
)
def test_the_server_says_where_the_dashboard_is_and_opens_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    opened: list[str],
    options: dict[str, object],
    url: str,
) -> None:
    started(monkeypatch, options)
    assert f"URL: {url}\n" in capsys.readouterr().out
    assert opened == [url]


def test_nothing_is_opened_where_nobody_sits_before_the_machine(
    monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    started(monkeypatch, {"server.headless": True})
    assert opened == []


def test_who_lets_others_reach_the_server_is_told_that_it_needs_a_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], opened: list[str]
) -> None:
    for address, hosts, told in (("127.0.0.1", "", False), ("0.0.0.0", "", True), ("0.0.0.0", "a.example", False)):
        monkeypatch.setenv("CASTING_HOSTS", hosts)
        settings.cache_clear()
        started(monkeypatch, {"server.address": address})
        assert ("CASTING_HOSTS" in capsys.readouterr().out) is told
    assert len(opened) == 3


def test_the_server_listens_on_this_machine_alone_unless_it_is_told_otherwise() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["logger"]["hideWelcomeMessage"] is True  # Streamlit's greeting would ask for our address


def started(monkeypatch: pytest.MonkeyPatch, options: dict[str, object]) -> None:
    """Has the server start and end with these options of Streamlit's, and the usual ones for the rest."""
    monkeypatch.setattr("streamlit.get_option", {**USUAL, **options}.__getitem__)

    async def run() -> None:
        async with start.lifespan(None):  # type: ignore[arg-type]
            pass

    coroutines.run(run())
