"""The audit on the Dataset page, in each of its states: none yet, going on, lost or failed, and the report."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.data.audit.finding import Kind, Severity
from casting_core.data.drawing.synthetic import write_sample
from casting_core.jobs import control
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Request, State, Wish
from casting_core.workflows import stores
from casting_core.workflows.audit.audit import Audit, audit
from casting_core.workflows.audit.audit_job import KIND, find_audit, subject_of
from casting_core.workflows.datasets import opening
from casting_core.workflows.datasets.sample import SAMPLE
from pages.parts.audit.audit_view import key_of
from tests.at_work import begin, begin_and_die, end
from tests.pages.conftest import Open
from tests.pages.test_dataset_page import go
from tests.pages.test_pages import opened_with, said
from tests.patience import PATIENCE

PAGE = "pages/dataset.py"


def sample() -> NamedDataset:
    return stores.dataset_book().find(SAMPLE)


def noted(state: State, *, message: str = "") -> NamedDataset:
    """An audit of the sample that stands so."""
    inputs = {"name": SAMPLE, "folder": sample().folder, "rule": sample().rule}
    job, _ = control.queue().ask(Request(kind=KIND, inputs=inputs, about=SAMPLE, subject=subject_of(sample())))
    if state is State.LOST:
        begin_and_die(job.id)
        return sample()
    begin(job.id)
    control.log().beat(job.id, doing="Finding photos of one casting", share=0.5)
    if state.over:
        end(job.id, state, message=message, result={"headline": ""} if state is State.FINISHED else None)
    return sample()


def button(app: AppTest, label: str) -> bool:
    return any(one.label == label for one in app.button)


def opened(app: AppTest, made: Audit) -> AppTest:
    """The page with every finding open."""
    for finding in made.findings:
        if finding.severity is not Severity.FINE:
            app.session_state[key_of(finding, made)] = True
    return app.run()


def test_an_audit_is_asked_for_and_its_report_is_shown(open_page: Open) -> None:
    app = go(open_page(PAGE), "Audit")
    assert "Nobody has audited these photos yet" in said(app)
    assert "minute" not in said(app), "nobody knows how long it takes here"
    next(one for one in app.button if one.label == "Audit these photos").click()
    app.run()
    assert not app.exception
    assert button(app, "Stop the audit")
    run = find_audit(sample())
    assert run is not None
    assert control.wait(run.id).state is State.FINISHED
    app.run()
    assert not app.exception
    assert "questions asked" in said(app)
    labels = [expander.label.replace("\\", "") for expander in app.expander]
    assert any("With 18 defective castings, even a perfect score proves only" in label for label in labels)
    assert any("questions found nothing wrong" in label for label in labels)
    assert "None of the 18 test photos shows a casting that is also in train" in said(app).replace("\\", "")


def test_an_audit_that_is_going_on_says_how_far_it_is_and_can_be_stopped(open_page: Open) -> None:
    open_page("dashboard.py")
    named = noted(State.WORKING)
    app = go(open_page(PAGE), "Audit")
    assert not app.exception
    next(one for one in app.button if one.label == "Stop the audit").click()
    app.run()
    assert "Asked to stop" in said(app)
    assert not button(app, "Stop the audit")
    run = find_audit(named)
    assert run is not None
    assert run.wish is Wish.STOP


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.FAILED, "The audit failed: Not enough memory."),
        (State.LOST, "its process was killed"),
        (State.STOPPED, "stopped before its end"),
        (State.FINISHED, "have changed since they were last audited"),
    ],
)
def test_an_audit_that_came_to_nothing_says_why_and_can_be_started_again(
    open_page: Open, state: State, words: str
) -> None:
    open_page("dashboard.py")
    noted(state, message="not enough memory")
    app = go(open_page(PAGE), "Audit")
    assert not app.exception
    assert words in said(app)
    assert button(app, "Audit these photos")


def test_what_is_behind_a_finding_is_shown_and_hostile_names_are_not_obeyed(
    open_page: Open, sample_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(sample_folder, tmp_path / "photos")
    ok = sorted((folder / "train" / "ok_front").iterdir())
    shutil.copy(ok[0], folder / "test" / "def_front" / "**bold** ![x](http:%2F%2Fexample.org).jpeg")
    for at in range(30):
        shutil.copy(ok[1], folder / "train" / "ok_front" / f"again {at}.jpeg")
    made = audit(opening.open_dataset(folder))
    app = opened(go(opened_with(open_page, PAGE, "Copies", folder), "Audit"), made)
    assert not app.exception
    text = said(app)
    assert "![x](http" not in text
    assert "**bold**" not in text
    labels = [expander.label for expander in app.expander]
    assert any(label.startswith(":red-badge[:material/error: serious] **1 casting is labelled") for label in labels)
    assert any(label.startswith(":orange-badge[:material/info: worth knowing] **") for label in labels)
    assert "**What helps:** add photos of more castings." in text
    assert button(app, "Look and decide on one label")
    assert "and 29 more names" in text


def test_a_long_list_of_photos_is_paged(open_page: Open, sample_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sample_folder, tmp_path / "photos")
    for photo in sorted((folder / "train" / "ok_front").iterdir())[:14]:
        shutil.copy(photo, folder / "test" / "ok_front" / f"copy of {photo.name}")
    made = audit(opening.open_dataset(folder))
    assert made.count(Severity.SERIOUS)
    app = opened(go(opened_with(open_page, PAGE, "Paged", folder), "Audit"), made)
    page = next(field for field in app.number_input if field.key == f"page of {Kind.IDENTICAL_ACROSS_SPLITS}")
    assert (page.value, page.max) == (1, 2)
    page.set_value(2)
    app.run()
    assert not app.exception


def test_all_photos_of_a_casting_are_shown_where_somebody_wants_to_see_them(open_page: Open, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    write_sample(folder, castings=4, copies=9, leaky=True)
    made = audit(opening.open_dataset(folder))
    app = opened(go(opened_with(open_page, PAGE, "Leaky", folder), "Audit"), made)
    assert not app.exception
    switch = next(toggle for toggle in app.toggle if toggle.label == "Show all 9")
    before = said(app).count("cast\\_")
    switch.set_value(True)
    app.run()
    assert not app.exception
    assert said(app).count("cast\\_") == before + 3


def remedy_script() -> None:
    """A page of its own, with a function behind one remedy."""
    import streamlit as st

    from casting_core.data.audit.finding import Remedy
    from casting_core.workflows import stores
    from pages.parts.audit import audit_view
    from pages.parts.caches import dataset_cache

    named = stores.dataset_book().all()[-1]
    wired = {Remedy.ADD_CASTINGS: lambda finding: st.session_state.update(asked_for=finding.kind)}
    audit_view.show(named, dataset_cache.dataset(named), wired)


def test_a_remedy_with_a_function_behind_it_is_a_button_that_gets_the_finding(open_page: Open) -> None:
    open_page("dashboard.py")
    made = audit(opening.open_dataset(sample().folder))
    app = opened(AppTest.from_function(remedy_script, default_timeout=PATIENCE).run(), made)
    assert not app.exception
    app.button(key=f"remedy {Kind.ESCAPES}").click()
    app.run()
    assert app.session_state["asked_for"] == Kind.ESCAPES
