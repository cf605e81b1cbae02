"""Commands about the database: whether it is whole, its backup, and the way back from that."""

import sys

import click

from casting_core.commands.terminal import answer, as_json, sentences
from casting_core.errors import CastingError
from casting_core.wording import printable
from casting_core.workflows import backups


@click.group()
def database() -> None:
    """The database: check, backup, restore."""


@database.command()
@as_json
@sentences
def check(*, as_json: bool) -> None:
    """Read the whole database; a damaged one is said, with the way back."""
    path, when = backups.check()
    backup = f"its backup is of {when:%Y-%m-%d %H:%M} UTC" if when else "it has no backup yet"
    value = {"database": str(path), "backup": when.isoformat() if when else None}
    answer(value, f"The database {printable(str(path))} is whole; {backup}.", as_json=as_json)


@database.command()
@as_json
@sentences
def backup(*, as_json: bool) -> None:
    """Make the backup now; the dashboard makes it once a day."""
    made = backups.back_up()
    answer({"backup": str(made)}, f"The backup is {printable(str(made))}.", as_json=as_json)


@database.command()
@click.option("--yes", is_flag=True, help="Do not ask; nobody is asked where no person is at the terminal either.")
@as_json
@sentences
def restore(*, yes: bool, as_json: bool) -> None:
    """Put the backup in the place of the database; what stood there is kept beside it."""
    question = "Put the backup in the place of the database? What was written since is then in the file beside it."
    if sys.stdin.isatty() and not (yes or as_json) and not click.confirm(question, err=True):
        raise CastingError("nothing was changed: the database stays as it is")
    when, aside = backups.restore()
    kept = f" What stood there is {printable(str(aside))}." if aside else ""
    value = {"backup": when.isoformat(), "kept": str(aside) if aside else None}
    answer(value, f"The database is again as it was on {when:%Y-%m-%d %H:%M} UTC.{kept}", as_json=as_json)
