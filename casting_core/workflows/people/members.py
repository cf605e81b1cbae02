"""People and their roles: who has which, giving one, taking it away."""

from casting_core import roles
from casting_core.errors import CastingError, RoleError
from casting_core.records.chain import Kind
from casting_core.roles import Role, Write
from casting_core.workflows.people.access import ALL_ENDED, ROLE, Member, access
from casting_core.workflows.stores import ledger

LONGEST = 120  # letters of a name
NOBODY = "say whom this is about: the address by which they sign in, as ann@plant.example"


def members() -> list[Member]:
    """Everybody who was ever given a role here, by name."""
    return sorted(access().members.values(), key=lambda one: one.name)


def set_role(name: str, role: Role | None, *, actor: str, reason: str = "") -> None:
    """Gives a person a role, from their next click on; with none they may not even look.

    Raises ``CastingError`` where the name will not do, and ``RoleError`` where administrators would take the own role
    away: another one must, or the command line of the server.
    """
    actor = roles.require(Write.PEOPLE, actor)
    name = checked(name)
    if roles.acting().signed_in and name == actor.casefold() and role is not Role.ADMINISTRATOR:
        raise RoleError("you cannot take your own role away; another administrator can")
    body = {"done": ROLE, "role": "" if role is None else role.value}
    ledger().add(Kind.ROLE, about=name, body=body, actor=actor.strip(), reason=reason.strip())


def end_sessions(name: str, *, actor: str) -> None:
    """Ends all sessions of a person, in open tabs, too; they can sign in again as long as they have a role."""
    actor = roles.require(Write.PEOPLE, actor)
    body = {"done": ALL_ENDED}
    ledger().add(Kind.SESSION, about=checked(name), body=body, actor=actor.strip())


def checked(name: str) -> str:
    """The name as it is kept; ``CastingError`` where it is none."""
    name = name.strip().casefold()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise CastingError(NOBODY)
    return name
