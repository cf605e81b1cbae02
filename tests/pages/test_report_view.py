"""The report on the Models page: a click starts the job, its progress is seen, and then there are files to download."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.records.jobs import State
from casting_core.workflows import jobs
from casting_core.workflows.reports.report_job import KIND
from tests.pages.conftest import Open
from tests.patience import PATIENCE

FORMS = ["PDF", "CSV", "JSON"]


@pytest.mark.usefixtures("castings_known")
def test_a_click_makes_the_report_and_then_it_is_handed_out(open_page: Open) -> None:
    app = open_page("pages/models.py")
    assert not app.exception
    assert forms(app) == []
    app.button(key="make report").click().run()
    assert not app.exception
    (job,) = jobs.known(kind=KIND)
    assert job.about == "starter on Drawn sample"
    give_up = time.monotonic() + PATIENCE
    while not (job := jobs.find(job.id)).state.over:
        assert time.monotonic() < give_up, job
        time.sleep(0.1)
    assert job.state is State.FINISHED, job.message
    app.run()
    assert not app.exception
    assert forms(app) == FORMS
    assert "Nothing is proven of starter" in told(app)  # it has learned from other castings, which are not here


@pytest.mark.usefixtures("castings_known")
def test_a_report_that_came_to_nothing_says_why(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from casting_core.errors import JobError
    from pages.parts.models import report_view

    def refuse(*_arguments: object, **_named: object) -> None:
        raise JobError("no process can be started on this machine")

    monkeypatch.setattr(report_view, "start_report", refuse)
    app = open_page("pages/models.py")
    app.button(key="make report").click().run()
    assert not app.exception
    assert "No process can be started on this machine" in [str(one.value).rstrip(".") for one in app.error]


def forms(app: AppTest) -> list[str]:
    return [str(one.proto.label) for one in app.get("download_button") if one.proto.label in FORMS]


def told(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.caption).replace("\\", "").replace(":small[]", "")
