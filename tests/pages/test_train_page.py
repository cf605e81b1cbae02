"""The Train page: every run that goes on can be watched, and what cannot be started is said before it is tried."""

from pathlib import Path

import pytest

from casting_core.learning.events import BatchDone, Prepared, to_row
from casting_core.learning.recipe import Recipe
from casting_core.records.run_log import Run, State
from casting_core.workflows import installation
from casting_core.workflows.line import log_file
from casting_core.workflows.train import note_run
from tests.pages.conftest import Open
from tests.pages.test_pages import drawn_folder, opened_with, press, said


def noted() -> Run:
    """A run that waits for its process, as the command line notes one down."""
    return note_run(installation.dataset_book().find(installation.SAMPLE), Recipe())


def test_each_of_two_runs_that_go_on_can_be_watched(open_page: Open) -> None:
    open_page("dashboard.py")
    first, second = noted(), noted()
    app = open_page("pages/train.py")
    assert f"Run {second.id}" in [header.value for header in app.subheader]
    assert f"Run {first.id} goes on, too" in said(app)
    press(app, f"Watch run {first.id}")
    assert f"Run {first.id}" in [header.value for header in app.subheader]
    assert f"Run {second.id} goes on, too" in said(app)


def test_a_start_in_a_tab_that_is_behind_says_which_run_is_in_the_way(open_page: Open) -> None:
    app = open_page("pages/train.py")
    other = noted()  # asked for elsewhere, after this tab was drawn
    press(app, "Start training")
    assert f"Nothing was started. Run {other.id} is going on" in said(app)
    assert len(installation.run_log().runs()) == 1


def test_a_run_that_was_stopped_in_its_first_epoch_draws_no_empty_charts(open_page: Open) -> None:
    open_page("dashboard.py")
    run, log = noted(), installation.run_log()
    log.beat(
        run.id,
        [
            to_row(Prepared(epochs=3, batches=7, train_photos=40, validation_photos=4, parameters=9)),
            to_row(BatchDone(epoch=1, batch=1, loss=0.7, accuracy=0.5)),
        ],
    )
    log.end(run.id, State.STOPPED, message="stopped by Ctrl+C")
    app = open_page("pages/train.py")
    assert "Ended early: stopped by Ctrl\\+C" in said(app)
    assert "no curves" in said(app)
    assert not app.get("plotly_chart")


@pytest.mark.usefixtures("version")
def test_a_run_that_is_done_tells_its_misses_and_its_false_alarms(open_page: Open) -> None:
    open_page("dashboard.py")
    card = installation.registry().card("v1")
    installation.run_log().end(noted().id, State.FINISHED, model=card.name)
    figures = {metric.label: metric.value for metric in open_page("pages/train.py").metric}
    assert figures["Missed"] == str(card.metrics["test"]["missed"])
    assert figures["False alarms"] == str(card.metrics["test"]["false_alarms"])


def test_the_log_of_a_run_that_failed_is_named_where_there_is_one(open_page: Open) -> None:
    open_page("dashboard.py")
    run = noted()
    installation.run_log().end(run.id, State.FAILED, message="no reason")
    assert "Its log" not in said(open_page("pages/train.py"))  # one of the command line has none
    log_file(run.id).parent.mkdir(parents=True)
    log_file(run.id).touch()
    assert f"Its log is in {log_file(run.id)}" in said(open_page("pages/train.py")).replace("\\", "")


@pytest.mark.parametrize("missing", ["ok_front", "def_front"])
def test_one_class_only_cannot_be_started(open_page: Open, tmp_path: Path, missing: str) -> None:
    folder = drawn_folder(tmp_path / "photos")
    for number in range(1, 6):
        (folder / missing / f"{number}.png").unlink()
    app = opened_with(open_page, "pages/train.py", "One class", folder)
    assert "both classes, 2 photos of each at least" in said(app)
    assert next(button for button in app.button if button.label == "Start training").disabled


def test_a_dataset_without_photos_to_learn_from_is_a_sentence(open_page: Open, tmp_path: Path) -> None:
    drawn_folder(tmp_path / "photos" / "test")
    app = opened_with(open_page, "pages/train.py", "Test only", tmp_path / "photos")
    assert not app.exception
    assert app.error
