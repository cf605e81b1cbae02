"""Whom a server answers, by the names that browsers send, and how a person adds names."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casting_core.errors import SettingsError
from casting_core.hosts import LOOPBACK, Host, Hosts, Origin, listed
from casting_core.settings import settings

PLANT = Hosts(listed(["quality.plant.example", "line.plant.example:8443"]))

OWN = (
    "localhost",
    "localhost:8501",
    "LocalHost:8501",
    "localhost.:8501",  # with the root of all names written out
    "127.0.0.1:8501",
    "[::1]:8501",
    "[0:0:0:0:0:0:0:1]",
    "127.0.0.1:1",
    "127.0.0.1:65535",
)
STRANGE = (
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example:8501",
    "evil-localhost:8501",
    "127.0.0.1.evil.example",
    "127.0.0.2:8501",
    "127.1:8501",
    "2130706433:8501",
    "0x7f000001:8501",
    "0.0.0.0:8501",
    "192.168.1.7:8501",
    "[::]:8501",
    "[::ffff:127.0.0.1]:8501",
    "[::2]:8501",
    "localhost..:8501",
    ".localhost:8501",
    ".",
)
UNREADABLE = (
    "",
    ":8501",
    "localhost:",
    "localhost:0",
    "localhost:65536",
    "localhost:8501:8501",
    "localhost:http",
    "localhost:-1",
    "localhost: 8501",
    "localhost 8501",
    "localhost,evil.example",
    "localhost\tevil.example",
    "evil.example@localhost:8501",
    "localhost/evil.example",
    "localhost\\evil.example",
    "localhost?evil.example",
    "localhost#evil.example",
    "http://localhost:8501",
    "[::1",
    "::1",
    "[::1]8501",
    "[1]",
    "[fe80::1%25eth0]:8501",
    "localhost\n",
    "löcalhost",
    "*",
)


@pytest.mark.parametrize("text", OWN)
def test_a_server_answers_to_the_names_of_its_machine(text: str) -> None:
    host = Host.read(text)
    assert host is not None
    assert Hosts().answer_to(host)


@pytest.mark.parametrize("text", STRANGE)
def test_no_server_answers_to_a_name_it_was_not_given(text: str) -> None:
    host = Host.read(text)
    assert host is None or not PLANT.answer_to(host)


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_name_of_a_server_is_not_read_as_one(text: str) -> None:
    assert Host.read(text) is None
    assert Origin.read(f"http://{text}") is None


@given(st.text(alphabet=st.characters(max_codepoint=255)))
@example("localhost")
@example("127.0.0.1:8501")
def test_whatever_is_read_as_one_of_our_names_is_one(text: str) -> None:
    host = Host.read(text)
    if host is not None and Hosts().answer_to(host):
        name = text.lower().rpartition(":")[0] if host.port else text.lower()
        assert name.removesuffix(".") in ("localhost", "127.0.0.1") or name.startswith("[")
        assert host.name in {known.name for known in LOOPBACK}


@pytest.mark.parametrize(
    ("name", "answered"),
    [
        ("quality.plant.example", True),
        ("quality.plant.example:8443", True),  # listed without a port: at any
        ("QUALITY.plant.example.:80", True),
        ("line.plant.example:8443", True),
        ("line.plant.example", True),  # a proxy may take the port off
        ("line.plant.example:9000", False),
        ("plant.example", False),
        ("x.quality.plant.example", False),
    ],
)
def test_a_server_answers_to_the_names_it_was_given(name: str, answered: bool) -> None:
    host = Host.read(name)
    assert host is not None
    assert PLANT.answer_to(host) is answered
    assert not Hosts().answer_to(host)


@pytest.mark.parametrize(
    ("origin", "at", "taken"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("HTTP://LOCALHOST:8501", "localhost.:8501", True),
        ("http://[::1]:8501", "[0::1]:8501", True),
        ("http://localhost", "localhost:80", True),  # the port that browsers leave out
        ("http://localhost:80", "localhost", True),
        ("http://localhost:3000", "localhost:8501", False),  # another program on this machine
        ("http://localhost", "localhost:8501", False),
        ("http://127.0.0.1:8501", "localhost:8501", False),  # may be another program, too
        ("http://[::1]:8501", "127.0.0.1:8501", False),
        ("https://localhost:8501", "localhost:8501", False),  # nobody speaks https there
        ("https://localhost", "localhost", False),
        ("http://evil.example:8501", "localhost:8501", False),
        ("http://evil.example:8501", "evil.example:8501", False),  # DNS rebinding
        ("http://quality.plant.example", "quality.plant.example", True),
        ("https://quality.plant.example", "quality.plant.example", True),  # a proxy speaks https for us
        ("https://quality.plant.example", "quality.plant.example:443", True),
        ("https://quality.plant.example:8443", "quality.plant.example:8443", True),
        ("https://quality.plant.example", "127.0.0.1:8501", True),  # a proxy calls us by our own name
        ("https://line.plant.example:8443", "127.0.0.1:8501", True),
        ("https://line.plant.example:8443", "line.plant.example", True),  # and takes the port off
        ("https://line.plant.example", "127.0.0.1:8501", False),
        ("https://quality.plant.example:3000", "quality.plant.example", False),  # another program there
        ("https://quality.plant.example:3000", "127.0.0.1:8501", False),
        ("https://plant.example", "quality.plant.example", False),
    ],
)
def test_requests_are_taken_from_pages_of_the_very_place_they_are_sent_to(origin: str, at: str, taken: bool) -> None:
    page, host = Origin.read(origin), Host.read(at)
    assert page is not None
    assert host is not None
    assert PLANT.take(page, at=host, scheme="http") is taken


def test_a_server_that_speaks_https_takes_requests_from_its_https_pages_only() -> None:
    host = Host("localhost", 8501)
    assert Hosts().take(Origin("https", "localhost", 8501), at=host, scheme="https")
    assert not Hosts().take(Origin("http", "localhost", 8501), at=host, scheme="https")


@pytest.mark.parametrize(
    "text",
    ["null", "", "localhost:8501", "file://", "ws://localhost:8501", "http://localhost:8501/", "http://a http://b"],
)
def test_what_is_no_page_of_a_web_server_is_not_read_as_one(text: str) -> None:
    assert Origin.read(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("quality.plant.example", (Host("quality.plant.example"),)),
        ("Quality.Plant.Example.", (Host("quality.plant.example"),)),
        (" a.example:8443 , b.example ,", (Host("a.example", 8443), Host("b.example"))),
        ("a.example b.example", (Host("a.example"), Host("b.example"))),
        ("192.168.1.7:8501", (Host("192.168.1.7", 8501),)),
        ("[fd00::7]:8501 fd00:0::8", (Host("fd00::7", 8501), Host("fd00::8"))),
        ("prüfstand.example", (Host("xn--prfstand-75a.example"),)),
    ],
)
def test_names_are_added_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, text: str, names: tuple[Host, ...]
) -> None:
    monkeypatch.setenv("CASTING_HOSTS", text)
    settings.cache_clear()
    assert settings().hosts == names


@pytest.mark.parametrize(
    "text",
    ["*", "*.plant.example", "https://quality.plant.example", "quality.plant.example/", "a.example:0", "a..ö", "[::g]"],
)
def test_what_is_no_name_is_refused_with_what_would_be_one(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CASTING_HOSTS", text)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=r"CASTING_HOSTS=.* it must be names as quality\.plant\.example or"):
        settings()
