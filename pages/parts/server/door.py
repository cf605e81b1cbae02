"""Who is let in: each request is looked at before Streamlit sees it, a websocket's handshake among them.

Streamlit 1.67 compares ``Host`` and ``Origin`` with each other only, and where they differ it asks
an address on the internet for its own, with everybody waiting. What gets through here has the
same in both, so it never comes to that.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casting_core.errors import SettingsError
from casting_core.hosts import EVERYWHERE, LOOPBACK, Host, Hosts, Origin
from casting_core.settings import settings
from pages.parts.server.headers import headers

READS = ("GET", "HEAD", "OPTIONS")  # what changes nothing
OWN = ("same-origin", "none")  # Sec-Fetch-Site of our own pages, and of an address that a person typed
MOST_TOLD = 100  # lines of the log about who was refused; whoever knocks without end cannot fill the disk

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """Why a request is not taken."""

    status: int  # of the answer
    text: str  # one sentence for whoever sent it


NO_HOST = Refusal(400, "This request does not say once, and as a browser does, which server it is meant for.")
OTHER_HOST = Refusal(
    403,
    "This dashboard does not answer to the name it was called by; whoever runs it can add that name to CASTING_HOSTS.",
)
OTHER_PAGE = Refusal(
    403,
    "This dashboard takes no requests from pages of other servers; "
    "whoever runs it can add the name that its own pages are seen under to CASTING_HOSTS.",
)
BROKEN = Refusal(500, "Something went wrong in the server; its log says what.")


class Door:
    """ASGI middleware: refuses strangers, and puts the same headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts
        self._headers = headers()
        self._told: set[tuple[Refusal, str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or lets Streamlit answer it."""
        if scope["type"] not in ("http", "websocket"):  # the server starts or ends
            await self._app(scope, receive, send)
            return
        started = False

        async def sealed(message: Message) -> None:
            nonlocal started
            if message["type"].endswith("http.response.start"):
                started = True
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        refusal = refused(scope, self._hosts)
        if refusal is not None:
            self._tell(refusal, scope)
            await _refuse(refusal, scope, receive, sealed)
            return
        try:
            await self._app(agreed(scope), receive, sealed)
        except Exception:
            if scope["type"] == "http" and not started:
                await _refuse(BROKEN, scope, receive, sealed)
            raise  # it is written into the log further out

    def _tell(self, refusal: Refusal, scope: Scope) -> None:
        """Writes into the log who was refused, each once."""
        given = Headers(scope=scope)
        seen = (refusal, given.get("host", "")[:200], given.get("origin", "")[:200])
        if seen not in self._told and len(self._told) < MOST_TOLD:
            self._told.add(seen)
            log.warning("Refused: Host %a, Origin %a. %s", *seen[1:], refusal.text)


def middleware() -> list[Middleware]:
    """What the server of the dashboard begins with; ends the process with a sentence where settings make no sense."""
    try:
        return [Middleware(Door, hosts=Hosts((*settings().hosts, *_told_address())))]
    except SettingsError as error:
        raise SystemExit(str(error)) from error


def _told_address() -> tuple[Host, ...]:
    """The address that the server was told to listen at, where it is one of a network."""
    port, address = st.get_option("server.port"), st.get_option("server.address") or ""
    host = Host.read(f"[{address}]:{port}" if ":" in address else f"{address}:{port}")
    known = {*(loopback.name for loopback in LOOPBACK), *EVERYWHERE}
    return (host,) if host is not None and host.name not in known else ()


def refused(scope: Scope, hosts: Hosts) -> Refusal | None:
    """Why this request is not taken; ``None`` where it is.

    Who changes something or opens a websocket must say whose page asks for it, as every browser
    does: a program that has no page has commands for all that.
    """
    given = Headers(scope=scope)
    names = [Host.read(text.strip()) for text in given.getlist("host")]
    if len(names) != 1 or names[0] is None or not scope["path"].startswith("/"):
        return NO_HOST  # a path that begins with a server's name has a second one in it
    if not all(name is not None and hosts.answer_to(name) for name in (*names, *_forwarded(given))):
        return OTHER_HOST
    origins = [Origin.read(text.strip()) for text in given.getlist("origin")]
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    if not all(origin is not None and hosts.take(origin, at=names[0], scheme=scheme) for origin in origins):
        return OTHER_PAGE
    only_reads = scope["type"] == "http" and scope["method"] in READS
    if len(origins) > 1 or not (origins or only_reads) or not _from_our_page(given, only_reads=only_reads):
        return OTHER_PAGE
    return None


def agreed(scope: Scope) -> Scope:
    """The same request with the place of its page in ``Host``, where it says one: a proxy may have put in another."""
    given = Headers(scope=scope)
    if "origin" not in given:
        return scope
    place = given["origin"].strip().partition("://")[2].encode("latin-1")
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {**scope, "headers": [(b"host", place), *others]}


def _forwarded(given: Headers) -> Iterator[Host | None]:
    """The names that a proxy was called by: it must not let in by its own name who came by another."""
    for text in given.getlist("x-forwarded-host"):
        yield from (Host.read(name.strip()) for name in text.split(","))


def _from_our_page(given: Headers, *, only_reads: bool) -> bool:
    """Whether the browser says that no page of others asked for this; a link to a page of ours may stand anywhere.

    Not every browser says so, and none to a server without https that is not this machine.
    """
    if given.get("sec-fetch-site", "none") in OWN:
        return True
    link = (given.get("sec-fetch-mode"), given.get("sec-fetch-dest")) == ("navigate", "document")
    return link and only_reads and "origin" not in given


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # a handshake is then answered with 403
        return
    said = {"connection": "close", "cache-control": "no-store"}
    await PlainTextResponse(refusal.text + "\n", refusal.status, said)(scope, receive, send)
