"""Who may ask: stations, each with a token that is shown once and kept as its sha256 only.

The token has 256 random bits, so nobody finds it by trying and a plain hash keeps it; a hash that is slow on purpose is
for what people think up.
"""

import hashlib
import json
import re
import secrets
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from casting_core import files, roles
from casting_core.errors import CastingError, written
from casting_core.records.chain import Kind
from casting_core.roles import Write
from casting_core.settings import settings
from casting_core.workflows.stores import ledger

NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PREFIX = "casting_"  # by which people and programs that look for secrets know one
DAY = 24 * 3600.0  # seconds


class Scope(StrEnum):
    """What a token is good for."""

    JUDGE = "judge"  # to have photos judged
    METRICS = "metrics"  # to read the figures of the service


@dataclass(frozen=True, kw_only=True)
class Station:
    """One station that may ask."""

    name: str
    scopes: tuple[Scope, ...]
    added: float  # seconds since 1970, UTC
    expires: float | None  # the same; none: never
    token: str  # sha256 of it

    def valid(self, now: float) -> bool:
        """Whether its token counts at this moment."""
        return self.expires is None or now < self.expires


def add(name: str, *, scopes: tuple[Scope, ...], days: float | None = None, actor: str) -> str:
    """The token of a new station, which is kept nowhere; ``CastingError`` where there is one of this name already."""
    actor = roles.require(Write.STATION, actor)
    if not NAMED.fullmatch(name):
        raise CastingError(
            f"a station cannot be called {name[:80]!r}: up to 64 letters of A to Z, digits, dots, hyphens and _ will do"
        )
    if not scopes:
        raise CastingError("a token must be good for something: judge, metrics or both")
    if days is not None and not 0 < days <= 36_500:
        raise CastingError(f"a token cannot expire after {days:g} days; more than 0 and up to 36500 will do")
    token, now = PREFIX + secrets.token_urlsafe(32), time.time()
    expires = None if days is None else now + days * DAY
    new = Station(name=name, scopes=scopes, added=now, expires=expires, token=_hash(token))
    with _changing():
        known = stations()
        if any(one.name == name for one in known):
            raise CastingError(f"there is a station {name!r} already; 'stations revoke {name}' takes its token away")
        body = {"done": "added", "scopes": list(scopes), "expires": None if expires is None else round(expires)}
        with ledger().adding(Kind.STATION, about=name, body=body, actor=actor.strip()):
            _write([*known, new])
    return token


def revoke(name: str, *, actor: str) -> None:
    """Takes a station's token away, at once; ``CastingError`` where there is no such station."""
    actor = roles.require(Write.STATION, actor)
    with _changing():
        known = stations()
        left = [one for one in known if one.name != name]
        if len(left) == len(known):
            names = ", ".join(one.name for one in known) or "none"
            raise CastingError(f"there is no station {name[:80]!r} (known: {names})")
        with ledger().adding(Kind.STATION, about=name, body={"done": "revoked"}, actor=actor.strip()):
            _write(left)


def stations() -> list[Station]:
    """All stations, by name; ``CastingError`` where the file that says so cannot be read."""
    try:
        told = json.loads(_place().read_text("utf-8"))
        found = [
            Station(
                name=str(one["name"]),
                scopes=tuple(Scope(scope) for scope in one["scopes"]),
                added=float(one["added"]),
                expires=None if one["expires"] is None else float(one["expires"]),
                token=str(one["token"]),
            )
            for one in told["stations"]
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CastingError(f"{str(_place())!r} cannot be read: it does not say which stations there are") from error
    return sorted(found, key=lambda one: one.name)


class Tokens:
    """The tokens as they are now: the file is read again where it has changed. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._by_hash: dict[str, Station] = {}

    def station(self, token: str, *, scope: Scope) -> Station | None:
        """Whose token this is, where it is good for that at this moment; none where it is not.

        Raises ``CastingError`` where the file cannot be read: then nobody is let in.
        """
        with self._lock:
            self._refresh()
            found = self._by_hash.get(_hash(token))  # of a secret with 256 bits only its hash is looked up
        return found if found is not None and scope in found.scopes and found.valid(time.time()) else None

    def _refresh(self) -> None:
        try:
            about = _place().stat()
            seen: tuple[int, ...] = (about.st_mtime_ns, about.st_size, about.st_ino)
        except OSError:
            seen = ()
        if seen != self._seen:
            self._by_hash = {}
            self._by_hash = {one.token: one for one in stations()}
            self._seen = seen


def _changing() -> AbstractContextManager[None]:
    with written(_place().parent):
        _place().parent.mkdir(parents=True, exist_ok=True)
    return files.held(_place().with_suffix(".lock"))


def _write(known: list[Station]) -> None:
    told = {"stations": [vars(one) for one in sorted(known, key=lambda one: one.name)]}
    files.replace(_place(), json.dumps(told, indent=1) + "\n")


def _place() -> Path:
    return settings().data_dir / "stations" / "tokens.json"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
