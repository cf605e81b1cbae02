"""`models status`, `shadow`, `delete`: how far a version has come, one that judges beside, one that nobody needs."""

import sys

import click

from casting_core.commands.terminal import answer, as_json, say, sentences
from casting_core.commands.versions.models import signed
from casting_core.errors import ModelError
from casting_core.wording import moment, printable
from casting_core.workflows.judging.shadow import version as in_force
from casting_core.workflows.judging.shadow.differences import Tally
from casting_core.workflows.models import deleting
from casting_core.workflows.models import status as states
from casting_core.workflows.models.status import Stated, Status
from casting_core.workflows.stores import registry


@click.command()
@click.argument("name")
@click.argument("new", required=False, type=click.Choice([one.value for one in Status]))
@signed
@as_json
@sentences
def status(*, name: str, new: str | None, who: str, why: str, as_json: bool) -> None:
    """Say how far a version has come: draft, reviewed or released; without a word, show what was said."""
    if new is not None:
        states.state(name, Status(new), actor=who, reason=why)
    card = registry().card(name)
    now, earlier = states.status_of(card), states.history(card)
    lines = [f"Model {name} is {_article(now.status)}.", *map(_line, earlier)]
    told = [{"status": one.status.value, "who": one.who, "at": one.at, "why": one.why} for one in earlier]
    answer({"model": name, "status": now.status.value, "history": told}, "\n".join(lines), as_json=as_json)


@click.command()
@click.argument("name", required=False)
@click.option("--end", is_flag=True, help="It judges beside no more.")
@signed
@as_json
@sentences
def shadow(*, name: str | None, end: bool, who: str, why: str, as_json: bool) -> None:
    """Let a version judge beside the one in production, unseen by stations; without a name, list the differences."""
    if end:
        now = in_force.last_begun()
        in_force.end(name or ("" if now is None else now.version), actor=who, reason=why)
        answer({"shadow": None}, "No version is in shadow any more.", as_json=as_json)
        return
    if name is not None:
        in_force.begin(name, actor=who, reason=why)
    found = in_force.in_shadow()
    if found is None:
        answer({"shadow": None}, "No version is in shadow; 'models shadow NAME' puts one there.", as_json=as_json)
        return
    came = Tally(found).now()
    lines = [f"Model {found.version} is in shadow since {moment(found.at)}. {came.words}"]
    lines += [f"  {one.words:<24}{one.photos:>8,}" for one in came.counts]
    counts = [{"production": one.production, "shadow": one.shadow, "photos": one.photos} for one in came.counts]
    answer({"shadow": found.version, "since": found.at, "counts": counts}, "\n".join(lines), as_json=as_json)


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask; nobody is asked where no person is at the terminal either.")
@signed
@as_json
@sentences
def delete(*, name: str, yes: bool, who: str, why: str, as_json: bool) -> None:
    """Delete a version for good: not one in production, in shadow, on record, or that a job needs."""
    if kept := deleting.objections(name):
        raise ModelError(f"model {name!r} is not deleted: {'; '.join(kept)}")
    if not (yes or as_json):
        say(f"Model {name} would be deleted for good; 'models export' writes it into a file before.", err=True)
        if sys.stdin.isatty() and not click.confirm(f"Delete {name}?", err=True):
            raise ModelError("nothing was deleted")
    deleting.delete(name, actor=who, reason=why)
    answer({"model": name, "deleted": True}, f"Model {name} is deleted.", as_json=as_json)


def _article(status: Status) -> str:
    return f"a {status.value}" if status is Status.DRAFT else status.value


def _line(one: Stated) -> str:
    return printable(f"  {one.status.value:<10}{moment(one.at)} by {one.who}: {one.why}")
