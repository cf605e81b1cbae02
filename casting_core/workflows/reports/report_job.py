"""A report as a job: asked for by a click, found again, called off; what it made last is kept, in one file."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from casting_core import files
from casting_core.errors import StoppedError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.reports import tables
from casting_core.workflows.reports.content import Stage, gather
from casting_core.workflows.reports.pdf import pdf
from casting_core.workflows.reports.sections.order import sections
from casting_core.workflows.reports.sections.proof import sentence
from casting_core.workflows.reports.values import Report

KIND = "report"
SHARES = {  # how far the job is where each stage ends
    Stage.AUDIT: 0.4,
    Stage.SCORE: 0.6,
    Stage.COMPARE: 0.85,
    Stage.GATE: 0.95,
    Stage.PICTURES: 1.0,
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """A report in its three forms."""

    pdf: bytes = field(repr=False)  # PDF/A
    csv: str = field(repr=False)
    json: str = field(repr=False)
    proof: str  # its first sentence
    at: float  # when it was made, in seconds since 1970, UTC


def made_of(report: Report) -> Made:
    """A report as PDF, as a table and as JSON, all of the same sections."""
    told = sections(report)
    return Made(
        pdf=pdf(report, told),
        csv=tables.as_csv(report, told),
        json=tables.as_json(report, told),
        proof=sentence(report),
        at=report.made.timestamp(),
    )


def start_report(dataset: NamedDataset, version: str, *, actor: str = "") -> Job:
    """Asks for the report and returns at once; where the same one is being made, that one goes on."""
    request = Request(
        kind=KIND,
        inputs={"name": dataset.name, "folder": dataset.folder, "rule": dataset.rule, "model": version},
        about=f"{version} on {dataset.name}",
        subject=f"{version} {dataset.folder}",
        uses=(dataset_in(dataset.folder),),
        actor=actor,
    )
    return control.ask(request, once=True)


def make_report(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: it reads, audits and measures, draws, sets the PDF, and keeps all three forms."""
    folder, version = inputs.values["folder"], inputs.values["model"]
    model = load_model(version)
    step = counted(report, should_stop, "Reading photos", end=0.1)
    dataset = open_dataset(folder, rule=rule_of(inputs.values["rule"]), report=step)

    def steps(stage: Stage) -> Callable[[int, int], None]:
        start = max([0.1, *(end for end in SHARES.values() if end < SHARES[stage])])
        return counted(report, should_stop, stage.value, start=start, end=SHARES[stage], even=False)

    found = made_of(gather(model, dataset, name=inputs.values["name"], made=datetime.now(UTC), steps=steps))
    if should_stop():
        raise StoppedError("stopped before its end; no report was kept")
    _keep(found, _kept(version, folder))
    return {"proof": found.proof}


def last_made(version: str, dataset: NamedDataset) -> Made | None:
    """The report of a version on a dataset that was made last; none where none was, or its file is damaged."""
    try:
        with zipfile.ZipFile(_kept(version, dataset.folder)) as archive:
            content, table, values = (archive.read(name) for name in NAMES)
        told = json.loads(values)
        at = datetime.fromisoformat(told["made"]).timestamp()
        return Made(pdf=content, csv=table.decode(), json=values.decode(), proof=str(told["proof"]), at=at)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None


NAMES: Sequence[str] = ("report.pdf", "report.csv", "report.json")


def _kept(version: str, folder: str) -> Path:
    told = hashlib.sha256(folder.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return settings().data_dir / "reports" / f"{version}-{told}.zip"


def _keep(found: Made, place: Path) -> None:
    """All three forms in one file, so that nobody is handed the PDF of one and the table of another."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in zip(NAMES, (found.pdf, found.csv.encode(), found.json.encode()), strict=True):
            archive.writestr(name, content)
    files.replace(place, packed.getvalue())


REPORT = Kind(title="Report", work=make_report, outcome=lambda result: str(result.get("proof", "")))
