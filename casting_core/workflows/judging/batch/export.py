"""The results of a batch for a spreadsheet, which runs none of its cells."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from casting_core import files
from casting_core.wording import spreadsheet_cell
from casting_core.workflows.judging.batch.kept import Batch
from casting_core.workflows.judging.batch.results import Judged

COLUMNS = (
    "photo",
    "path",
    "verdict",
    "score",
    "threshold",
    "upper threshold",
    "kind",
    "reason",
    "note",
    "model",
    "sha256",
)


def as_csv(batch: Batch, judged: Sequence[Judged]) -> str:
    """A line per photo, in the order of the batch; text that a spreadsheet would run begins with an apostrophe."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in judged:
        told = {
            "photo": one.number + 1,
            "path": one.path,
            "verdict": one.verdict.value if one.verdict is not None else "",
            "score": "" if one.score is None else repr(one.score),
            "threshold": f"{batch.threshold:g}",
            "upper threshold": "" if batch.upper is None else f"{batch.upper:g}",
            "kind": one.kind,
            "reason": one.reason,
            "note": one.note,
            "model": batch.model,
            "sha256": one.sha256,
        }
        table.writerow([spreadsheet_cell(str(told[name])) for name in COLUMNS])
    return written.getvalue()


def write_csv(batch: Batch, judged: Sequence[Judged], path: Path) -> None:
    """Puts the table in the place of ``path`` in one step; ``CastingError`` where the disk is full or forbids it."""
    files.replace(path, as_csv(batch, judged))
