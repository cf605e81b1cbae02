"""The command that finds verdicts on record."""

from dataclasses import asdict
from pathlib import Path

import click

from casting_core import files
from casting_core.commands.terminal import answer, as_json, sentences
from casting_core.domain import Verdict
from casting_core.wording import count, printable
from casting_core.workflows.tracing.verdicts import Question, Traced, as_csv, moment_of, seconds_of, verdicts


@click.command()
@click.option("--model", default="", metavar="NAME", help="Given by this version.")
@click.option("--verdict", type=click.Choice([verdict.value for verdict in Verdict]), help="This verdict only.")
@click.option("--since", metavar="TIME", help="Given since then, UTC, as 2026-11-29 or '2026-11-29 06:00'.")
@click.option("--until", metavar="TIME", help="Given until then.")
@click.option("--within", type=float, metavar="DISTANCE", help="At most so far from a threshold, as 0.1.")
@click.option("--text", default="", help="In the part's number, the file, the photo's sha256 or the name.")
@click.option("--newest", type=click.IntRange(min=1), help="So many, the newest ones.")
@click.option("--csv", "out", type=click.Path(path_type=Path), metavar="OUT", help="Write them for a spreadsheet.")
@as_json
@sentences
def trace(
    *,
    model: str,
    verdict: str | None,
    since: str | None,
    until: str | None,
    within: float | None,
    text: str,
    newest: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find verdicts on record: by version, time, verdict, part, and how close to a threshold. The newest first."""
    wanted = Question(
        model=model,
        verdict=None if verdict is None else Verdict(verdict),
        since=None if since is None else seconds_of(since),
        until=None if until is None else seconds_of(until),
        within=within,
        text=text,
    )
    found = verdicts(wanted, most=newest)
    if out is not None:
        files.replace(out, as_csv(found))
        told = f"{count(len(found), 'verdict')} in {printable(str(out))}."
        answer({"verdicts": len(found), "file": str(out)}, told, as_json=as_json)
        return
    lines = [_line(one) for one in found] or ["No verdict on record answers to this."]
    answer({"verdicts": [asdict(one) for one in found]}, "\n".join(lines), as_json=as_json)


def _line(one: Traced) -> str:
    score = "" if one.score is None else f"{one.score:.3f}"
    part = f"  part {one.part}" if one.part else ""
    told = f"{moment_of(one)}  {one.verdict or 'none':<8}{score:<7}{one.model:<10}{one.who or 'nobody named'}"
    return printable(f"{told}  {one.file}{part}")
