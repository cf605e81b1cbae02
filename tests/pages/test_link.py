"""A link to look, as it comes in: the token goes into a cookie, and the browser back to the same place without it."""

from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from pages.parts.server.link import COOKIE, Link
from tests.coroutines import run


async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a page"})


def ask(path: str, query: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {"type": "http", "method": method, "scheme": "http", "path": path, "headers": given}
    run(Link(page)(scope | {"query_string": query.encode()}, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_the_token_goes_from_the_address_into_a_cookie_that_no_script_reads() -> None:
    status, headers = ask("/castings/models", "dataset=a+b&link=token-1")
    assert (status, headers["location"]) == (303, "?dataset=a+b")
    assert headers["set-cookie"].startswith(f"{COOKIE}=token-1;")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(headers["set-cookie"].split("; "))
    assert "Secure" not in headers["set-cookie"]
    assert headers["cache-control"] == "no-store"


def test_behind_https_the_cookie_goes_over_https_only() -> None:
    assert "Secure" in ask("/", "link=token-1", x_forwarded_proto="https")[1]["set-cookie"]


@pytest.mark.parametrize("path", ["/", "//stranger.example", "/\\stranger.example"])
def test_no_link_leads_to_another_server(path: str) -> None:
    assert ask(path, "link=a")[1]["location"] == "?"


def test_a_token_cannot_bring_headers_of_its_own() -> None:
    _, headers = ask("/", "link=a%0d%0aX-Evil:%201%3b%20Domain=x")
    assert "\n" not in headers["set-cookie"]
    assert "Domain=" not in headers["set-cookie"].split(";")[1:]


@pytest.mark.parametrize(("method", "query"), [("GET", ""), ("GET", "dataset=a"), ("POST", "link=a")])
def test_everything_else_goes_through(method: str, query: str) -> None:
    assert ask("/", query, method=method) == (200, {})
