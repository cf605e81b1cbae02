"""`stations`: who may ask the service for verdicts."""

import getpass
from datetime import UTC, datetime

import click

from casting_core.commands.terminal import answer, as_json, sentences
from casting_core.workflows.stations import tokens
from casting_core.workflows.stations.tokens import Scope, Station


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # nobody is signed in, as in a container
        return ""


who = click.option("--who", default=_user, show_default="who is signed in", metavar="NAME", help="Who decides.")


@click.group()
def stations() -> None:
    """Stations that may have photos judged by 'serve': add, list, revoke."""


@stations.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice([one.value for one in Scope]), multiple=True, default=[Scope.JUDGE.value],
    show_default=True, help="What its token is good for; may be repeated.",
)  # fmt: skip
@click.option("--days", type=float, help="After which the token does not count any more; never, if not told.")
@who
@as_json
@sentences
def add(*, name: str, scopes: tuple[str, ...], days: float | None, who: str, as_json: bool) -> None:
    """Add a station and show its token, this once: only its sum is kept."""
    token = tokens.add(name, scopes=tuple(sorted(set(map(Scope, scopes)))), days=days, actor=who)
    told = f"Station {name} may ask with this token, which is shown this once:\n{token}"
    answer({"station": name, "token": token}, told, as_json=as_json)


@stations.command("list")
@as_json
@sentences
def list_stations(*, as_json: bool) -> None:
    """All stations, and what each token is good for."""
    known = tokens.stations()
    rows = [
        {"station": one.name, "scopes": list(one.scopes), "added": one.added, "expires": one.expires} for one in known
    ]
    answer({"stations": rows}, "\n".join(map(_line, known)) or "No station may ask yet.", as_json=as_json)


@stations.command()
@click.argument("name")
@who
@as_json
@sentences
def revoke(*, name: str, who: str, as_json: bool) -> None:
    """Take a station's token away, at once."""
    tokens.revoke(name, actor=who)
    answer({"station": name, "revoked": True}, f"Station {name} may not ask any more.", as_json=as_json)


def _line(one: Station) -> str:
    expires = "never expires" if one.expires is None else f"expires {_day(one.expires)}"
    return f"{one.name:<24}{', '.join(one.scopes):<16}added {_day(one.added)}, {expires}"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
