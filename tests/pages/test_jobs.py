"""Long work on a page: how far a job is and a button that stops it, its end once, and the drawer with all of them."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from casting_core.jobs import control, process
from casting_core.records.jobs import Job, Request, State, Wish
from casting_core.settings import ROOT
from casting_core.workflows.audit import audit_job
from casting_core.workflows.datasets import import_job, sample
from pages.parts.shell import jobs
from tests.at_work import begin, begin_and_die, end
from tests.pages.conftest import Open
from tests.pages.test_dataset_page import go
from tests.pages.test_pages import PAGES, press, said, unescaped
from tests.patience import PATIENCE

BOX = {"name": "Pump"}


def asked(kind: str = import_job.KIND, *, about: str = "Pump", heavy: bool = False, actor: str = "") -> Job:
    """A job that nobody has started yet."""
    request = Request(kind=kind, inputs=BOX, about=about, heavy=heavy, actor=actor)
    return control.queue().ask(request, starting=not heavy)[0]


def told(job: Job, *, doing: str = "Taking photos in", share: float = 0.5, left: float | None = 80.0) -> Job:
    """The job at work, so far."""
    begin(job.id)
    control.log().beat(job.id, doing=doing, share=share, seconds_left=left)
    return control.find(job.id)


def place_page(number: int) -> None:
    """A page with one place for a job, which is this one at first."""
    import streamlit as st

    from pages.parts.shell import jobs, session

    if "begun" not in st.session_state:
        st.session_state["begun"] = True
        session.current().jobs["here"] = number
    if job := jobs.ended("here"):
        st.markdown(f"ended, {job.state}, {job.message}")
    elif not jobs.watch("here"):
        st.markdown("nothing")


def placed(job: Job) -> AppTest:
    return AppTest.from_function(place_page, args=(job.id,), default_timeout=PATIENCE).run()


def drawer() -> AppTest:
    """What is in the Jobs drawer. The harness knows no dialogs that stay open; a browser opens it in tests/browser."""

    def page() -> None:
        from pages.parts.shell import jobs

        jobs.overview()

    app = AppTest.from_function(page, default_timeout=PATIENCE).run()
    assert not app.exception
    return app


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def bars(app: AppTest) -> list[str]:
    return [bar.proto.text.replace("\\", "") for bar in app.get("progress")]


def test_a_job_tells_what_it_does_how_far_it_is_and_about_how_long_it_takes() -> None:
    app = placed(told(asked()))
    assert not app.exception
    assert bars(app) == ["Taking photos in · 50 % · about 1 minute left"]
    assert labels(app) == ["Cancel"]


def test_as_long_as_nobody_can_say_how_long_it_takes_the_page_does_not_guess() -> None:
    assert bars(placed(told(asked(), share=0.02, left=None))) == ["Taking photos in · 2 %"]


def test_before_its_process_has_come_up_a_job_says_that_it_starts() -> None:
    assert bars(placed(asked())) == ["Starting …"]


def test_a_heavy_job_says_that_it_waits_for_its_turn() -> None:
    assert bars(placed(asked("run", heavy=True)))[0].startswith("Waits for its turn")


def test_a_job_is_watched_while_it_goes_on_and_its_end_is_handed_out_once() -> None:
    job = told(asked())
    app = placed(job)
    assert bars(app)
    end(job.id, State.FAILED, message="no photos")
    app.run()
    assert [text.value for text in app.markdown] == ["ended, failed, no photos"]
    app.run()
    assert [text.value for text in app.markdown] == ["nothing"]


def test_a_job_whose_process_was_killed_has_ended_for_the_page() -> None:
    job = asked()
    begin_and_die(job.id)
    assert placed(job).markdown[0].value == "ended, lost,"


def test_a_wish_to_stop_is_written_down_and_said_until_the_job_ends() -> None:
    job = told(asked())
    app = press(placed(job), "Cancel")
    assert control.find(job.id).wish is Wish.STOP
    assert "Asked to stop" in said(app)
    assert labels(app) == []
    end(job.id, State.STOPPED, message="stopped before its end")
    assert app.run().markdown[0].value == "ended, stopped, stopped before its end"


def test_a_job_whose_row_has_gone_is_nothing() -> None:
    app = AppTest.from_function(place_page, args=(77,), default_timeout=PATIENCE).run()
    assert not app.exception
    assert app.markdown[0].value == "nothing"


def test_the_menu_says_on_every_page_how_many_jobs_go_on(open_page: Open) -> None:
    open_page("dashboard.py")
    assert "Jobs" in labels(open_page("pages/models.py"))
    told(asked())
    asked("run", heavy=True)
    for script in PAGES:
        assert "Jobs · 2 going on" in labels(open_page(script)), script


def test_the_drawer_says_what_goes_on_with_progress_and_stops_it(open_page: Open) -> None:
    open_page("dashboard.py")
    job = told(asked())
    app = drawer()
    assert f"Import {job.id}" in unescaped(app)
    assert "Taking photos in · 50 % · about 1 minute left" in bars(app)
    app.button(key=f"drawer stop {job.id}").click()
    app.run()
    assert control.find(job.id).wish is Wish.STOP
    assert "Asked to stop" in labels(app)


def test_the_drawer_says_what_ended_why_and_who_had_asked_for_it(open_page: Open) -> None:
    open_page("dashboard.py")
    failed, done, lost = told(asked(actor="Ana")), told(asked()), asked(audit_job.KIND, about="Valves")
    end(failed.id, State.FAILED, message="the disk is full")
    end(done.id, State.FINISHED, result={"name": "Pump", "new": 6})
    begin_and_die(lost.id)
    text = unescaped(drawer())
    assert "failed" in text
    assert "The disk is full." in text
    assert "Ana" in text
    assert "finished" in text
    assert "6 photos taken in" in text
    assert f"Audit {lost.id}" in text
    assert "Its process was killed, or the machine was switched off" in text


def test_what_ended_without_a_result_is_resumed_from_the_drawer(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(process, "start", lambda job, **_: started.append(job.id))
    open_page("dashboard.py")
    stopped, done = told(asked()), told(asked())
    end(stopped.id, State.STOPPED, message="stopped before its end")
    end(done.id, State.FINISHED, result={"name": "Pump"})
    app = drawer()
    assert [one.key for one in app.button if (one.key or "").startswith("drawer resume")] == [
        f"drawer resume {stopped.id}"
    ]
    app.button(key=f"drawer resume {stopped.id}").click()
    app.run()
    assert started[-1:] == [stopped.id]
    assert control.find(stopped.id).attempt == 2


def test_what_cannot_be_resumed_says_why(open_page: Open) -> None:
    open_page("dashboard.py")
    job = told(asked())
    end(job.id, State.STOPPED, message="stopped")
    app = drawer()
    control.queue().rejoin(job.id, starting=True)  # from another tab
    begin(job.id)
    app.button(key=f"drawer resume {job.id}").click()
    app.run()
    assert "cannot be resumed: it is working" in app.toast[0].value.replace("\\", "")


def test_an_empty_drawer_says_what_will_be_there(own_installation: object) -> None:  # noqa: ARG001
    assert "Nothing yet" in said(drawer())


def test_names_in_the_drawer_are_shown_and_not_obeyed(open_page: Open) -> None:
    open_page("dashboard.py")
    told(asked(about="![x](http://example.org/a.png)"))
    end(told(asked(about="**bold**", actor="<b>Ana</b>")).id, State.FAILED, message="[no](http://example.org)")
    text = said(drawer())
    for wild in ("![x](http", "**bold**", "<b>Ana", "[no](http"):
        assert wild not in text


def test_the_drawer_keeps_to_the_newest_of_what_ended(open_page: Open) -> None:
    open_page("dashboard.py")
    for _ in range(jobs.ENDED + 3):
        control.log().end(asked().id, State.FINISHED, result={})
    app = drawer()
    assert unescaped(app).count("finished") == jobs.ENDED


# --- The first start --------------------------------------------------------------------------------------------------


def opened(script: str) -> AppTest:
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=PATIENCE).switch_page(script).run()


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Job:
    """A sample that is being drawn, for somebody else was quicker."""
    monkeypatch.setattr(process, "start", lambda job, **_: job.id)
    st.cache_resource.clear()
    st.cache_data.clear()
    job = sample.start_sample()
    return told(job, doing="Drawing sample castings", share=0.4, left=8.0)


@pytest.mark.parametrize("script", PAGES)
def test_every_page_stands_while_the_sample_is_drawn(drawing: Job, script: str) -> None:
    app = opened(script)
    assert not app.exception
    assert not app.error, said(app)
    assert len(app.title) == 1
    assert [job.id for job in control.known(kind=sample.KIND)] == [drawing.id]
    if script in ("dashboard.py", "pages/train.py", "pages/tune.py", "pages/review.py"):
        assert "Drawing sample castings · 40 % · less than a minute left" in bars(app)


@pytest.mark.usefixtures("drawing")
def test_photos_can_be_added_and_inspected_while_the_sample_is_drawn() -> None:
    assert any(one.label == "Drop a zip file here" for one in opened("pages/dataset.py").file_uploader)
    assert opened("pages/inspection.py").file_uploader
    assert opened("pages/models.py").dataframe


def test_a_sample_that_could_not_be_drawn_says_why_and_is_drawn_on_request(drawing: Job) -> None:
    end(drawing.id, State.FAILED, message="the disk is full")
    app = opened("dashboard.py")
    assert "The disk is full" in said(app)
    assert [job.id for job in control.known(kind=sample.KIND)] == [drawing.id]
    press(app, "Draw sample castings")
    assert len(control.known(kind=sample.KIND)) == 2


def test_the_first_start_draws_the_sample_by_a_process_and_knows_its_castings() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()
    app = opened("dashboard.py")
    assert not app.exception
    assert "Drawing sample castings" in said(app)
    (job,) = control.known(kind=sample.KIND)
    assert control.wait(job.id).state is State.FINISHED
    app.run()
    assert {metric.label: metric.value for metric in app.metric}["Photos"] == "600"
    page = opened("pages/dataset.py")
    go(page, "Splits")
    assert any(one.label == "Make the split" for one in page.button), said(page)
    assert control.known(kind=audit_job.KIND) == []
