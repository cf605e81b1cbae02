"""Kinds of jobs that only tests know: they count, wait or break; done here, or by processes of their own."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from casting_core.errors import JobError, StoppedError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Kinds, Report, Result, ShouldStop
from casting_core.jobs.progress import Doing
from casting_core.records.jobs import Job, Request

KILLS = 10  # of one job
PATIENCE = 600.0  # seconds for anything to happen, on whatever machine
WORKS = (
    "import sys; sys.executable = '{script}'; from casting_core.jobs.work import do; "
    "from tests.core.jobs.counting import KINDS; do(int(sys.argv[-1]), KINDS)"
)


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def until(reached: Callable[[Job], object], job: int) -> Job:
    """The job as soon as it is so far; fails where it never comes to that."""
    give_up = time.monotonic() + PATIENCE
    while not reached(found := control.find(job)):
        assert time.monotonic() < give_up, found
        time.sleep(0.05)
    return found


def over(job: Job) -> bool:
    """Whether it has ended, well or not."""
    return job.state.over


def counter(folder: Path) -> Path:
    """A Python in this folder that, asked to do a job, knows the kinds of this file."""
    script = folder / "python"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{WORKS.format(script=script)}" "$@"\n')
    script.chmod(0o755)
    return script


def asked(to: int = 3, *, kind: str = "count", heavy: bool = True, subject: str = "", **values: object) -> int:
    """A job that waits for somebody to start it; its number."""
    return control.queue().ask(request(to, kind=kind, heavy=heavy, subject=subject, **values))[0].id


def request(to: int = 3, *, kind: str = "count", heavy: bool = True, subject: str = "", **values: object) -> Request:
    """A wish for such a job."""
    inputs = {"to": to, **values}
    return Request(kind=kind, inputs=inputs, about="numbers", subject=subject, actor="Anna", heavy=heavy)


def _count(inputs: Inputs, report: Report, should_stop: ShouldStop) -> Result:
    """Counts, a line in its folder for each number; taken up again it goes on where it was."""
    inputs.folder.mkdir(parents=True, exist_ok=True)
    lines = inputs.folder / "lines"
    kept = lines.read_text().splitlines() if lines.exists() else []
    for number in range(len(kept), int(inputs.values["to"])):
        if should_stop():
            raise StoppedError("stopped before its end")
        if number == inputs.values.get("fails_at") and inputs.attempt == 1:
            raise JobError(f"{number} cannot be counted")
        lines.write_text("".join(f"{one}\n" for one in range(number + 1)))
        report(("number", {"text": str(number)}))
        report(Doing(what=f"Counting {number}", share=(number + 1) / int(inputs.values["to"])))
    counted = len(lines.read_text().splitlines())
    return {"counted": counted, "here": counted - len(kept), "attempt": inputs.attempt, "by": inputs.actor}


def _wait(inputs: Inputs, report: Report, should_stop: ShouldStop) -> Result:
    """Waits until nobody wants it any more, or the file that it was given is there."""
    report(Doing(what="Waiting", share=0.5))
    while not Path(str(inputs.values["file"])).exists():
        if should_stop():
            raise StoppedError("stopped before its end")
        time.sleep(0.02)
    return {"attempt": inputs.attempt}


def _break(inputs: Inputs, _report: Report, _should_stop: ShouldStop) -> Result:
    endings = {"memory": MemoryError(), "bug": ZeroDivisionError("by zero"), "hand": KeyboardInterrupt()}
    raise endings[str(inputs.values["how"])]


KINDS: Kinds = {
    "count": Kind(title="Count", work=_count, encode=lambda event: event),
    "wait": Kind(title="Wait", work=_wait),
    "break": Kind(title="Break", work=_break),
}
