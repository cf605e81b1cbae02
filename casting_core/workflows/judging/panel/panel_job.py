"""The panel as a job: asked for by a click, or by itself after a run that ended well."""

from collections.abc import Callable

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.workflows.datasets.castings import casting_known
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.lookalikes.index import Of, grow
from casting_core.workflows.judging.model import load_model

KIND = "panel"
SEARCHED = 1000  # photos; the castings of more are searched for when somebody asks, for that takes minutes


def start_panel(dataset: NamedDataset, version: str, *, actor: str = "") -> Job:
    """Asks for the panel and returns at once; where the same one is being made, that one goes on."""
    return control.ask(request_for(dataset, version, actor=actor), once=True)


def start_after_run(dataset: NamedDataset, version: str, *, actor: str = "") -> Job | None:
    """The same after a run; none where the castings are not known yet, and finding them would take long."""
    opened = open_dataset(dataset.folder, rule=rule_of(dataset.rule))
    if not casting_known(opened) and len(opened.identities) > SEARCHED:
        return None
    return start_panel(dataset, version, actor=actor)


def request_for(dataset: NamedDataset, version: str, *, actor: str = "") -> Request:
    """What is asked for: the panel of this version on this dataset, as it is by then."""
    return Request(
        kind=KIND,
        inputs={"folder": dataset.folder, "rule": dataset.rule, "model": version},
        about=f"{version} on {dataset.name}",
        subject=_subject(dataset, version),
        uses=(dataset_in(dataset.folder),),
        actor=actor,
    )


def find_panel(dataset: NamedDataset, version: str) -> Job | None:
    """The job that makes this panel, or the last one's end; none where nobody asked for one."""
    return next(iter(control.known(kind=KIND, subject=_subject(dataset, version), most=1)), None)


def make_panel(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: it measures the version, disturbs photos, paints parts over, and keeps what came of it.

    Before that the version looks at all castings, so that the first photo on Inspection has its look-alikes.
    """
    from casting_core.judging.panel.verdict import verdict
    from casting_core.workflows.judging.panel.compute import compute

    model = load_model(inputs.values["model"])
    step = counted(report, should_stop, "Reading photos", end=0.1)
    dataset = open_dataset(inputs.values["folder"], rule=rule_of(inputs.values["rule"]), report=step)
    look = counted(report, should_stop, "Looking at castings", start=0.1, end=0.2)
    grow(model, Of.CASTINGS, [str(photo) for photo in dataset.usable["photo"]], report=look)
    made = compute(
        dataset,
        model,
        read=counted(report, should_stop, "Scoring photos", start=0.2, end=0.3),
        compared=counted(report, should_stop, "Finding castings it has seen", start=0.2, end=0.3),
        stressed=counted(report, should_stop, "Judging disturbed photos", start=0.3),
    )
    said = verdict(made)
    return {"photos": made.photos, "reads": [one.value for one in said.reads], "told": said.first}


def _subject(dataset: NamedDataset, version: str) -> str:
    return f"{version} {dataset.folder}"


def _outcome(result: Result) -> str:
    return str(result.get("told", ""))


PANEL = Kind(title="Panel", work=make_panel, outcome=_outcome)
