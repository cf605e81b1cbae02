"""Who may speak to a server of ours: the names it answers to, and the pages it takes requests from.

A stranger's page can let its own name lead to this machine (DNS rebinding): the browser then takes
our server for the stranger's, but says in ``Host`` by which name it came. A page of any other
server can send requests here: the browser then says in ``Origin`` whose page it is. Both are
compared with names of this machine, and with those that were added to them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import Self

USUAL_PORT = {"http": 80, "https": 443}  # what a browser leaves out

NAME_AND_PORT = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+?)\.?)(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True)
class Host:
    """A machine as it was called."""

    name: str  # lower case, no dot at its end; an IPv6 address in its shortest form, without brackets
    port: int | None = None  # 1 to 65535; none where none was written

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What a header ``Host`` says (RFC 9110, 7.2); ``None`` where it is anything but a name and a port."""
        found = NAME_AND_PORT.fullmatch(text.lower())
        if found is None:
            return None
        port = int(found["port"]) if found["port"] else None
        name = found["name"] or _shortest(found["six"])
        return cls(name, port) if name and (port is None or 0 < port < 2**16) else None


@dataclass(frozen=True)
class Origin:
    """The server that a page came from (RFC 6454)."""

    scheme: str  # http or https
    name: str  # as in ``Host``
    port: int  # the usual one where none was written

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What a header ``Origin`` says; ``None`` for ``null`` and for all that is no page of a web server."""
        scheme, _, rest = text.lower().partition("://")
        host = Host.read(rest)
        if scheme not in USUAL_PORT or host is None:
            return None
        return cls(scheme, host.name, host.port or USUAL_PORT[scheme])


EVERYWHERE = ("0.0.0.0", "::")  # to listen there is to listen on every network of this machine
LOOPBACK = (Host("localhost"), Host("127.0.0.1"), Host("::1"))  # this machine, seen from itself


@dataclass(frozen=True)
class Hosts:
    """The names a server answers to: those of this machine, at any port, and those that were added.

    A name added without a port is answered to at any; one with a port at that one.
    """

    added: tuple[Host, ...] = ()

    def answer_to(self, host: Host) -> bool:
        """Whether a request that came to this name is ours."""
        added = any(_called(host, known) for known in self.added)
        return added or any(host.name == known.name for known in LOOPBACK)

    def take(self, origin: Origin, *, at: Host, scheme: str) -> bool:
        """Whether a page of this origin may send a request to the host ``at``.

        It may where the page came from that very place. A proxy may hide the place from us: it
        speaks https and lets us speak http, or calls us by another name. So of a name that was
        added either scheme will do, and the page may come from it wherever it sends to.
        """
        same = origin.name == at.name and origin.port == (at.port or USUAL_PORT[origin.scheme])
        if same and origin.scheme == scheme:
            return self.answer_to(at)
        if same and any(_called(at, known) for known in self.added):
            return True
        places = ((known.name, known.port or USUAL_PORT[origin.scheme]) for known in self.added)
        return (origin.name, origin.port) in places


def listed(texts: Iterable[str]) -> tuple[Host, ...]:
    """Names as a person lists them, letters of any language among them; ``ValueError`` names the first that is none."""
    return tuple(_of_a_person(text) for text in texts)


def _of_a_person(text: str) -> Host:
    try:
        plain = text if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(text) from error
    host = Host.read(plain) or Host.read(f"[{plain}]")
    if host is None:
        raise ValueError(text)
    return host


def _called(host: Host, known: Host) -> bool:
    """Whether this is the known name; a proxy that takes the port off the name is forgiven."""
    return host.name == known.name and (None in (known.port, host.port) or host.port == known.port)


def _shortest(six: str) -> str:
    try:
        return IPv6Address(six).compressed
    except AddressValueError:
        return ""
