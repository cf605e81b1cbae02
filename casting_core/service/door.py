"""Who is let in by name, and what every answer says to a browser that has come here."""

from base64 import b64encode
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casting_core.hosts import Host, Hosts
from casting_core.service.page import STYLE

NO_HOST = "the request does not say once, and properly, which server it is meant for"
OTHER_HOST = "the service does not answer to this name; whoever runs it can add the name to CASTING_HOSTS"
A_PAGE = "the service takes no requests from pages in a browser"


class Door:
    """ASGI middleware: refuses strangers, and puts the same headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts
        digest = b64encode(sha256(STYLE.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"
        self._headers = {
            "content-security-policy": f"{policy}; form-action 'none'",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or lets the service answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        refusal = self._refusal(Headers(scope=scope))
        if refusal is None:
            await self._app(scope, receive, sealed)
        else:
            status, text = refusal
            await JSONResponse({"detail": text}, status, {"connection": "close"})(scope, receive, sealed)

    def _refusal(self, given: Headers) -> tuple[int, str] | None:
        names = [Host.read(text) for text in given.getlist("host")]
        if len(names) != 1 or names[0] is None:
            return 400, NO_HOST
        if not self._hosts.answer_to(names[0]):
            return 403, OTHER_HOST
        # A browser sends it with every request that a page's script makes: no station has a page.
        return (403, A_PAGE) if "origin" in given else None
