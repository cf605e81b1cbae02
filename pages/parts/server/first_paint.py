"""How the pages look from their very first picture on: our style is in the page that Streamlit begins with.

A style that came with a page's script would come too late: whatever it moves would jump.
"""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

END = b"</head>"
NOT_OURS = ("content-length", "etag", "last-modified")  # headers that tell of the page as it was


class FirstPaint:
    """ASGI middleware: puts a style at the end of the head of whole pages."""

    def __init__(self, app: ASGIApp, style: str) -> None:
        self._app, self._style = app, style.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the others answer, and changes the answer where it is a page."""
        if scope["type"] != "http" or scope["method"] != "GET" or b"text/html" not in _header(scope, b"accept"):
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]  # it is short
        start: Message | None = None
        body: list[bytes] = []

        async def styled(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body.append(message.get("body", b""))
                if not message.get("more_body", False):
                    await self._send(start, b"".join(body), send)

        await self._app({**scope, "headers": plain}, receive, styled)

    async def _send(self, start: Message, page: bytes, send: Send) -> None:
        whole = page.replace(END, self._style + END, 1)
        headers = MutableHeaders(scope=start)
        for name in NOT_OURS:
            del headers[name]
        headers["content-length"] = str(len(whole))
        await send(start)
        await send({"type": "http.response.body", "body": whole})


def middleware(style: str) -> Sequence[Middleware]:
    """What the server begins with so that every page has this style, a whole ``<style>``."""
    return [Middleware(FirstPaint, style=style)]


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    is_html = headers.get("content-type", "").startswith("text/html")
    return bool(start["status"] == 200 and is_html and "content-encoding" not in headers)
