"""An audit as a job: asked for once however many people click, found again, called off, and done in its process."""

import hashlib
import json
from collections.abc import Callable

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.workflows.audit.audit import audit
from casting_core.workflows.datasets.opening import open_dataset, rule_of

KIND = "audit"


def start_audit(dataset: NamedDataset, *, actor: str = "") -> Job:
    """Asks for an audit and returns at once; where one is going on, that one goes on."""
    asked = {"name": dataset.name, "folder": dataset.folder, "rule": dataset.rule}
    request = Request(
        kind=KIND,
        inputs=asked,
        about=dataset.name,
        subject=subject_of(dataset),
        uses=(dataset_in(dataset.folder),),
        actor=actor,
    )
    return control.ask(request, once=True)


def find_audit(dataset: NamedDataset) -> Job | None:
    """The audit of this dataset that is going on, or the last one's end; none where nobody asked for one."""
    return next(iter(control.known(kind=KIND, subject=subject_of(dataset), most=1)), None)


def subject_of(dataset: NamedDataset) -> str:
    """What an audit is about: a folder, and what its class folders mean."""
    told = json.dumps([dataset.folder, dataset.rule], sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def audit_dataset(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job of an audit does: it reads the photos, audits them and keeps the report."""
    dataset = open_dataset(
        inputs.values["folder"],
        rule=rule_of(inputs.values["rule"]),
        report=counted(report, should_stop, "Reading photos", end=0.0),
    )

    def heard(doing: str, share: float) -> None:  # photos that show one casting are found in steps of any length
        report(Doing(what=doing, share=share, even=False))

    made = audit(dataset, report=heard, should_stop=should_stop)
    return {"headline": made.headline}


AUDIT = Kind(title="Audit", work=audit_dataset, outcome=lambda result: str(result.get("headline", "")))
