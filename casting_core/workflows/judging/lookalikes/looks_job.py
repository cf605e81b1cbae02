"""The embeddings of a dataset's castings, or of kept photos, as a job: asked for, found again, called off."""

from collections.abc import Callable

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.wording import count
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.lookalikes.index import Of, grow
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.keeping import photos as kept_photos

KIND = "look-alikes"


def start_looking(version: str, *, dataset: NamedDataset | None = None, actor: str = "") -> Job:
    """Asks for the embeddings of a dataset's photos, or of kept ones without a dataset; one that goes on goes on."""
    return control.ask(request_for(version, dataset=dataset, actor=actor), once=True)


def request_for(version: str, *, dataset: NamedDataset | None = None, actor: str = "") -> Request:
    """What is asked for: what this version says of these photos, as they are by then."""
    return Request(
        kind=KIND,
        inputs={
            "folder": "" if dataset is None else dataset.folder,
            "rule": {} if dataset is None else dataset.rule,
            "model": version,
        },
        about=f"{version} on {'kept photos' if dataset is None else dataset.name}",
        subject=f"{version} {'' if dataset is None else dataset.folder}",
        uses=() if dataset is None else (dataset_in(dataset.folder),),
        actor=actor,
    )


def look_at_all(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: photos whose embedding is known already are not looked at again."""
    model = load_model(inputs.values["model"])
    if not inputs.values["folder"]:
        wanted, of, begun = kept_photos.readable(), Of.VERDICTS, 0.0
    else:
        step = counted(report, should_stop, "Reading photos", end=0.2)
        opened = open_dataset(inputs.values["folder"], rule=rule_of(inputs.values["rule"]), report=step)
        wanted, of, begun = [str(photo) for photo in opened.usable["photo"]], Of.CASTINGS, 0.2
    grow(model, of, wanted, report=counted(report, should_stop, "Looking at photos", start=begun))
    return {"photos": len(set(wanted))}


def _outcome(result: Result) -> str:
    return f"look-alikes are found among {count(result['photos'], 'photo')}" if "photos" in result else ""


LOOKING = Kind(title="Look-alikes", work=look_at_all, outcome=_outcome)
