"""Work that takes longer than a page may: done by a thread of the server, watched and stopped from the page.

    jobs.start("audit", "Looking for problems", lambda report: workflows.audit(dataset, report=report))
    ...
    if jobs.show("audit"):              # draws how far it is, and a button that stops it
        return
    if job := jobs.ended("audit"):      # once, after its end
        with guards.said():
            result = job.outcome()

The work gets ``report(done, total)``, which raises ``StoppedError`` where a person has asked to stop; work that
cleans up after itself needs nothing else. It runs outside of any page: no ``st`` in it, nothing from ``resources``.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import streamlit as st

from casting_core.errors import CastingError
from pages.parts.shell import session

TICK = 0.5  # seconds between two looks at a job
KEPT = 3600.0  # seconds after which the outcome of a job that nobody came back for is forgotten

Work = Callable[[Callable[[int, int], None]], Any]


class StoppedError(CastingError):
    """A person asked to stop."""


@dataclass
class Job:
    """One piece of work. Its thread writes ``share``, ``over`` and the outcome; a page writes only the wish to stop."""

    title: str
    share: float = 0.0
    over: float | None = None  # when it ended, seconds since 1970
    _result: Any = None
    _error: BaseException | None = None
    _wish: threading.Event = field(default_factory=threading.Event)

    def report(self, done: int, total: int) -> None:
        """Notes how far the work is; raises ``StoppedError`` where a person asked for it."""
        if self._wish.is_set():
            raise StoppedError("stopped before its end; everything is as it was before")
        self.share = min(1.0, done / total) if total else 0.0

    def stop(self) -> None:
        """Asks the work to end."""
        self._wish.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to end."""
        return self._wish.is_set()

    def outcome(self) -> Any:
        """What the work returned; raises what it raised: ``StoppedError``, another ``CastingError``, or a bug."""
        if self._error is not None:
            raise self._error
        return self._result

    def run(self, work: Work) -> None:
        """Does the work; for the thread."""
        try:
            self._result = work(self.report)
        except BaseException as error:  # whatever it is, the page that asked for the outcome gets it
            self._error = error
        self.over = time.time()


@st.cache_resource(show_spinner=False)
def _jobs() -> dict[str, Job]:
    """All jobs of this server by their number: the one cache that is written to, by single steps that cannot mix."""
    return {}


def start(place: str, title: str, work: Work) -> None:
    """Starts the work of this visitor at this place of the pages; one at a time."""
    known = _jobs()
    for number, job in list(known.items()):
        if job.over is not None and time.time() - job.over > KEPT:
            known.pop(number, None)
    number, job = uuid4().hex, Job(title=title)
    known[number] = job
    session.current().jobs[place] = number
    threading.Thread(target=job.run, args=(work,), name=f"job {title}", daemon=True).start()


def going_on(place: str) -> bool:
    """Whether this visitor's work at this place is not over yet."""
    job = _job(place)
    return job is not None and job.over is None


def show(place: str) -> bool:
    """Whether the work goes on; draws how far it is and a button that stops it, anew twice a second."""
    job = _job(place)
    if job is None or job.over is not None:
        return False
    st.fragment(_draw, run_every=TICK)(place, job)
    return True


def ended(place: str) -> Job | None:
    """The job that has ended at this place; handed out once."""
    job = _job(place)
    if job is None or job.over is None:
        return None
    _jobs().pop(session.current().jobs.pop(place), None)
    return job


def _job(place: str) -> Job | None:
    return _jobs().get(session.current().jobs.get(place, ""))


def _draw(place: str, job: Job) -> None:
    if job.over is not None:
        st.rerun(scope="app")  # the whole page wants to know
    st.progress(job.share, text="Stopping …" if job.stopping else f"{job.title} · {job.share:.0%}")
    if st.button("Cancel", key=f"cancel {place}", icon=":material/stop_circle:", disabled=job.stopping):
        job.stop()
        st.rerun(scope="fragment")
