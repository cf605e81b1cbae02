"""Kept photos are tidied once a day, as a job, where a person has set a limit."""

import time
from collections.abc import Callable

from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.jobs import Job, Request
from casting_core.wording import count
from casting_core.workflows.keeping.rule import rule
from casting_core.workflows.tracing.retention import DAY, TIDIER, tidy

KIND = "retention"


def start_if_due(*, now: float | None = None) -> Job | None:
    """Asks for it where a limit is set and the last time is a day ago; none where nothing is to be done."""
    wanted, now = rule(), time.time() if now is None else now
    if wanted.days is None and wanted.gigabytes is None:
        return None
    last = next(iter(control.known(kind=KIND, most=1)), None)
    if last is not None and (not last.state.over or now - last.asked < DAY):
        return None
    return start_tidying(actor=TIDIER)


def start_tidying(*, actor: str) -> Job:
    """Asks for it now; one that goes on goes on."""
    request = Request(kind=KIND, inputs={}, about="kept photos", subject="kept photos", uses=(), actor=actor.strip())
    return control.ask(request, once=True)


def tidy_photos(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job does; stopped in the middle, the rest goes the next time."""
    found = tidy(actor=inputs.actor or TIDIER, report=counted(report, should_stop, "Removing photos"))
    return {"removed": len(found.go), "held": sum(found.held.values())}


def _outcome(result: Result) -> str:
    held = f"; {count(result['held'], 'photo')} under review stayed" if result.get("held") else ""
    return f"{count(result['removed'], 'photo')} removed{held}" if "removed" in result else ""


TIDYING = Kind(title="Retention", work=tidy_photos, outcome=_outcome)
