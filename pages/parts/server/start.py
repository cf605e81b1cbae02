"""What is said and done when the server starts: where the dashboard is found, and a browser that opens it."""

import asyncio
import webbrowser
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module

import click
import streamlit as st

from casting_core.hosts import EVERYWHERE
from casting_core.settings import settings

FIRST_PAGE = (  # what dashboard.py imports where it is the page
    "pages.parts.challenge.stations_view",
    "pages.parts.overview.board.board_view",
    "pages.parts.overview.facts",
    "pages.parts.overview.next_steps",
    "pages.parts.shell.frame",
    "pages.parts.shell.guards",
)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[None]:
    """Begins when the server can be reached. Streamlit's own greeting asks an address on the internet for ours.

    While the first browser still reads Streamlit's programs, the first page's are loaded here.
    """
    click.echo(f"\n  Casting inspection is at\n\n  URL: {url()}\n")
    if st.get_option("server.address") in (None, *EVERYWHERE) and not settings().hosts:
        click.echo("  Other machines are refused as long as CASTING_HOSTS does not name this one as they call it.\n")
    if not st.get_option("server.headless"):
        webbrowser.open(url())
    loading = asyncio.get_running_loop().run_in_executor(None, _load_first_page)
    yield
    await asyncio.wait([loading])  # what cannot be loaded the page itself will say


def url() -> str:
    """The address of the first page, seen from this machine."""
    address = st.get_option("server.address")
    name = "localhost" if address in (None, *EVERYWHERE) else f"[{address}]" if ":" in address else address
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    path = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{scheme}://{name}:{st.get_option('server.port')}/{path}".rstrip("/")


def _load_first_page() -> None:
    for name in FIRST_PAGE:
        import_module(name)
