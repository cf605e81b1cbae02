"""Putting an operating point in force as a job: the look at the test castings takes a while."""

from collections.abc import Callable

from casting_core import roles
from casting_core.domain import OperatingPoint
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.roles import Write
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.models.operating_point import put_in_force
from casting_core.workflows.models.proposals import Proposal

KIND = "operating point"


def start_putting(version: str, proposal: Proposal, dataset: NamedDataset, *, actor: str, reason: str) -> Job:
    """Asks for it and returns at once; ``ModelError`` where there is no point, or nobody says who decides."""
    actor = roles.require(Write.POINT, actor)
    point = proposal.to_put(actor)
    inputs = {
        "model": version,
        "folder": dataset.folder,
        "rule": dataset.rule,
        "method": proposal.method,
        "words": proposal.words,
        "details": dict(proposal.details),
        "point": vars(point),
        "actor": actor,
        "reason": reason,
    }
    about = f"{version} at {point.limits}"
    return control.ask(
        Request(
            kind=KIND, inputs=inputs, about=about, subject=version, uses=(dataset_in(dataset.folder),), actor=actor
        ),
        once=True,
    )


def put(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: it judges the test castings once, and writes the operating point down."""
    said = inputs.values
    step = counted(report, should_stop, "Reading photos", end=0.2)
    dataset = open_dataset(said["folder"], rule=rule_of(said["rule"]), report=step)
    proposal = Proposal(
        method=said["method"], point=OperatingPoint(**said["point"]), words=said["words"], details=said["details"]
    )
    look = counted(report, should_stop, "Looking at the test castings", start=0.2)
    entry = put_in_force(said["model"], proposal, dataset, actor=said["actor"], reason=said["reason"], report=look)
    return {"check": entry.values["check"]}


def _outcome(result: Result) -> str:
    return f"on test castings: {result['check']}" if result.get("check") else "in force"


PUT = Kind(title="Operating point", work=put, outcome=_outcome)
