"""What the ledger says of people, sessions and links now; read once, and then only what is new.

Each page and each write asks. So it is kept in memory, and only rows behind the last one are read; where that one is
not there any more, as after a backup was put back, all is read anew.
"""

import threading
from dataclasses import dataclass, field
from typing import Any

from casting_core.records.chain import NOTHING, Entry, Head, Kind, as_number
from casting_core.roles import Role
from casting_core.settings import settings
from casting_core.workflows.stores import ledger

KINDS = (Kind.ROLE, Kind.SESSION)
START = Head(number=0, hash=NOTHING)

# What a row says was done.
ROLE = "role given"
LINK = "link made"
LINK_TAKEN = "link taken back"
BEGUN = "signed in"
ENDED = "signed out"
ALL_ENDED = "signed out everywhere"


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person who was given a role here, or whose role was taken away."""

    name: str  # as ``sessions.Claims`` has it
    role: Role | None  # none: may not even look, whatever else says so
    by: str
    at: float  # seconds since 1970, UTC


@dataclass(frozen=True, kw_only=True)
class Session:
    """One signing in."""

    person: str
    claimed: Role | None  # by whoever signed the person in; what is given here counts before it
    begun: float  # seconds since 1970, UTC


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to look."""

    name: str  # whom it was made for
    token: str  # sha256 of it
    expires: float  # seconds since 1970, UTC
    by: str


@dataclass(kw_only=True)
class Access:
    """All of it, as of one row."""

    members: dict[str, Member] = field(default_factory=dict)  # by name
    sessions: dict[str, Session] = field(default_factory=dict)  # those that have not ended, by their key
    ended: set[str] = field(default_factory=set)  # keys of those that have
    links: dict[str, Link] = field(default_factory=dict)  # those that were not taken back, by name
    read: Head = START

    def copy(self) -> "Access":
        """The same, which may be changed while somebody reads this one."""
        return Access(
            members=dict(self.members),
            sessions=dict(self.sessions),
            ended=set(self.ended),
            links=dict(self.links),
            read=self.read,
        )

    def take(self, row: Entry) -> None:
        """Takes in what the next row says."""
        said, self.read = row.values, Head(number=row.number, hash=row.hash)
        done, name, at = said.get("done"), row.about, row.at / 1000
        if done == ROLE:
            self.members[name] = Member(name=name, role=_role(said.get("role")), by=row.actor, at=at)
        elif done == LINK:
            expires = as_number(said.get("expires"), otherwise=0.0)
            self.links[name] = Link(name=name, token=str(said.get("token")), expires=expires, by=row.actor)
        elif done == LINK_TAKEN:
            self.links.pop(name, None)
        elif done == BEGUN:
            self.sessions[_key(said)] = Session(person=name, claimed=_role(said.get("claimed")), begun=at)
        elif done == ENDED:
            self._end({_key(said)})
        elif done == ALL_ENDED:
            self._end({key for key, one in self.sessions.items() if one.person == name})

    def _end(self, keys: set[str]) -> None:
        self.ended |= keys
        for key in keys:
            self.sessions.pop(key, None)


class _Kept:
    """What was read, by the address of the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_url: dict[str, Access] = {}

    def now(self) -> Access:
        """What the ledger says now."""
        with self._lock:
            url = settings().database_url
            known = self._by_url.get(url)
            if known is None or not _still_there(known.read):
                known = Access()
            rows = list(ledger().walk(kinds=KINDS, after=known.read.number))
            if rows:
                known = known.copy()  # others read the one of before
                for row in rows:
                    known.take(row)
            self._by_url[url] = known
            return known


_KEPT = _Kept()


def access() -> Access:
    """What the ledger says now; shared by all threads, so nobody changes it."""
    return _KEPT.now()


def _still_there(read: Head) -> bool:
    row = ledger().row(read.number) if read.number else None
    return read.number == 0 or (row is not None and row.hash == read.hash)


def _key(said: dict[str, Any]) -> str:
    return str(said.get("session", ""))


def _role(told: object) -> Role | None:
    return Role(told) if isinstance(told, str) and told in set(Role) else None
