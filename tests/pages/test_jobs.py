"""Work that outlives one drawing of a page: how far it is, its end, its failure, and the wish to stop it."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.errors import DatasetError
from pages.parts.shell.jobs import Job, StoppedError, Work
from tests.patience import PATIENCE


def done(work: Work, *, stop: bool = False) -> Job:
    """The work after its end, done by a thread as on a page."""
    job = Job(title="Counting")
    if stop:
        job.stop()
    thread = threading.Thread(target=job.run, args=(work,))
    thread.start()
    thread.join(PATIENCE)
    assert job.over is not None
    return job


def test_a_job_tells_how_far_it_is_and_what_came_of_it() -> None:
    def work(report: object) -> int:
        assert callable(report)
        report(3, 4)
        return 42

    job = done(work)
    assert (job.share, job.outcome()) == (0.75, 42)


def test_what_the_work_raises_is_raised_where_the_outcome_is_asked_for() -> None:
    def work(_report: object) -> None:
        raise DatasetError("no photos")

    with pytest.raises(DatasetError, match="no photos"):
        done(work).outcome()
    with pytest.raises(ZeroDivisionError):
        done(lambda _report: 1 // 0).outcome()


def test_a_wish_to_stop_ends_the_work_at_its_next_report() -> None:
    cleaned: list[bool] = []

    def work(report: object) -> None:
        assert callable(report)
        try:
            report(0, 0)
        finally:
            cleaned.append(True)

    with pytest.raises(StoppedError, match="as it was before"):
        done(work, stop=True).outcome()
    assert cleaned == [True]


def test_a_job_is_shown_while_it_goes_on_and_handed_out_once() -> None:
    app = AppTest.from_function(_page, default_timeout=PATIENCE).run()
    for wanted in ("going on", "ended with 7", "nothing"):
        assert not app.exception
        assert app.markdown[0].value == wanted
        assert [button.label for button in app.button] == (["Cancel"] if wanted == "going on" else [])
        app.session_state["let go"].set()
        app.session_state["thread"].join(PATIENCE)
        app.run()


def _page() -> None:
    import threading
    import time

    import streamlit as st

    from pages.parts.shell import jobs

    if "let go" not in st.session_state:
        st.session_state["let go"] = go = threading.Event()
        jobs.start("here", "Waiting", lambda _report: 7 if go.wait(600) else 0)
        st.session_state["thread"] = next(one for one in threading.enumerate() if one.name == "job Waiting")
        time.sleep(0.05)
    if job := jobs.ended("here"):
        st.markdown(f"ended with {job.outcome()}")
    else:
        st.markdown("going on" if jobs.going_on("here") else "nothing")
        jobs.show("here")
