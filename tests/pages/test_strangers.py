"""Strangers on raw sockets before the real server: none gets in on any path, and none makes it call outside."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pages.parts.server.headers import headers
from tests.browser.served import Server
from tests.patience import PATIENCE, until

CALLS = Path(__file__).with_name("calls")  # a folder for PYTHONPATH
ADDED = "quality.plant.example, line.plant.example:8443"
HANDSHAKE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Protocol: streamlit",
)
PATHS = (
    "/",
    "/dataset",
    "/no-such-page",
    "/favicon.png",
    "/static/js/no-such-file.js",
    "/media/no-such-file.png",
    "/component/no-such-component/index.html",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/bidi-components/no-such-component/index.js",
    "/_stcore/agent/openapi.json",
    "/_stcore/upload_file/session/file",
    "//evil.example/dataset/",
)


@dataclass
class Stranger:
    """Somebody who can reach a server, and what it noted of its own calls."""

    port: int
    calls: Path
    first: list[int] = field(default_factory=list)  # status of the answer to the very first request

    def asks(self, line: str, *headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of the answer to a request written out by hand."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall("\r\n".join((line, *headers, "", "")).encode("latin-1"))
            answer = b""
            while b"\r\n\r\n" not in answer and (more := connection.recv(65536)):
                answer += more
            head, _, body = answer.partition(b"\r\n\r\n")
            first, *rest = head.decode("latin-1").split("\r\n")
            said = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
            length = int(said.get("content-length", 0)) if not line.startswith("HEAD") else 0
            while len(body) < length and (more := connection.recv(65536)):
                body += more
        return int(first.split()[1]) if first else 0, said, body.decode("latin-1")

    def status(self, line: str, *headers: str) -> int:
        """Status of the answer, 0 where there is none."""
        return self.asks(line, *headers)[0]

    def handshake(self, host: str, *headers: str) -> int:
        """Status of the answer to the handshake of a page's websocket: 101 where it is opened."""
        return self.status("GET /_stcore/stream HTTP/1.1", f"Host: {host}", *HANDSHAKE, *headers)

    def called(self) -> list[str]:
        """What left the server's machine, or tried to."""
        return self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    """Before a server on every network, where Streamlit by itself would ask for its address at once.

    The very first request it ever gets is a stranger's.
    """
    folder = tmp_path_factory.mktemp("strangers")
    watched = {"PYTHONPATH": str(CALLS), "CALLS": str(folder / "calls"), "CASTING_HOSTS": ADDED}
    server = Server(folder, options=["--server.address", "0.0.0.0"], environment=watched)
    knocking = Stranger(server.port, folder / "calls")
    server.launch()

    def answers() -> bool:
        try:
            knocking.first.append(knocking.status("GET /_stcore/health HTTP/1.1", "Host: evil.example"))
        except ConnectionError:
            return False
        return True

    try:
        server.wait(answers)
        yield knocking
    finally:
        server.close()


@pytest.fixture
def own(stranger: Stranger) -> str:
    """The name and port that a browser on this machine sends."""
    return f"127.0.0.1:{stranger.port}"


@pytest.fixture(autouse=True)
def nothing_called(stranger: Stranger) -> Iterator[None]:
    """Whatever a test asks, nothing leaves the machine."""
    yield
    assert stranger.called() == []


