"""Each request is looked at before Streamlit sees it, by its headers; the server behind the door is a stand-in."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casting_core.hosts import Hosts, listed
from casting_core.settings import settings
from pages.parts.server import door
from pages.parts.server.headers import headers
from tests import coroutines

HOSTS = Hosts(listed(["quality.plant.example"]))
HERE = {"host": "localhost:8501"}
OURS = {**HERE, "origin": "http://localhost:8501"}
TYPED = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
FRAME = {**LINK, "sec-fetch-dest": "iframe"}
PICTURE = {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}

TAKEN: list[tuple[str, Mapping[str, str]]] = [
    ("GET", HERE),
    ("HEAD", HERE),
    ("GET", OURS),
    ("PUT", OURS),
    ("POST", OURS),
    ("DELETE", OURS),
    ("websocket", OURS),
    ("websocket", {**OURS, "sec-fetch-site": "same-origin", "sec-fetch-mode": "websocket"}),
    ("GET", {**HERE, **TYPED}),
    ("GET", {**HERE, **LINK}),  # a page of ours, linked to from a mail
    ("GET", {**HERE, "sec-fetch-site": "same-origin", "sec-fetch-dest": "image"}),
    ("GET", {"host": "127.0.0.1:8501", "x-forwarded-host": "quality.plant.example, localhost"}),
    ("websocket", {"host": "127.0.0.1:8501", "origin": "https://quality.plant.example"}),  # behind a proxy
    ("PUT", {"host": "quality.plant.example", "origin": "https://quality.plant.example"}),
]
REFUSED: list[tuple[str, Mapping[str, str]]] = [
    ("GET", {}),  # HTTP/1.0 may leave it out
    ("GET", {"host": ""}),
    ("GET", {"host": "localhost:8501, localhost:8501"}),
    ("GET", {"host": "localhost:8501\xa0"}),
    ("GET", {"host": "evil.example:8501"}),
    ("PUT", {"host": "evil.example:8501", "origin": "http://evil.example:8501"}),
    ("websocket", {"host": "evil.example:8501", "origin": "http://evil.example:8501"}),
    ("GET", {"host": "evil.example", "x-forwarded-host": "localhost"}),
    ("GET", {**HERE, "x-forwarded-host": "evil.example"}),
    ("GET", {**HERE, "x-forwarded-host": "localhost, evil.example"}),
    ("GET", {**HERE, "x-forwarded-host": ""}),
    ("GET", {**HERE, "origin": "http://evil.example"}),
    ("OPTIONS", {**HERE, "origin": "http://evil.example"}),
    ("PUT", {**HERE, "origin": "http://localhost:3000"}),
    ("websocket", {**HERE, "origin": "http://localhost:3000"}),
    ("websocket", {**HERE, "origin": "https://localhost:8501"}),
    ("websocket", {**HERE, "origin": "null"}),  # a page in a sandbox, or a file
    ("websocket", {**HERE, "origin": ""}),
    ("websocket", HERE),  # no page at all
    ("PUT", HERE),
    ("POST", HERE),
    ("DELETE", HERE),
    ("POST", {**OURS, "sec-fetch-site": "cross-site"}),
    ("GET", {**HERE, **FRAME}),
    ("GET", {**HERE, **PICTURE}),
    ("GET", {**HERE, "sec-fetch-site": "cross-site"}),
    ("GET", {**HERE, "sec-fetch-site": "something new"}),
    ("POST", {**OURS, **LINK}),
]


@pytest.mark.parametrize(("method", "given"), TAKEN)
def test_requests_of_our_own_pages_reach_streamlit(method: str, given: Mapping[str, str]) -> None:
    reached, answer = asked(method, given.items())
    assert reached is not None
    assert answer[0]["type"] == ("websocket.accept" if method == "websocket" else "http.response.start")


@pytest.mark.parametrize(("method", "given"), REFUSED)
def test_requests_of_strangers_never_reach_streamlit(method: str, given: Mapping[str, str]) -> None:
    reached, answer = asked(method, given.items())
    assert reached is None
    if method == "websocket":
        assert answer == [{"type": "websocket.close", "code": 1008}]  # before it was accepted: 403
    else:
        assert answer[0]["status"] in (400, 403)
        assert answer[1]["body"].decode().strip().endswith(".")


@pytest.mark.parametrize("twice", ["host", "origin"])
def test_what_is_said_twice_is_not_believed(twice: str) -> None:
    for second in (OURS[twice], "http://evil.example" if twice == "origin" else "evil.example"):
        for pair in ([OURS[twice], second], [second, OURS[twice]]):
            others = [(name, value) for name, value in OURS.items() if name != twice]
            assert asked("PUT", [*others, *((twice, value) for value in pair)])[0] is None


@pytest.mark.parametrize("path", ["http://localhost:8501/", "http://evil.example/", "localhost:8501", "*", ""])
def test_a_path_that_begins_with_a_server_is_not_taken(path: str) -> None:
    assert asked("GET", HERE.items(), path=path)[0] is None


@given(
    st.sampled_from(["GET", "PUT", "websocket"]),
    st.lists(
        st.tuples(
            st.sampled_from(["host", "origin", "x-forwarded-host", "sec-fetch-site"]),
            st.text(alphabet=st.characters(max_codepoint=255))
            | st.sampled_from([*OURS.values(), "evil.example", "http://evil.example", "same-origin"]),
        ),
        max_size=5,
    ),
)
def test_whatever_the_headers_say_who_gets_in_came_by_a_name_of_ours(method: str, given: list[tuple[str, str]]) -> None:
    reached, _ = asked(method, given)
    if reached is not None:
        hosts = [value for name, value in given if name == "host"]
        origins = [value for name, value in given if name == "origin"]
        assert len(hosts) == 1
        assert hosts[0] == HERE["host"]
        assert origins == [OURS["origin"]] * len(origins)
        assert origins or method == "GET"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("LOCALHOST:8501", "http://localhost:8501"),
        ("localhost.:8501", "http://localhost:8501"),
        ("127.0.0.1:8501", "https://quality.plant.example"),
        ("quality.plant.example:443", "https://quality.plant.example"),
    ],
)
def test_streamlit_sees_host_and_origin_agree_so_it_has_nothing_to_ask(host: str, origin: str) -> None:
    from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

    reached, _ = asked("websocket", {"host": host, "origin": origin, "cookie": "a=b"}.items())
    assert reached is not None
    seen = Headers(scope=reached)
    assert seen["origin"] == f"{origin.partition(':')[0]}://{seen['host']}"
    assert len(seen.getlist("host")) == 1
    assert seen["cookie"] == "a=b"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.net_util.get_internal_ip", pytest.fail)
        patch.setattr("streamlit.net_util.get_external_ip", pytest.fail)
        assert _is_origin_allowed(seen["origin"], seen["host"])


@pytest.mark.parametrize(("method", "given"), [("GET", HERE), ("GET", {"host": "evil.example"}), ("PUT", HERE)])
def test_every_answer_carries_each_header_once(method: str, given: Mapping[str, str]) -> None:
    _, answer = asked(method, given.items())
    said = Headers(raw=answer[0]["headers"])
    for name, value in headers().items():
        assert said.getlist(name) == [value]


def test_a_server_that_breaks_says_so_with_the_same_headers() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("the disk is on fire")

    answer: list[Message] = []
    with pytest.raises(RuntimeError, match="on fire"):  # for the log
        asked("GET", HERE.items(), app=broken, answer=answer)
    assert answer[0]["status"] == 500
    assert Headers(raw=answer[0]["headers"])["x-content-type-options"] == "nosniff"
    assert b"fire" not in answer[1]["body"]


def test_the_start_and_the_end_of_the_server_pass_the_door() -> None:
    reached: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope)

    async def send(_message: Message) -> None:
        raise AssertionError

    coroutines.run(door.Door(app, HOSTS)({"type": "lifespan"}, nothing, send))
    assert reached == [{"type": "lifespan"}]


def test_who_is_refused_is_in_the_log_once_and_a_flood_is_not(caplog: pytest.LogCaptureFixture) -> None:
    app = door.Door(stand_in([]), HOSTS)
    for number in range(3):
        asked("GET", {"host": "evil.example\x85\x1b[31m"}.items(), app=app)
        assert len(caplog.records) == 1, number
    assert "Refused: Host 'evil.example\\x85\\x1b[31m', Origin ''." in caplog.text
    for number in range(2 * door.MOST_TOLD):
        asked("GET", {"host": f"evil-{number}.example"}.items(), app=app)
    assert len(caplog.records) == door.MOST_TOLD


def test_settings_that_make_no_sense_end_the_server_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_HOSTS", "*")
    settings.cache_clear()
    with pytest.raises(SystemExit, match=r"CASTING_HOSTS='\*' will not do: it must be names"):
        door.middleware()


@pytest.mark.parametrize(
    ("address", "answered"),
    [
        ("192.168.1.7", "192.168.1.7:8599"),
        ("fd00::7", "[fd00::7]:8599"),
        ("inspection.plant.example", "inspection.plant.example:8599"),
        ("0.0.0.0", ""),
        ("::", ""),
        ("127.0.0.1", ""),
    ],
)
def test_an_address_that_the_server_was_told_is_a_name_of_it(
    monkeypatch: pytest.MonkeyPatch, address: str, answered: str
) -> None:
    monkeypatch.setattr("streamlit.get_option", {"server.address": address, "server.port": 8599}.__getitem__)
    hosts = door.middleware()[0].kwargs["hosts"]
    assert isinstance(hosts, Hosts)
    assert hosts.added == (listed([answered]) if answered else ())


def test_no_page_may_be_put_in_a_frame_or_load_from_elsewhere() -> None:
    policy = headers()["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    for loose in ("unsafe-eval", "script-src 'self' 'unsafe-inline'", "http:", "https:", " *"):
        assert loose not in policy


def asked(
    method: str,
    given: Iterable[tuple[str, str]],
    *,
    path: str = "/_stcore/stream",
    app: ASGIApp | None = None,
    answer: list[Message] | None = None,
) -> tuple[Scope | None, list[Message]]:
    """What of a request to ``http://localhost:8501`` reached the stand-in, and what was answered."""
    socket = method == "websocket"
    scope: Scope = {
        "type": "websocket" if socket else "http",
        "scheme": "ws" if socket else "http",
        "path": path,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given],
        **({} if socket else {"method": method}),
    }
    reached: list[Scope] = []
    said: list[Message] = [] if answer is None else answer

    async def send(message: Message) -> None:
        said.append(message)

    behind = app if isinstance(app, door.Door) else door.Door(app or stand_in(reached), HOSTS)
    coroutines.run(behind(scope, nothing, send))
    return (reached[0] if reached else None), said


def stand_in(reached: list[Scope]) -> ASGIApp:
    """A server that answers everything, with headers of its own."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        reached.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        own = [(b"x-frame-options", b"ALLOWALL"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": b"ok"})

    return app


async def nothing() -> Message:
    """A client that says nothing more."""
    return {"type": "http.disconnect"}
