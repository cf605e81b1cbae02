"""A link to look, as it comes in: its token goes from the address into a cookie that no script can read.

So it is neither in the history of a screen that others see, nor in what a page sends when it is left.
"""

from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from casting_core.workflows.people.address import PARAMETER

COOKIE = "casting_link"
LONGEST = 100  # letters of a token


class Link:
    """ASGI middleware: answers an address with a link in it by the same address without, and the cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the others answer all but such addresses."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["query_string"]:
            await self._app(scope, receive, send)
            return
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        token = dict(asked).get(PARAMETER)
        if token is None:
            await self._app(scope, receive, send)
            return
        left = urlencode([pair for pair in asked if pair[0] != PARAMETER])
        # To the same path, whatever that is: said again here, a path that begins with two slashes were another server.
        answer = RedirectResponse(f"?{left}", 303, {"cache-control": "no-store"})
        answer.headers["set-cookie"] = _cookie(token[:LONGEST], secure=_is_secure(scope))
        await answer(scope, receive, send)


def middleware() -> list[Middleware]:
    """What the server begins with so that links to look work."""
    return [Middleware(Link)]


def _cookie(token: str, *, secure: bool) -> str:
    """Of this browser's session; only pages of this server are given it."""
    made = SimpleCookie({COOKIE: token})
    for name, value in {"path": "/", "samesite": "Lax", "httponly": True, "secure": secure}.items():
        made[COOKIE][name] = value
    return made[COOKIE].OutputString()


def _is_secure(scope: Scope) -> bool:
    return "https" in (scope["scheme"], Headers(scope=scope).get("x-forwarded-proto", ""))
