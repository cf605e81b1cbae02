"""`serve`: the service in a process of its own, until it is ended."""

import socket

import click

from casting_core.commands.terminal import say, sentences
from casting_core.errors import CastingError
from casting_core.hosts import EVERYWHERE, Host, Hosts, listed
from casting_core.settings import settings

CONNECTIONS = 256  # at once; whoever comes then is answered 503 before anything of theirs is read
HEAD = 32 * 2**10  # bytes of what stands before a photo
IDLE = 30  # seconds that a connection is kept for the next request
LAST = 10  # seconds for what is being answered, when the service ends


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8600, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@sentences
def serve(*, host: str, port: int) -> None:
    """Answer stations: a photo in, a verdict out that is on record. 'stations add' makes the token each needs."""
    import uvicorn

    from casting_core.service.app import make_app
    from casting_core.service.judging import Judges
    from casting_core.service.limits import Limits
    from casting_core.workflows.stations.book import Book

    limits, hosts = Limits.of(settings()), _hosts(host)
    listening = _listen(host, port)
    book = Book(days=limits.days)
    app = make_app(limits, hosts, Judges(limits.judges), book)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="error",  # strangers must not fill a disk with warnings
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEAD,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=LAST,
    )
    name = f"[{host}]" if ":" in host else host
    say(f"Stations are answered at http://{name}:{listening.getsockname()[1]}/ (which says how to ask).")
    if host in EVERYWHERE and not settings().hosts:
        say("Other machines are refused as long as CASTING_HOSTS does not name this one as they call it.", err=True)
    uvicorn.Server(config).run(sockets=[listening])


def _hosts(host: str) -> Hosts:
    """The names that are answered to: those in the settings, and the address to listen at."""
    if host in EVERYWHERE:
        return Hosts(settings().hosts)
    try:
        return Hosts((*settings().hosts, *(Host(one.name) for one in listed([host]))))
    except ValueError as error:
        raise CastingError(f"--host {host!r} is no address of this machine") from error


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; ``CastingError`` where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(CONNECTIONS)  # whoever comes from now on waits until the service is up
    except OSError as error:
        listening.close()
        why = f"{error.strerror or error}; --port chooses another one"
        raise CastingError(f"nobody can be answered at {host} port {port}: {why}") from error
    return listening
