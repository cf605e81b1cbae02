"""`work`: this machine does jobs that others ask for."""

import click

from casting_core.commands.terminal import answer, as_json, say, sentences
from casting_core.errors import SettingsError
from casting_core.settings import settings
from casting_core.wording import count, printable


@click.command()
@click.option("--kinds", default="", metavar="LIST", help="Kinds of jobs with commas between them; all, if not given.")
@click.option("--no-jobs", is_flag=True, help="Only keep versions and photos in step with the store.")
@click.option("--once", is_flag=True, help="End as soon as nothing waits any more.")
@click.option(
    "--grace",
    type=click.FloatRange(0, 24 * 3600),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="For jobs to come to their end once the worker is to end; the others are put back.",
)
@as_json
@sentences
def work(*, kinds: str, no_jobs: bool, once: bool, grace: float, as_json: bool) -> None:
    """Do jobs that dashboards on other machines ask for (CASTING_WORKERS=elsewhere), until SIGTERM.

    Where there is a store (CASTING_STORE), it also keeps versions and photos of this machine in step with it. One heavy
    job at a time, and light ones beside it. One worker to a machine name (CASTING_MACHINE).
    """
    from casting_core.jobs.worker import do_jobs
    from casting_core.workflows import sharing
    from casting_core.workflows.kinds import KINDS

    wanted = sorted({kind.strip() for kind in kinds.split(",") if kind.strip()}) or sorted(KINDS)
    wanted = [] if no_jobs else wanted
    if unknown := [kind for kind in wanted if kind not in KINDS]:
        raise SettingsError(f"no kind of job is called {unknown[0][:40]!r} (known: {', '.join(sorted(KINDS))})")
    if not as_json:
        say(f"A worker on {printable(settings().machine) or 'this machine'} takes jobs; SIGTERM or Ctrl+C ends it.")
    done = do_jobs(wanted, once=once, grace=grace, folders=sharing.folders())
    text = f"Ended: {count(done['begun'], 'job')} begun, {done['put back']} put back."
    answer(done, text, as_json=as_json)
