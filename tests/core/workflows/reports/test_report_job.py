"""A report as a job: it keeps all three forms in one step, and what was stopped or failed keeps nothing."""

import json
from pathlib import Path

import pytest

from casting_core.errors import StoppedError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs
from casting_core.jobs.pulse import Pulse
from casting_core.jobs.work import do
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Request
from casting_core.settings import settings
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.reports.pdf import conformance
from casting_core.workflows.reports.report_job import KIND, last_made, make_report


def asked(dataset: NamedDataset, version: str) -> Request:
    inputs = {"name": dataset.name, "folder": dataset.folder, "rule": dataset.rule, "model": version}
    return Request(kind=KIND, inputs=inputs, actor="Ana")


@pytest.mark.usefixtures("castings_known")
def test_a_job_makes_the_report_and_keeps_it_until_it_is_made_again(sample_dataset: NamedDataset, version: str) -> None:
    assert last_made(version, sample_dataset) is None
    number = control.queue().ask(asked(sample_dataset, version))[0].id
    do(number, KINDS)
    job, made = control.find(number), last_made(version, sample_dataset)
    assert made is not None
    assert conformance(made.pdf) == ("PDF/A-2A", "PDF/UA-1")
    assert json.loads(made.json)["proof"] == made.proof
    assert job.result == {"proof": made.proof}
    assert made.csv.startswith("section,row,name,value")
    (kept,) = (settings().data_dir / "reports").iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])  # half a file is no report
    assert last_made(version, sample_dataset) is None


@pytest.mark.usefixtures("castings_known")
def test_a_report_that_nobody_wants_any_more_keeps_nothing(sample_dataset: NamedDataset, version: str) -> None:
    request = asked(sample_dataset, version)
    row = control.queue().ask(request)[0]
    inputs = Inputs(
        values=request.inputs, job=row.id, attempt=1, actor="Ana", folder=Path(), pulse=Pulse(control.log(), row.id)
    )
    with pytest.raises(StoppedError):
        make_report(inputs, lambda _event: None, lambda: True)
    assert last_made(version, sample_dataset) is None
