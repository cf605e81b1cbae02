"""The search for photos of one casting as a job of its own, for a dataset that nobody audits."""

from collections.abc import Callable

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.wording import count
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of

KIND = "castings"


def start_castings(dataset: NamedDataset, *, actor: str = "") -> Job:
    """Asks for the search and returns at once; where one is going on for this folder, that one goes on."""
    request = Request(
        kind=KIND,
        inputs={"folder": dataset.folder, "rule": dataset.rule},
        about=dataset.name,
        subject=dataset.folder,
        uses=(dataset_in(dataset.folder),),
        actor=actor,
    )
    return control.ask(request, once=True)


def find_castings(dataset: NamedDataset) -> Job | None:
    """The search that goes on for this dataset, or the last one's end; none where nobody asked for one."""
    return next(iter(control.known(kind=KIND, subject=dataset.folder, most=1)), None)


def search_castings(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: it reads the photos, compares them, and keeps which of them show one casting."""
    rule = rule_of(inputs.values["rule"])
    step = counted(report, should_stop, "Reading photos", end=0.1)
    dataset = open_dataset(inputs.values["folder"], rule=rule, report=step)
    step = counted(report, should_stop, "Finding photos of one casting", start=0.1, even=False)
    found = casting_of(dataset, report=step, should_stop=should_stop)
    return {"photos": len(found), "castings": int(found.nunique())}


def _outcome(result: Result) -> str:
    return (
        f"{count(result['photos'], 'photo')} show {count(result['castings'], 'casting')}" if "photos" in result else ""
    )


CASTINGS = Kind(title="Castings", work=search_castings, outcome=_outcome)
