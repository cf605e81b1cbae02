"""`retention`: which photos of verdicts are kept and for how long; what would go; what the disk will hold."""

from dataclasses import replace

import click

from casting_core.commands.terminal import answer, as_json, progress, sentences
from casting_core.commands.upkeep.stations import who
from casting_core.errors import SettingsError
from casting_core.wording import count, room
from casting_core.workflows.keeping.rule import Keep, rule, set_rule
from casting_core.workflows.tracing import retention as keeping

NEVER = "none"


@click.group()
def retention() -> None:
    """Photos kept with verdicts: show, set, run."""


@retention.command()
@as_json
@sentences
def show(*, as_json: bool) -> None:
    """The rule, what would go by it now, and how much disk kept photos will take."""
    wanted, found, coming = rule(), keeping.plan(), keeping.forecast()
    value = {
        "keep": wanted.keep.value,
        "days": wanted.days,
        "gigabytes": wanted.gigabytes,
        "photos": found.photos,
        "bytes": found.size,
        "go": len(found.go),
        "held": {reason.value: number for reason, number in found.held.items()},
        "photos_a_day": coming.photos_a_day,
        "bytes_in_a_year": coming.in_a_year,
        "full_in_days": coming.full_in,
    }
    answer(value, "\n".join([wanted.words, *keeping.in_words(found), coming.words]), as_json=as_json)


@retention.command("set")
@click.option("--keep", type=click.Choice([one.value for one in Keep]), help="Which photos are kept.")
@click.option("--days", metavar="N", help=f"After which a photo may go; '{NEVER}' for never.")
@click.option("--gigabytes", metavar="N", help=f"In all, above which the oldest may go; '{NEVER}' for no limit.")
@who
@as_json
@sentences
def set_it(*, keep: str | None, days: str | None, gigabytes: str | None, who: str, as_json: bool) -> None:
    """Set the rule; it is on record with who did. Photos go once a day, or by 'retention run'."""
    wanted = rule()
    if keep is not None:
        wanted = replace(wanted, keep=Keep(keep))
    if days is not None:
        wanted = replace(wanted, days=_limit("--days", days))
    if gigabytes is not None:
        wanted = replace(wanted, gigabytes=_limit("--gigabytes", gigabytes))
    set_rule(wanted, actor=who)
    value = {"keep": wanted.keep.value, "days": wanted.days, "gigabytes": wanted.gigabytes}
    answer(value, wanted.words, as_json=as_json)


@retention.command()
@who
@as_json
@sentences
def run(*, who: str, as_json: bool) -> None:
    """Remove what the rule says, but nothing that is under review; which photos, is on record."""
    found = keeping.tidy(actor=who, report=progress("removed"))
    held = sum(found.held.values())
    told = f"{count(len(found.go), 'photo')} removed, {room(found.freed)}."
    told += f" {count(held, 'photo')} under review stayed." if held else ""
    answer({"removed": len(found.go), "bytes": found.freed, "held": held}, told, as_json=as_json)


def _limit(option: str, told: str) -> float | None:
    if told.strip().casefold() == NEVER:
        return None
    try:
        return float(told)
    except ValueError as error:
        raise SettingsError(f"{option} {told[:40]!r} will not do: a number, or '{NEVER}'") from error
