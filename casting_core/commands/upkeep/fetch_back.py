"""`fetch-back`: passed parts between two moments or rows of the ledger, or that look like a returned one."""

from dataclasses import asdict
from pathlib import Path

import click

from casting_core import files
from casting_core.commands.terminal import answer, as_json, model_option, progress, sentences
from casting_core.commands.upkeep.stations import who
from casting_core.wording import count, printable
from casting_core.workflows.judging.inspect import read_file
from casting_core.workflows.judging.lookalikes.index import Of, grow
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.keeping import photos
from casting_core.workflows.tracing import fetch_back as fetching
from casting_core.workflows.tracing.fetch_back import Found, Wanted
from casting_core.workflows.tracing.verdicts import moment_of


@click.command("fetch-back")
@click.option("--from", "start", default="", metavar="TIME|ROW", help="A moment, UTC, or the row of the last good one.")
@click.option("--to", "end", default="", metavar="TIME|ROW", help="A moment, UTC, or the row of the first bad one.")
@click.option("--station", default="", metavar="NAME", help="Judged for this station or person, as in the ledger.")
@click.option("--like", type=click.Path(path_type=Path), metavar="PHOTO", help="Only what looks like this part.")
@click.option("--most", default=50, show_default=True, type=click.IntRange(min=1), help="So many, with --like.")
@model_option
@click.option("--csv", "out", type=click.Path(path_type=Path), metavar="OUT", help="Write them for a spreadsheet.")
@click.option("--record", is_flag=True, help="Put on record that these parts are fetched back.")
@click.option("--why", default="", help="The reason, for the record.")
@who
@as_json
@sentences
def fetch_back(
    *,
    start: str,
    end: str,
    station: str,
    like: Path | None,
    most: int,
    model: str | None,
    out: Path | None,
    record: bool,
    why: str,
    who: str,
    as_json: bool,
) -> None:
    """Find passed parts between two moments or rows, or those that look like a returned part."""
    wanted = Wanted(start=start, end=end, station=station)
    found, returned = _like(like, model, wanted, most) if like is not None else (fetching.passed(wanted), "")
    row = None
    if record:
        row = fetching.put_on_record(wanted, found, returned=returned, actor=who, reason=why).number
    if out is not None:
        files.replace(out, fetching.as_csv(found))
    told = [_line(one) for one in found] if out is None else [f"They are in {printable(str(out))}."]
    told = [f"{count(len(found), 'passed part')}.", *told] if found else ["No passed part answers to this."]
    told += [f"On record as row {row} of the ledger."] if row is not None else []
    value = {"parts": [asdict(one.verdict) | {"likeness": one.likeness, "kept": one.kept} for one in found], "row": row}
    answer(value, "\n".join(told), as_json=as_json)


def _like(photo: Path, version: str | None, wanted: Wanted, most: int) -> tuple[list[Found], str]:
    """The parts like the one in this file, once all kept photos were looked at."""
    model, content = load_model(version), read_file(photo)
    grow(model, Of.VERDICTS, photos.readable(), report=progress("looked at"))
    found = fetching.like(content, model, wanted, most=most)
    return list(found.found), found.photo


def _line(one: Found) -> str:
    alike = "" if one.likeness is None else f"  likeness {one.likeness:.3f}"
    verdict = one.verdict
    part = f"  part {verdict.part}" if verdict.part else ""
    score = "" if verdict.score is None else f"{verdict.score:.3f}  "
    told = f"{moment_of(verdict)}  {score}{verdict.model:<10}{verdict.who or 'nobody named'}  {verdict.file}{part}"
    return printable(f"{told}{alike}{'' if one.kept else '  (photo not kept)'}")
