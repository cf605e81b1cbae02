"""Signing in and out. A session is on record from its beginning to its end, and counts between the two only.

Whoever signs people in (OIDC) says who somebody is, once. A browser keeps that, and shows it again and again. So what
it shows counts only while the session that it began is open here: not before it began, not after it was ended, and not
after so many hours. What is asked at each page and each write is this record, not the browser.
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from casting_core import roles
from casting_core.errors import RoleError
from casting_core.records.chain import Kind, canonical
from casting_core.roles import Acting, Role
from casting_core.settings import settings
from casting_core.workflows.people.access import BEGUN, ENDED, Access, access
from casting_core.workflows.people.members import checked
from casting_core.workflows.stores import ledger

HOUR = 3600.0  # seconds
SKEW = 300.0  # seconds that two clocks may differ
SIGN_IN = "sign in first"
OVER = "this session has ended; sign in again"
NO_ROLE = "{} has no role here yet; an administrator of this dashboard can give one"


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What whoever signs people in has said of one of them, once."""

    person: str  # the address of the person, or what stands for them where none is sure
    shown: str  # the name for people
    issued: float  # seconds since 1970, UTC
    key: str  # of the session; no two signings in share it
    claimed: Role | None  # the highest of the roles that were claimed

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """From the claims of an ID token (OpenID Connect Core 1.0, 2); ``RoleError`` where the needed ones lack.

        An address that is said not to be verified may be somebody else's, and does not count.
        """
        issuer, subject, issued, nonce = (told.get(name) for name in ("iss", "sub", "iat", "nonce"))
        if not issuer or not subject or not isinstance(issued, int | float) or isinstance(issued, bool) or not nonce:
            raise RoleError(SIGN_IN)
        address = told.get("email") if told.get("email_verified", True) in (True, "true") else None
        person = checked(str(address or f"{subject} of {issuer}"))
        key = hashlib.sha256(canonical([str(issuer), str(subject), issued, str(nonce)]).encode()).hexdigest()
        shown = str(told.get("name") or person)
        return cls(person=person, shown=shown, issued=float(issued), key=key, claimed=_claimed(told))


def begin(claims: Claims) -> None:
    """Writes down that a session has begun, where it is not on record yet; ``RoleError`` where it can begin no more."""
    known = access()
    if claims.key in known.sessions:
        return
    _must_be_new(claims, known)
    body = {"done": BEGUN, "session": claims.key, "claimed": claims.claimed.value if claims.claimed else ""}
    with roles.acting_as(roles.HERE):  # the server does; whoever signs in may not have a role yet
        ledger().add(Kind.SESSION, about=claims.person, body=body, actor=claims.person)


def end(claims: Claims) -> None:
    """Ends a session, in every tab; what the browser has kept of it counts no more."""
    if claims.key in access().ended:
        return
    body = {"done": ENDED, "session": claims.key}
    with roles.acting_as(roles.HERE):
        ledger().add(Kind.SESSION, about=claims.person, body=body, actor=claims.person)


def acting(claims: Claims) -> Acting:
    """Who acts in this session now; ``RoleError`` where it is not open, or the person has no role.

    A role that was given here counts before one that was claimed.
    """
    known = access()
    session = known.sessions.get(claims.key)
    if session is None or session.person != claims.person or not _in_time(claims):
        raise RoleError(OVER if session or claims.key in known.ended else SIGN_IN)
    given = known.members.get(session.person)
    role = given.role if given else session.claimed
    if role is None:
        raise RoleError(NO_ROLE.format(session.person))
    return Acting(name=session.person, role=role)


def _must_be_new(claims: Claims, known: Access) -> None:
    if claims.key in known.ended or not _in_time(claims):
        raise RoleError(OVER)


def _in_time(claims: Claims) -> bool:
    return -SKEW <= time.time() - claims.issued < settings().session_hours * HOUR


def _claimed(told: Mapping[str, Any]) -> Role | None:
    """The highest role among the values of the claim that names roles; a text may hold several with spaces between."""
    said = told.get(settings().role_claim) if settings().role_claim else None
    values = said.split() if isinstance(said, str) else said if isinstance(said, list | tuple) else []
    names = {role.value: role for role in Role} | dict(settings().role_names)
    found = [names[value] for value in values if isinstance(value, str) and value in names]
    return next((role for role in reversed(Role) if role in found), None)