def test_the_first_request_of_all_is_refused_where_it_is_a_strangers(stranger: Stranger) -> None:
    assert stranger.first == [403]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_answers_to_another_name_or_to_a_page_of_others(stranger: Stranger, own: str, path: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"):
        line, empty = f"{method} {path} HTTP/1.1", "Content-Length: 0"
        rebound = f"evil.example:{stranger.port}"
        assert stranger.status(line, f"Host: {rebound}", empty) == 403
        assert stranger.status(line, f"Host: {rebound}", f"Origin: http://{rebound}", empty) == 403
        for origin in ("http://evil.example", "http://127.0.0.1:1", f"http://localhost:{stranger.port}", "null"):
            assert stranger.status(line, f"Host: {own}", f"Origin: {origin}", empty) == 403
        assert stranger.status(line, f"Host: {own}", "Sec-Fetch-Site: cross-site", empty) == 403
    assert stranger.status(f"GET {path} HTTP/1.1", f"Host: {own}") in (200, 400, 404, 405)  # Streamlit's own answer


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(stranger: Stranger, own: str, path: str) -> None:
    for host in (own, "evil.example"):
        _, said, _ = stranger.asks(f"GET {path} HTTP/1.1", f"Host: {host}")
        assert headers().items() <= said.items()


def test_the_websocket_opens_for_our_own_pages_only(stranger: Stranger, own: str) -> None:
    port = stranger.port
    for name in (own, f"localhost:{port}", f"LOCALHOST.:{port}", f"[::1]:{port}"):
        assert stranger.handshake(name, f"Origin: http://{name}") == 101
        assert stranger.handshake(name) == 403  # without a page
        for origin in ("http://evil.example", "http://localhost:3000", f"https://{name}", "null", "file://"):
            assert stranger.handshake(name, f"Origin: {origin}") == 403
    rebound = f"evil.example:{port}"
    assert stranger.handshake(rebound, f"Origin: http://{rebound}") == 403
    assert stranger.handshake(own, f"Origin: http://{own}", "X-Forwarded-Host: evil.example") == 403
    assert stranger.status("GET /no-such-socket HTTP/1.1", f"Host: {own}", *HANDSHAKE, f"Origin: http://{own}") == 403


def test_after_many_strangers_the_server_answers_as_before(stranger: Stranger, own: str) -> None:
    for number in range(50):
        assert stranger.handshake(own, f"Origin: http://evil-{number}.example") == 403
    status, _, text = stranger.asks("GET /_stcore/health HTTP/1.1", f"Host: {own}")
    assert (status, text) == (200, "ok")


def test_the_names_that_were_added_are_answered_with_and_without_a_port(stranger: Stranger, own: str) -> None:
    for name in ("quality.plant.example", "quality.plant.example:8080", "line.plant.example:8443"):
        assert stranger.status("GET /_stcore/health HTTP/1.1", f"Host: {name}") == 200
        for origin in (f"http://{name}", f"https://{name}"):  # a proxy that speaks https, or none
            assert stranger.handshake(name, f"Origin: {origin}") == 101
        assert stranger.handshake(name, "Origin: http://evil.example") == 403
        assert stranger.handshake(name, "Origin: https://quality.plant.example:3000") == 403
    for origin in ("https://quality.plant.example", "https://line.plant.example:8443"):
        assert stranger.handshake(own, f"Origin: {origin}") == 101  # behind a proxy that calls us by our own name
    assert stranger.handshake(own, "Origin: https://line.plant.example") == 403
    assert stranger.status("GET / HTTP/1.1", "Host: line.plant.example:9000") == 403


def test_requests_that_name_no_server_or_two_are_refused(stranger: Stranger, own: str) -> None:
    assert stranger.status("GET / HTTP/1.0", f"Host: {own}") == 200
    for line, *said in (
        ("GET / HTTP/1.1",),
        ("GET / HTTP/1.0",),
        ("GET / HTTP/1.1", "Host:"),
        ("GET / HTTP/1.1", f"Host: {own}", f"Host: {own}"),
        ("GET / HTTP/1.1", f"Host: {own}", "Host: evil.example"),
        ("GET / HTTP/1.0", f"Host: {own}", "Host: evil.example"),
        ("GET / HTTP/1.1", f"Host: {own}, evil.example"),
        ("GET / HTTP/1.1", f"Host: evil.example@{own}"),
        ("GET http://evil.example/ HTTP/1.1", f"Host: {own}"),
        (f"GET http://{own}/ HTTP/1.1", f"Host: {own}"),
        (f"GET http://{own}/ HTTP/1.1", "Host: evil.example"),
        ("GET evil.example/ HTTP/1.1", f"Host: {own}"),
        ("OPTIONS * HTTP/1.1", f"Host: {own}"),
        ("CONNECT evil.example:80 HTTP/1.1", f"Host: {own}"),
    ):
        assert stranger.status(line, *said) in (400, 403), (line, said)


def test_streamlit_alone_would_call_outside_and_the_watch_would_see_it(tmp_path: Path) -> None:
    """What the door is for; should Streamlit mend it, this says that less of the door is needed."""
    script, calls = tmp_path / "bare.py", tmp_path / "calls"
    script.write_text("import streamlit as st\nst.write('bare')\n", encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bare = Stranger(probe.getsockname()[1], calls)
    options = {"server.port": str(bare.port), "server.address": "127.0.0.1", "server.headless": "true"}
    options |= {"browser.gatherUsageStats": "false", "server.fileWatcherType": "none"}
    direct = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(script),
            *(f"--{name}={value}" for name, value in options.items()),
        ],
        cwd=tmp_path,
        env={**direct, "PYTHONPATH": str(CALLS), "CALLS": str(calls)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def healthy() -> bool:
        try:
            return bare.status("GET /_stcore/health HTTP/1.1", "Host: evil.example") == 200
        except ConnectionError:
            return False

    try:
        until(healthy)
        assert bare.called() == []
        assert bare.handshake("evil.example", "Origin: http://evil.example") == 101  # DNS rebinding
        assert bare.handshake(f"127.0.0.1:{bare.port}", "Origin: http://localhost:3000") == 101
        bare.handshake(f"127.0.0.1:{bare.port}", "Origin: http://evil.example")
        assert any("8.8.8.8" in call for call in bare.called())
        assert any("checkip" in call for call in bare.called())
    finally:
        process.kill()
        process.wait()
