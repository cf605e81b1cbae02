"""The command line: the same workflows as on the pages. ``python -m casting_core --help`` shows them.

Exit codes: 0 only when the job was done, 2 with one sentence on standard error when it was not.
"""

import click

from casting_core import __version__
from casting_core.commands.audit import audit
from casting_core.commands.batch import batch, watch
from casting_core.commands.castings import castings, split
from casting_core.commands.data import sample, scan
from casting_core.commands.importing import import_photos
from casting_core.commands.jobs import jobs
from casting_core.commands.judging import evaluate, localise, predict
from casting_core.commands.learning import train
from casting_core.commands.review.agreement import agreement
from casting_core.commands.review.doubt import doubt
from casting_core.commands.study import study
from casting_core.commands.terminal import Plain
from casting_core.commands.tuning import tune
from casting_core.commands.upkeep.backup import backup, restore
from casting_core.commands.upkeep.board import board
from casting_core.commands.upkeep.challenge import challenge
from casting_core.commands.upkeep.database import database
from casting_core.commands.upkeep.fetch_back import fetch_back
from casting_core.commands.upkeep.ledger import ledger
from casting_core.commands.upkeep.licences import licences
from casting_core.commands.upkeep.people import people
from casting_core.commands.upkeep.retention import retention
from casting_core.commands.upkeep.stations import stations
from casting_core.commands.upkeep.trace import trace
from casting_core.commands.upkeep.work import work
from casting_core.commands.versions import lifecycle
from casting_core.commands.versions.models import models
from casting_core.commands.versions.operating_point import point
from casting_core.commands.versions.panel import panel
from casting_core.commands.versions.report import report
from casting_core.service.command import serve


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="casting_core %(version)s")
def main() -> None:
    """Visual inspection of castings: data, training, judging."""


COMMANDS = (
    sample,
    scan,
    import_photos,
    castings,
    split,
    audit,
    train,
    tune,
    study,
    evaluate,
    predict,
    watch,
    batch,
    localise,
    panel,
    doubt,
    agreement,
    models,
    point,
    report,
    jobs,
    work,
    serve,
    stations,
    backup,
    restore,
    people,
    database,
    ledger,
    trace,
    board,
    fetch_back,
    retention,
    licences,
)
for command in COMMANDS:
    main.add_command(command)
stations.add_command(challenge)
for below in (lifecycle.status, lifecycle.shadow, lifecycle.delete):
    models.add_command(below)

if __name__ == "__main__":
    main(prog_name="python -m casting_core")
