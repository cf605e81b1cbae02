"""The look at what a version learned from, as a job."""

from collections.abc import Callable

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.jobs import Job, Request
from casting_core.wording import count
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.watching.reference import look

KIND = "look at what was learned from"


def start_look(version: str, *, actor: str = "") -> Job:
    """Asks for the look and returns at once; where the same one is going on, that one goes on."""
    return control.ask(
        Request(kind=KIND, inputs={"model": version}, about=version, subject=version, uses=(), actor=actor), once=True
    )


def look_at_learned(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does: it judges a photo of each casting that the version learned from."""
    model = load_model(inputs.values["model"])
    found = look(model, report=counted(report, should_stop, "Looking at what it learned from"))
    return {"castings": len(found.score)}


def _outcome(result: Result) -> str:
    return f"{count(result['castings'], 'casting')} looked at" if "castings" in result else ""


LOOK = Kind(title="Look at castings learned from", work=look_at_learned, outcome=_outcome)
