"""A measurement as a job: a version on a dataset, asked for by a click, found again, called off."""

from collections.abc import Callable

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.wording import count, escapes, false_alarms
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.measuring.measure import measure, usual_split
from casting_core.workflows.judging.model import load_model

KIND = "measurement"


def start_measurement(dataset: NamedDataset, version: str, *, actor: str = "") -> Job:
    """Asks for the measurement and returns at once; where the same one is going on, that one goes on."""
    return control.ask(request_for(dataset, version, actor=actor), once=True)


def request_for(dataset: NamedDataset, version: str, *, actor: str = "") -> Request:
    """What is asked for: this version on this dataset, as it is by then."""
    return Request(
        kind=KIND,
        inputs={"folder": dataset.folder, "rule": dataset.rule, "model": version},
        about=f"{version} on {dataset.name}",
        subject=f"{version} {dataset.folder}",
        uses=(dataset_in(dataset.folder),),
        actor=actor,
    )


def measure_dataset(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: it reads the photos, scores them, finds their castings, and keeps what came of it."""
    model = load_model(inputs.values["model"])
    step = counted(report, should_stop, "Reading photos", end=0.1)
    dataset = open_dataset(inputs.values["folder"], rule=rule_of(inputs.values["rule"]), report=step)
    found = measure(
        dataset,
        usual_split(dataset),
        model,
        read=counted(report, should_stop, "Scoring photos", start=0.1, end=0.4),
        compared=counted(report, should_stop, "Finding castings it has seen", start=0.4),
    ).figures
    behind = found.never_seen or found.whole
    told = "" if behind is None or behind.outcomes is None else escapes(behind.outcomes)
    alarms = "" if behind is None or behind.outcomes is None else false_alarms(behind.outcomes)
    return {"photos": found.photos, "told": f"{told}, {alarms}"}


def _outcome(result: Result) -> str:
    return f"{count(result['photos'], 'photo')} judged: {result['told']}" if "photos" in result else ""


MEASUREMENT = Kind(title="Measurement", work=measure_dataset, outcome=_outcome)
