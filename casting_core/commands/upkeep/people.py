"""`people`: who may what on the pages, where people sign in."""

from datetime import UTC, datetime

import click

from casting_core.commands.terminal import answer, as_json, sentences
from casting_core.commands.upkeep.stations import who
from casting_core.roles import Role
from casting_core.wording import printable
from casting_core.workflows.people import links, members
from casting_core.workflows.people.access import Link, Member
from casting_core.workflows.people.address import PARAMETER

NONE = "none"  # who may not even look


@click.group()
def people() -> None:
    """People and their roles, where they sign in: list, set, sign-out, link, unlink."""


@people.command("list")
@as_json
@sentences
def list_people(*, as_json: bool) -> None:
    """Everybody who was given a role here, and every link to look that counts."""
    known, open_links = members.members(), links.links()
    value = {
        "people": [{"person": one.name, "role": one.role, "by": one.by, "at": one.at} for one in known],
        "links": [{"for": one.name, "expires": one.expires, "by": one.by} for one in open_links],
    }
    told = [*map(_person, known), *map(_link, open_links)]
    answer(value, "\n".join(told) or "Nobody was given a role yet.", as_json=as_json)


@people.command("set")
@click.argument("name")
@click.option(
    "--role", type=click.Choice([*(role.value for role in Role), NONE]), required=True,
    help="What the person may; none takes every role away, one that whoever signs them in claims included.",
)  # fmt: skip
@click.option("--why", default="", help="For the ledger.")
@who
@as_json
@sentences
def set_role(*, name: str, role: str, why: str, who: str, as_json: bool) -> None:
    """Give a person a role, by the address they sign in with; it counts from their next click on."""
    members.set_role(name, None if role == NONE else Role(role), actor=who, reason=why)
    told = f"{printable(name)} is {role} here." if role != NONE else f"{printable(name)} may not look any more."
    answer({"person": name, "role": role}, told, as_json=as_json)


@people.command("sign-out")
@click.argument("name")
@who
@as_json
@sentences
def sign_out(*, name: str, who: str, as_json: bool) -> None:
    """End all sessions of a person, in open tabs, too."""
    members.end_sessions(name, actor=who)
    answer({"person": name, "signed_out": True}, f"All sessions of {printable(name)} have ended.", as_json=as_json)


@people.command("link")
@click.argument("name")
@click.option("--days", type=float, default=14.0, show_default=True, help="After which it does not count any more.")
@who
@as_json
@sentences
def link(*, name: str, days: float, who: str, as_json: bool) -> None:
    """Make a link by which somebody may look for some days, and change nothing; it is shown this once."""
    token = links.make(name, days=days, actor=who)
    end = f"?{PARAMETER}={token}"
    told = f"{printable(name)} may look for {days:g} days by the dashboard's address with this behind it:\n/{end}"
    answer({"for": name, "link": end}, told, as_json=as_json)


@people.command("unlink")
@click.argument("name")
@who
@as_json
@sentences
def unlink(*, name: str, who: str, as_json: bool) -> None:
    """Take back the link of somebody, in open tabs, too."""
    links.take_back(name, actor=who)
    answer({"for": name, "taken_back": True}, f"The link of {printable(name)} counts no more.", as_json=as_json)


def _person(one: Member) -> str:
    return f"{printable(one.name):<40}{one.role or NONE:<16}by {printable(one.by) or 'nobody named'}, {_day(one.at)}"


def _link(one: Link) -> str:
    return f"{printable(one.name):<40}{'link to look':<16}until {_day(one.expires)}"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
