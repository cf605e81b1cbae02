"""The command that writes the report which an auditor signs."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from casting_core import files
from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, say, sentences
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Progress
from casting_core.errors import SettingsError
from casting_core.records.card import ModelCard
from casting_core.wording import printable
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.reports.content import Stage, gather, learned_dataset
from casting_core.workflows.reports.report_job import made_of
from casting_core.workflows.stores import dataset_book

DONE = {  # what is said of photos, or of what else is counted
    Stage.AUDIT: "audited",
    Stage.SCORE: "scored",
    Stage.COMPARE: "compared",
    Stage.GATE: "looked at by the gate",
    Stage.PICTURES: "drawn",
}


@click.command()
@click.argument("model")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="A dataset; if not given, the one it learned from.")
@click.option("--split", default="", help="The photos that are judged; if not given, those that its split holds out.")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write the same content there, as a table.")
@click.option("--json-file", "values", type=click.Path(path_type=Path), help="Write it there as JSON.")
@click.option("--date", metavar="MOMENT", help="The moment that stands on it, UTC, as 2026-11-29; now if not given.")
@data_options
@as_json
@sentences
def report(
    *,
    model: str,
    out: Path,
    data: Path | None,
    split: str,
    table: Path | None,
    values: Path | None,
    date: str | None,
    as_json: bool,
    **folders: tuple[str, ...],
) -> None:
    """Write the report on the version MODEL into the PDF/A file OUT, to be signed.

    From the same records and with the same --date it is the same, byte for byte.
    """
    moment = _moment(date)
    loaded = load_model(model)
    dataset, name = _dataset(loaded.card, data, folder_rule(folders))
    found = made_of(gather(loaded, dataset, name=name, made=moment, steps=_steps, split=split))
    files.replace(out, found.pdf)
    places = {"file": str(out)}
    for kind, place, content in (("csv", table, found.csv), ("json", values, found.json)):
        if place is not None:
            files.replace(place, content)
            places[kind] = str(place)
    told = f"The report on {loaded.card.name} is in {printable(str(out))}. {found.proof}"
    answer({"model": loaded.card.name, "dataset": name, "proof": found.proof, **places}, told, as_json=as_json)


def _moment(given: str | None) -> datetime:
    """The moment that was given, in UTC; ``SettingsError`` where it is none."""
    if given is None:
        return datetime.now(UTC)
    try:
        told = datetime.fromisoformat(given)
    except ValueError as error:
        raise SettingsError(f"--date {given!r} is no moment; write it as 2026-11-29 or 2026-11-29T12:00") from error
    return (told if told.tzinfo is not None else told.replace(tzinfo=UTC)).astimezone(UTC)


def _dataset(card: ModelCard, data: Path | None, rule: ClassRule) -> tuple[Dataset, str]:
    """The dataset, and what it is called: as people named it, or where it is the one on the card, as it says."""
    if data is None:
        named = learned_dataset(card)
        return open_dataset(named.folder, rule=rule_of(named.rule), report=progress("read")), named.name
    opened = open_dataset(data, rule=rule, report=progress("read"))
    known = [one.name for one in dataset_book().all() if Path(one.folder) == opened.root]
    if not known and opened.fingerprint == card.data.fingerprint:
        known = [card.data.name]
    return opened, known[0] if known else opened.root.name


def _steps(stage: Stage) -> Progress:
    if stage is not Stage.AUDIT:
        return progress(DONE[stage])
    return _audited


def _audited(done: int, total: int) -> None:
    if sys.stderr.isatty():
        say(f"\rAuditing the photos {done / total:>5.0%}", err=True, nl=done == total)
