"""`backup` and `restore`: everything this installation has, in one file, and the way back."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from casting_core.commands.terminal import answer, as_json, say, sentences
from casting_core.commands.upkeep.stations import who
from casting_core.wording import count, printable, room
from casting_core.workflows.installation import reading, restoring, saving
from casting_core.workflows.installation.restoring import Goal

EVERY = 0.01  # share of the whole between two lines of progress


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Make none: read the one in OUT through, byte by byte.")
@who
@as_json
@sentences
def backup(*, out: Path, check: bool, who: str, as_json: bool) -> None:
    """Write everything this installation has into OUT, a zip file or a folder for it, while it runs; read it back."""
    if check:
        _check(out, as_json=as_json)
        return
    made = saving.back_up(out, actor=who, report=_progress("written and read back"))
    value = {"backup": str(made.path), "files": made.files, "bytes": made.size, "head": made.head, "mark": made.mark}
    told = [
        f"The backup is {printable(str(made.path))}: {count(made.files, 'file')}, {room(made.size)}, "
        "written and read back.",
        f"Its mark, by which every byte of it is known: {made.mark}",
        f"Head of the ledger in it: {made.head}",
        *(f"Not in it: {printable(one)}" for one in made.left_out),
    ]
    answer(value | {"left_out": made.left_out}, "\n".join(told), as_json=as_json)


@click.command()
@click.argument("backup", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), metavar="FOLDER", help="A new folder, not this installation.")
@who
@as_json
@sentences
def restore(*, backup: Path, into: Path | None, who: str, as_json: bool) -> None:
    """Put BACKUP into this installation, which must be empty, or into a new folder; every sum and row is verified."""
    goal = Goal.here() if into is None else Goal.within(into)
    found = restoring.restore(backup, goal, actor=who, report=_progress("restored"))
    value = {
        "data": str(goal.data),
        "model": str(goal.model),
        "files": found.files,
        "bytes": found.size,
        "head": found.head,
        "mark": found.mark,
    }
    told = [
        f"Restored as of {_moment(found.made)}: {count(found.files, 'file')}, {room(found.size)}, each as it was.",
        f"The ledger is as it was written. Head: {found.head}",
        *(f"The backup did not hold {printable(one)}" for one in found.left_out),
    ]
    if into is not None:
        told.append(
            f"To work with it, set CASTING_DATA_DIR={printable(str(goal.data))} and "
            f"CASTING_MODEL_DIR={printable(str(goal.model))}"
        )
    answer(value, "\n".join(told), as_json=as_json)


def _check(path: Path, *, as_json: bool) -> None:
    manifest, mark = reading.check(path)
    value = {"backup": str(path), "files": len(manifest.files), "head": manifest.head, "mark": mark}
    told = (
        f"The backup is whole: {count(len(manifest.files), 'file')}, made {_moment(manifest.made)}.\n"
        f"Mark: {mark}\nHead of the ledger in it: {manifest.head}"
    )
    answer(value, told, as_json=as_json)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _progress(done_word: str) -> Callable[[int, int], None]:
    """A line that counts, on a terminal only."""
    last = -1.0

    def report(done: int, total: int) -> None:
        nonlocal last
        if sys.stderr.isatty() and (done / total - last >= EVERY or done == total > last * total):
            last = done / total
            say(f"\r{last:.0%} {done_word}", err=True, nl=done == total)

    return report
