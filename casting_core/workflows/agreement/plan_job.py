"""Planning a study as a job: photos are scored, and castings found where they are not known yet."""

from collections.abc import Callable, Sequence

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.wording import count
from casting_core.workflows.agreement import plan
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.model import load_model

KIND = "agreement plan"


def start_planning(
    dataset: NamedDataset,
    version: str,
    *,
    appraisers: Sequence[str],
    parts: int,
    trials: int,
    borderline: float,
    seed: int,
    actor: str = "",
) -> Job:
    """Asks for a study and returns at once. Raises ``AgreementError`` where there can be none like it."""
    names = plan.checked(appraisers, parts=parts, trials=trials, borderline=borderline)
    asked = {"appraisers": list(names), "parts": parts, "trials": trials, "borderline": borderline, "seed": seed}
    request = Request(
        kind=KIND,
        inputs={"folder": dataset.folder, "rule": dataset.rule, "model": version, "asked": asked},
        about=f"{version} and {count(len(names), 'inspector')} on {dataset.name}",
        uses=(dataset_in(dataset.folder),),
        actor=actor,
    )
    return control.ask(request)


def plan_study(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: it reads the photos, finds the castings, scores some of each, and writes the plan down."""
    step = counted(report, should_stop, "Reading photos", end=0.1)
    dataset = open_dataset(inputs.values["folder"], rule=rule_of(inputs.values["rule"]), report=step)
    made = plan.make(
        dataset,
        load_model(inputs.values["model"]),
        who=inputs.actor,
        compared=counted(report, should_stop, "Finding castings", start=0.1, end=0.6),
        scored=counted(report, should_stop, "Scoring photos", start=0.6),
        **inputs.values["asked"],
    )
    return {"study": made.study, "parts": len(made.parts), "borderline": made.borderline}


def _outcome(result: Result) -> str:
    if "study" not in result:
        return ""
    return f"study {result['study']}: {count(result['parts'], 'part')}, {result['borderline']} of them borderline"


PLANNING = Kind(title="Agreement study", work=plan_study, outcome=_outcome)
