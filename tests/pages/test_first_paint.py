"""The style of the pages is in what a browser gets first; everything else passes as it is."""

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from pages.parts.server.first_paint import FirstPaint
from pages.parts.shell.look import STYLE
from pages.parts.shell.text import short
from tests import coroutines

PAGE = [b"<html><head><title>x</title></he", b"ad><body></body></html>"]
BROWSER = [(b"accept", b"text/html,*/*"), (b"accept-encoding", b"gzip")]


def answered(
    kind: bytes, *, asked: list[tuple[bytes, bytes]], status: int = 200, method: str = "GET"
) -> tuple[dict[bytes, bytes], bytes, Scope]:
    """What a browser gets of an answer of this kind: headers and body; and what the one who answered was asked."""
    heard: list[Scope] = []
    sent: list[dict[str, Any]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - nothing more is to be read
        heard.append(scope)
        length = str(sum(len(part) for part in PAGE)).encode()
        headers = [(b"content-type", kind), (b"content-length", length), (b"etag", b'"as it was"')]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for place, part in enumerate(PAGE):
            await send({"type": "http.response.body", "body": part, "more_body": place + 1 < len(PAGE)})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/", "headers": asked}
    coroutines.run(FirstPaint(app, STYLE)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return dict(sent[0]["headers"]), body, heard[0]


def test_a_page_has_our_style_at_the_end_of_its_head() -> None:
    headers, body, heard = answered(b"text/html; charset=utf-8", asked=BROWSER)
    assert body == b"".join(PAGE).replace(b"</head>", STYLE.encode() + b"</head>")
    assert headers[b"content-length"] == str(len(body)).encode()
    assert b"etag" not in headers, "it was that of another page"
    assert b"accept-encoding" not in dict(heard["headers"]), "what comes packed cannot be changed"


@pytest.mark.parametrize(
    ("kind", "asked", "status", "method"),
    [
        (b"text/javascript", BROWSER, 200, "GET"),
        (b"text/html", [(b"accept", b"*/*")], 200, "GET"),
        (b"text/html", BROWSER, 304, "GET"),
        (b"text/html", BROWSER, 200, "HEAD"),
    ],
)
def test_everything_else_passes_as_it_is(
    kind: bytes, asked: list[tuple[bytes, bytes]], status: int, method: str
) -> None:
    headers, body, _ = answered(kind, asked=asked, status=status, method=method)
    assert body == b"".join(PAGE)
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"etag"] == b'"as it was"'


def test_a_long_name_is_cut_in_its_middle() -> None:
    assert short("cast_def_0_1.jpeg", longest=17) == "cast_def_0_1.jpeg"
    assert short("cast_def_0_1234.jpeg", longest=16) == "cast_def…234.jpeg"
