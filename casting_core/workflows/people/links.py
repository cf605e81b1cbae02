"""Links by which somebody may look, and change nothing, for some time: for an auditor who has no account.

A link holds a token of 256 random bits. Only its sha256 is kept, in the ledger, with whom it was made for and when it
expires. So nobody can make one up, make one last longer, or read one off the database; and each can be taken back.
"""

import hashlib
import secrets
import time

from casting_core import roles
from casting_core.errors import CastingError, RoleError
from casting_core.records.chain import Kind
from casting_core.roles import Acting, Role, Write
from casting_core.workflows.people.access import LINK, LINK_TAKEN, Link, access
from casting_core.workflows.people.members import checked
from casting_core.workflows.stores import ledger

DAY = 24 * 3600.0  # seconds
MOST_DAYS = 92.0  # an audit is over after a quarter
NAMED = "{} (by a link)"  # who looks, as pages say it
OVER = "this link has expired or was taken back; ask whoever sent it for another one"


def make(name: str, *, days: float, actor: str) -> str:
    """The token of a new link for somebody, which is kept nowhere; one that they had before is taken back.

    Raises ``CastingError`` where the name or the time will not do.
    """
    actor = roles.require(Write.PEOPLE, actor)
    if not 0 < days <= MOST_DAYS:
        raise CastingError(f"a link cannot last {days:g} days; more than 0 and up to {MOST_DAYS:g} will do")
    token, expires = secrets.token_urlsafe(32), round(time.time() + days * DAY)
    body = {"done": LINK, "token": _hash(token), "expires": expires}
    ledger().add(Kind.ROLE, about=checked(name), body=body, actor=actor.strip())
    return token


def take_back(name: str, *, actor: str) -> None:
    """Ends the link of somebody, in open tabs, too; ``CastingError`` where there is none."""
    actor = roles.require(Write.PEOPLE, actor)
    name = checked(name)
    if name not in access().links:
        raise CastingError(f"there is no link for {name!r} (known: {', '.join(sorted(access().links)) or 'none'})")
    ledger().add(Kind.ROLE, about=name, body={"done": LINK_TAKEN}, actor=actor.strip())


def links() -> list[Link]:
    """The links that count now, by name."""
    now = time.time()
    return sorted((one for one in access().links.values() if now < one.expires), key=lambda one: one.name)


def acting(token: str) -> Acting:
    """Who looks by the link with this token; ``RoleError`` where it does not count, or no more."""
    wanted = _hash(token)  # of a secret with 256 bits only its hash is looked up
    for link in links():
        if link.token == wanted:
            return Acting(name=NAMED.format(link.name), role=Role.VIEWER)
    raise RoleError(OVER)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
