"""The command that says what is wrong with a dataset, and what follows from it."""

import sys
from pathlib import Path
from typing import Any

import click

from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, say, sentences
from casting_core.errors import DatasetError
from casting_core.wording import printable
from casting_core.workflows.audit import audit as auditing
from casting_core.workflows.audit.report import text
from casting_core.workflows.datasets.opening import open_dataset

LISTED = 5  # photos or files of a finding, on the terminal; --report writes all of them


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Audit anew, though nothing has changed since the last time.")
@click.option("--report", "out", type=click.Path(path_type=Path), help="Write the whole report, to be filed, there.")
@data_options
@as_json
@sentences
def audit(*, data: Path, again: bool, out: Path | None, as_json: bool, **folders: tuple[str, ...]) -> None:
    """Audit the dataset in the folder DATA: what is wrong with it, what follows, and what helps."""
    dataset = open_dataset(data, rule=folder_rule(folders), report=progress("read"))
    made = (None if again else auditing.kept(dataset)) or auditing.audit(dataset, report=_progress())
    if out is not None:
        try:
            out.write_text(text(made, dataset, name=data.resolve().name), "utf-8")
        except OSError as error:
            raise DatasetError(f"{printable(str(out))} cannot be written: {error.strerror or error}") from error
    values: dict[str, Any] = auditing.as_values(made)
    answer(values, text(made, dataset, name=data.resolve().name, longest=LISTED).rstrip(), as_json=as_json)


def _progress() -> auditing.Report:
    """What is being done and how far it is, on standard error: a line that moves on a terminal, else one per part."""
    last = ""

    def show(doing: str, share: float) -> None:
        nonlocal last
        if sys.stderr.isatty():
            say(f"\r{doing:<34}{share:>4.0%}", err=True, nl=share >= 1)
        elif doing != last:
            say(f"{doing} ...", err=True)
        last = doing

    return show
