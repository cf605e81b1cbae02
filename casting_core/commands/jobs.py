"""Commands about long work: what goes on and what ended, stopping it, and taking it up again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from casting_core.commands.terminal import answer, as_json, sentences, speak_safely
from casting_core.errors import CastingError
from casting_core.jobs import control
from casting_core.records.jobs import Job
from casting_core.wording import printable

SHOWN = 30  # jobs in a list, the newest first


@click.group()
def jobs() -> None:
    """Long work: list, show, stop, resume."""


@jobs.command("list")
@click.option("--all", "everything", is_flag=True, help=f"Not the newest {SHOWN} only.")
@as_json
@sentences
def list_jobs(*, everything: bool, as_json: bool) -> None:
    """What goes on, what waits, and what ended, the newest first."""
    known = control.known(most=None if everything else SHOWN)
    there = control.workers()
    lines = [_line(job, there) for job in known] or ["No long work was asked for yet."]
    answer({"jobs": [_values(job) for job in known]}, "\n".join(lines), as_json=as_json)


@jobs.command()
@click.argument("number", type=int)
@as_json
@sentences
def show(*, number: int, as_json: bool) -> None:
    """One job: what was asked for, by whom, how far it is, and its end."""
    job = control.find(number)
    lines = [
        _line(job, control.workers()),
        f"asked      {_moment(job.asked)}" + (f" by {printable(job.actor)}" if job.actor else ""),
        f"started    {_moment(job.started)}",
        f"ended      {_moment(job.ended)}",
        f"attempt    {job.attempt}",
        *([f"machine    {printable(job.machine)}"] if job.machine else []),
        *(f"{name:<11}{printable(str(value))}" for name, value in job.inputs.items()),
        *(f"{name:<11}{printable(str(value))}" for name, value in (job.result or {}).items()),
    ]
    answer(_values(job), "\n".join(lines), as_json=as_json)


@jobs.command()
@click.argument("number", type=int)
@as_json
@sentences
def stop(*, number: int, as_json: bool) -> None:
    """Say that nobody wants a job any more; it ends within seconds, and a run keeps its best weights so far."""
    control.stop(number)
    job = control.find(number)
    kind = printable(job.kind)
    text = f"{kind.capitalize()} {number} is {job.state}." if job.state.over else f"Asked {kind} {number} to stop."
    answer(_values(job), text, as_json=as_json)


@jobs.command()
@click.argument("number", type=int)
@as_json
@sentences
def resume(*, number: int, as_json: bool) -> None:
    """Take up a job again that broke off, was stopped, or failed; it goes on in the background."""
    job = control.resume(number)
    answer(_values(job), f"{printable(job.kind).capitalize()} {number} is {job.state}.", as_json=as_json)


@jobs.command(hidden=True)
@click.argument("number", type=int)
@sentences
def work(*, number: int) -> None:
    """Do the job of this number in this process, as its row says."""
    _work(number)


@jobs.command("stand-by", hidden=True)
@click.argument("kind")
@sentences
def stand_by(*, kind: str) -> None:
    """Load what jobs of this kind need, then do the one whose number comes on standard input."""
    from casting_core.jobs import process, standby
    from casting_core.workflows.kinds import KINDS

    KINDS[kind].load()
    if (number := standby.number()) is not None:
        process.write_to_log(number)
        _work(number)


def _work(number: int) -> None:
    from casting_core.jobs.work import do
    from casting_core.workflows.backups import back_up_if_due
    from casting_core.workflows.kinds import KINDS

    do(number, KINDS)
    with suppress(CastingError):  # what is asked for then is no reason to fail
        done = control.find(number)
        KINDS[done.kind].then(done)
    with suppress(CastingError):  # no reason to fail; the dashboard makes it, too, and says what is wrong
        back_up_if_due()


def _values(job: Job) -> dict[str, Any]:
    return {name: str(value) if name in ("state", "wish") else value for name, value in asdict(job).items()}


def _line(job: Job, there: Sequence[Job]) -> str:
    from casting_core.workflows.jobs import waits, where  # which knows every kind of work: seconds for a job's process

    if job.in_line:
        far = waits(job, there)
    else:
        far = _far(job) + (f"  on {printable(where(job))}" if where(job) and not job.state.over else "")
    return f"{job.id:>5}  {job.kind:<17}{job.state:<10}{printable(job.about)[:40]:<42}{far}".rstrip()


def _far(job: Job) -> str:
    return (
        f"{job.share:>4.0%}  {printable(job.doing)}" if not job.state.over and job.started else printable(job.message)
    )


def _moment(seconds: float | None) -> str:
    if seconds is None:
        return "not yet"
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


if __name__ == "__main__":  # as the process of a job is started
    speak_safely()
    jobs(prog_name="python -m casting_core jobs")
