"""What a person can do about a run that waits in line, or that ended without a version."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.jobs import State
from casting_core.wording import count, duration
from casting_core.workflows import jobs as work
from casting_core.workflows.training import runs
from casting_core.workflows.training.runs import Run
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import sentence


def waiting(run: Run) -> None:
    """Where a run stands in line, and a button to take it out; nothing of a run that does not wait."""
    if not run.in_line:
        return
    with show_errors():
        known = work.going_on()
        moved = work.keep_moving(known)
    if moved:
        st.rerun(scope="app")
    numbers = [job.id for job in work.in_line(known)]
    job = next((one for one in known if one.id == run.id), None)
    if job is not None and job.anywhere:
        with show_errors():
            st.info(sentence(f"It {work.waits(job, work.workers())}"), icon=":material/hourglass_top:")
        _take_out(run)
        return
    if run.id not in numbers:  # it waits on another machine, or its turn has come
        st.info("It waits for its turn.", icon=":material/hourglass_top:")
        return
    ahead = numbers.index(run.id)
    at_work = [work.title_of(job) for job in known if job.heavy and job.state is State.WORKING]
    st.info(
        f"One works at a time: {' and '.join(at_work) or 'another'} is at work, and {count(ahead, 'other job')} "
        f"{'waits' if ahead == 1 else 'wait'} before this one. It starts by itself; you may leave the page.",
        icon=":material/hourglass_top:",
    )
    _take_out(run)


def _take_out(run: Run) -> None:
    if st.button("Take it out of the line", key=f"withdraw {run.id}", icon=":material/close:"):
        _do(lambda: work.stop(run.id))


def ended(run: Run) -> None:
    """How to take up again a run that ended without a version; nothing of one that made one, or goes on."""
    if not run.resumable:
        return
    done = runs.epochs_kept(run.id)
    if run.state is State.LOST:
        since = f" for {duration(time.time() - run.heartbeat)}" if run.heartbeat else ""
        st.error(
            f"The run has been silent{since}: its process was killed, or the machine slept. No model version was made.",
            icon=":material/link_off:",
        )
    if done:
        kept = f"{count(done, 'epoch')} of {run.recipe['epochs']} {'is' if done == 1 else 'are'} kept"
        st.caption(f"{kept}. Resumed, the run goes on behind, and ends as if it had never stopped.")
    else:
        st.caption("No finished epoch is kept. Resumed, the run begins anew with the same settings.")
    if st.button("Resume", key=f"resume {run.id}", icon=":material/resume:", help="It joins the end of the line."):
        _do(lambda: runs.resume(run.id))


def place(run: Run, known: Sequence[Run]) -> str:
    """The state of a run in a table; one that waits says its place in line."""
    numbers = [one.id for one in runs.in_line(known)]
    return f"{run.state}, {numbers.index(run.id) + 1} in line" if run.id in numbers else str(run.state)


def _do(what: Callable[[], object]) -> None:
    """Does what a click asked for, and draws the page anew; what cannot be done is said beside the button."""
    try:
        what()
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
    else:
        st.rerun(scope="app")
