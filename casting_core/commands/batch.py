"""Commands that judge many photos: into a table, out of a folder as they come; and batches on record."""

import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from casting_core.commands.terminal import answer, as_json, model_option, say, sentences
from casting_core.domain import OperatingPoint, Verdict
from casting_core.errors import CastingError, DatasetError
from casting_core.jobs.progress import Doing
from casting_core.wording import count, moment, printable, readable
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.batch import batch_job, kept
from casting_core.workflows.judging.batch import watch as watching
from casting_core.workflows.judging.batch.batch_job import Asked
from casting_core.workflows.judging.batch.watch import Told, Watching
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.stores import registry

SHOWN = 30  # batches in a list


def judge_into(path: Path, table: Path, *, model: str | None, point: OperatingPoint | None, resume: bool) -> None:
    """Judges the photos in a folder or a zip file as a batch, and writes what came of it as a table.

    Raises ``CastingError`` where a photo got no verdict; the table is written all the same, and says why.
    """
    asked = Asked(
        found=_found(path),
        name=readable(path.resolve().name or str(path)),
        model=model or registry().production(),
        point=point,
        csv=str(table.absolute()),
    )
    if not table.absolute().parent.is_dir():
        raise DatasetError(f"there is no folder {str(table.absolute().parent)!r} for the table")
    job = (batch_job.resume_here if resume else batch_job.judge_here)(asked, listen=_tell)
    result = job.result or {}
    counts, mark = result.get("counts", {}), batch_job.mark_of(job)
    for note in result.get("notes", ()):
        say(printable(note), err=True)
    if warning := kept.find(mark).warning:
        say(f"Note: {printable(warning)}", err=True)
    say(f"{kept.in_words(counts)}. Batch {mark}, on record; the table is {printable(str(table))}", err=True)
    if without := counts.get(kept.UNREAD):
        raise CastingError(f"{count(without, 'photo')} got no verdict; the table says why")


def _found(path: Path) -> Found:
    if path.is_file() and path.suffix.lower() == ".zip":
        return Found(form=Form.ZIP, path=path.absolute())
    return batch_job.folder_named(str(path))


def _tell(event: object) -> None:
    """How far a batch is, on a terminal only."""
    if isinstance(event, Doing) and sys.stderr.isatty():
        say(f"\r{event.what}   ", err=True, nl=event.share == 1.0)


@click.group()
def batch() -> None:
    """Batches on record: list them, verify that their results are as they were written."""


@batch.command("list")
@click.option("--all", "everything", is_flag=True, help=f"Not the newest {SHOWN} only.")
@as_json
@sentences
def list_batches(*, everything: bool, as_json: bool) -> None:
    """The batches that came to their end, the newest first."""
    known = kept.recorded(newest=None if everything else SHOWN)
    lines = [_row(one) for one in known]
    answer(
        {"batches": [_values(one) for one in known]}, "\n".join(lines or ["No batch is on record."]), as_json=as_json
    )


@batch.command()
@click.argument("mark")
@as_json
@sentences
def verify(*, mark: str, as_json: bool) -> None:
    """Check the results of a batch, photo by photo, against the row of the ledger that stands for them."""
    found = kept.verify(mark)
    text = (
        f"All {count(found.photos, 'result')} of batch {found.mark} are as row {found.number} of the ledger stands for "
        "them. That the ledger itself is whole says 'ledger verify'."
    )
    answer({"verified": True} | _values(found), text, as_json=as_json)


def _row(one: kept.Recorded) -> str:
    who = printable(one.who or "nobody named")[:20]
    about = f"{one.mark}  {moment(one.at)}  {who:<20}  {printable(one.name)[:30]:<30}"
    return f"{about}  {printable(one.model)}: {kept.in_words(one.counts)}"


def _values(one: kept.Recorded) -> dict[str, Any]:
    return vars(one) | {"counts": dict(one.counts)}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@model_option
@click.option("--move", is_flag=True, help="Judged photos go to passed/, rejected/, inspect/ and unread/ in FOLDER.")
@click.option(
    "--every", type=click.FloatRange(0.1, 3600.0), default=watching.EVERY, show_default=True, metavar="SECONDS",
    help="Between two looks at the folder.",
)  # fmt: skip
@click.option("--name", default="", metavar="NAME", help="Who judges, for the record: a person or a station.")
@as_json
@sentences
def watch(*, folder: Path, model: str | None, move: bool, every: float, name: str, as_json: bool) -> None:
    """Judge the photos in FOLDER as they come, each once, until Ctrl+C.

    A photo is judged when nobody has written to it for two seconds and it can be read to its end; one that cannot is
    given half a minute. Links are not followed. Each verdict is a row of the ledger.
    """
    loaded, told = load_model(model), Counter[Verdict | None]()
    wanted = Watching(folder=folder, model=loaded, move=move, every=every, actor=name)
    say(f"Watching {printable(readable(str(folder)))} with version {loaded.card.name}. Ctrl+C ends it.", err=True)
    with _ending() as ended:
        for one in watching.watch(wanted, should_stop=lambda: bool(ended), notice=_note):
            told[one.seen.verdict] += not one.again
            say(json.dumps(_told(one)) if as_json else _line(one))
    say(f"Stopped: {watching.counted(told)}.", err=True)


@contextmanager
def _ending() -> Iterator[list[int]]:
    """A list that is no longer empty once somebody wants the process to end: it ends behind the photo it is at."""
    ended: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended.append(number)

    before = {one: signal.signal(one, end) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _told(one: Told) -> dict[str, Any]:
    seen = one.seen
    line = {"path": one.path, "sha256": seen.sha256 or None, "score": seen.score, "verdict": seen.verdict}
    line |= {"error": seen.reason or None, "again": one.again}
    return line | ({"moved": one.moved} if one.moved else {}) | ({"trouble": one.trouble} if one.trouble else {})


def _line(one: Told) -> str:
    score = "" if one.seen.score is None else f"{one.seen.score:.3f}"
    why = f"  {printable(one.seen.reason)}" if one.seen.reason else ""
    again = "  (the same photo as before)" if one.again else ""
    trouble = f"  Not moved: {printable(one.trouble)}" if one.trouble else ""
    return f"{one.seen.verdict or 'no verdict':<10}  {score:<5}  {printable(one.path)}{why}{again}{trouble}"


def _note(sentence: str) -> None:
    say(printable(sentence), err=True)
