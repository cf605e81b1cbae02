"""The Train page: every run that goes on can be watched, and what cannot be started is said before it is tried."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from casting_core.jobs import control, process
from casting_core.learning.recipes.events import BatchDone, EpochDone, PaintedDone, Prepared, encode
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.epochs import checkpoint
from casting_core.records.jobs import State
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.judging.scores import proving
from casting_core.workflows.training.runs import KIND, Run, all_runs, find_run, log_file, note_run, run_folder
from tests.at_work import begin, begin_and_die, end
from tests.pages.conftest import Open
from tests.pages.test_pages import drawn_folder, opened_with, press, said


def noted(recipe: Recipe = Recipe()) -> Run:  # noqa: B008 - frozen
    """A run that works, or so its log says."""
    run = note_run(stores.dataset_book().find(SAMPLE), recipe)
    begin(run.id)
    return find_run(run.id)


def test_each_of_two_runs_that_go_on_can_be_watched(open_page: Open) -> None:
    open_page("dashboard.py")
    first, second = noted(), noted()
    app = open_page("pages/train.py")
    assert f"Run {second.id}" in [header.value for header in app.subheader]
    assert f"Run {first.id} goes on, too" in said(app)
    press(app, f"Watch run {first.id}")
    assert f"Run {first.id}" in [header.value for header in app.subheader]
    assert f"Run {second.id} goes on, too" in said(app)


def test_a_process_stands_by_where_somebody_may_press_start_and_nothing_works(
    open_page: Open, stood_by: list[str]
) -> None:
    open_page("pages/models.py")
    assert stood_by == []
    open_page("pages/train.py")
    assert stood_by == [KIND]
    noted()
    open_page("pages/train.py")
    assert stood_by == [KIND]


def test_no_process_stands_by_where_nothing_can_be_started(
    open_page: Open, stood_by: list[str], tmp_path: Path
) -> None:
    folder = drawn_folder(tmp_path / "photos")
    for photo in sorted((folder / "def_front").glob("*"))[1:]:
        photo.unlink()
    opened_with(open_page, "pages/train.py", "One class", folder)
    assert stood_by == []


def test_a_start_while_another_run_works_waits_in_line_and_both_are_shown(open_page: Open) -> None:
    app = open_page("pages/train.py")
    other = noted()  # asked for elsewhere, after this tab was drawn
    press(app, "Start training")
    assert not app.exception
    run = all_runs()[0]
    assert run.in_line
    assert f"One works at a time: Run {other.id} is at work, and 0 other jobs wait before this one" in said(app)
    assert f"Run {other.id} goes on, too" in said(app)
    assert "this one waits in line" in said(app)
    assert list(app.dataframe[0].value["state"]) == ["waiting, 1 in line", "working"]
    press(app, "Take it out of the line")
    assert find_run(run.id).state is State.STOPPED
    assert "taken out of the line before its turn" in said(app)
    assert f"Run {run.id}" in [header.value for header in app.subheader]


def test_a_run_that_waits_while_nothing_works_is_started_by_the_page_that_notices(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(process, "start", lambda job, **_: started.append(job.id))
    open_page("dashboard.py")
    waits = note_run(stores.dataset_book().find(SAMPLE), Recipe())
    open_page("pages/train.py")
    open_page("pages/train.py")
    assert started == [waits.id]


def test_a_run_that_was_lost_can_be_resumed(open_page: Open) -> None:
    open_page("dashboard.py")
    lost, works = note_run(stores.dataset_book().find(SAMPLE), Recipe()), noted()
    begin_and_die(lost.id)
    app = open_page("pages/train.py")
    app.session_state["casting"].run = lost.id
    app.run()
    assert "its process was killed, or the machine slept" in said(app)
    assert "No finished epoch is kept. Resumed, the run begins anew" in said(app)
    press(app, "Resume")
    assert find_run(lost.id).in_line
    assert f"Run {works.id} is at work" in said(app)


def test_a_run_that_was_stopped_says_how_much_of_it_is_kept(open_page: Open) -> None:
    open_page("dashboard.py")
    run = noted()
    end(run.id, State.STOPPED, message="stopped, and nothing was to be kept")
    figures = {"loss": 0.5, "accuracy": 0.5, "validation_loss": 0.5, "validation_accuracy": 0.5}
    done = tuple(EpochDone(epoch=number, **figures, seconds=1.0, photos_per_second=9.0) for number in (1, 2))
    checkpoint.write(checkpoint.Checkpoint(epochs=done, weights=[], best=[], optimizer=[]), run_folder(run.id), data="")
    app = open_page("pages/train.py")
    kept = f"2 epochs of {Recipe().epochs} are kept."
    assert f"{kept} Resumed, the run goes on behind, and ends as if it had never stopped." in said(app)


def test_a_run_whose_photos_have_gone_is_not_resumed(open_page: Open) -> None:
    open_page("dashboard.py")
    run = noted()
    end(run.id, State.STOPPED, message="stopped by Ctrl+C")
    app = open_page("pages/train.py")
    settings().sample_dir.rename(settings().sample_dir.with_name("moved"))
    press(app, "Resume")
    assert "its photos have gone, there is no folder" in said(app)
    assert find_run(run.id).state is State.STOPPED


def test_a_run_that_was_stopped_in_its_first_epoch_draws_no_empty_charts(open_page: Open) -> None:
    open_page("dashboard.py")
    run = noted()
    control.log().beat(
        run.id,
        [
            encode(Prepared(epochs=3, batches=7, train_photos=40, validation_photos=4, parameters=9)),
            encode(BatchDone(epoch=1, batch=1, loss=0.7, accuracy=0.5)),
        ],
    )
    end(run.id, State.STOPPED, message="stopped by Ctrl+C")
    app = open_page("pages/train.py")
    assert "Ended early: stopped by Ctrl\\+C" in said(app)
    assert "no curves" in said(app)
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("begun", [False, True])
def test_what_is_learned_before_the_first_epoch_is_seen_on_a_curve(open_page: Open, *, begun: bool) -> None:
    open_page("dashboard.py")
    run = noted()
    told = [encode(Prepared(epochs=3, batches=7, train_photos=40, validation_photos=4, parameters=9))]
    told += [encode(PaintedDone(step=step, steps=200, loss=1 / step)) for step in (4, 8, 20)]
    told += [encode(BatchDone(epoch=1, batch=1, loss=0.7, accuracy=0.5))] * begun
    control.log().beat(run.id, told)
    app = open_page("pages/train.py")
    (bar,), (expander,) = app.get("progress"), (one for one in app.expander if "Before the first" in one.label)
    assert bar.proto.text.endswith("step 20 of 200") is not begun
    assert expander.proto.expanded is not begun
    assert len(app.get("plotly_chart")) == 1 + begun


@pytest.mark.usefixtures("version")
def test_a_run_that_is_done_tells_its_escapes_and_its_false_alarms(open_page: Open) -> None:
    open_page("dashboard.py")
    card = stores.registry().card("v1")
    end(noted().id, State.FINISHED, result={"model": card.name})
    figures = {metric.label: metric.value for metric in open_page("pages/train.py").metric}
    score = proving(card)
    assert score is not None
    assert score.outcomes is not None
    bad, good = score.outcomes.defective, score.outcomes.ok
    assert figures["Defective castings escaped"] == f"{bad.wrong} of {bad.n}"
    assert figures["Ok castings rejected"] == f"{good.wrong} of {good.n}"


def test_the_log_of_a_run_that_failed_is_named_where_there_is_one(open_page: Open) -> None:
    open_page("dashboard.py")
    run = noted()
    end(run.id, State.FAILED, message="no reason")
    assert "Its log" not in said(open_page("pages/train.py"))  # one of the command line has none
    log_file(run.id).parent.mkdir(parents=True, exist_ok=True)
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


def test_sound_castings_alone_are_offered_a_training_of_their_own(open_page: Open, tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path / "photos")
    for number in range(1, 6):
        (folder / "def_front" / f"{number}.png").unlink()
    rng = np.random.default_rng(0)
    for number in range(12):
        grey = rng.integers(0, 255, (64, 64), dtype=np.uint8)
        Image.fromarray(grey).save(folder / "ok_front" / f"more-{number}.png")
    app = opened_with(open_page, "pages/train.py", "Sound only", folder)
    assert "To learn from ok photos alone, press “Sound castings only” above" in said(app)
    press(app, "Sound castings only")
    assert "both classes" not in said(app)
    assert not next(button for button in app.button if button.label == "Start training").disabled
    press(app, "Start training")
    assert not app.error
    (run,) = all_runs()
    assert (run.recipe["sound_only"], run.recipe["compare"]) == (True, False)
    control.stop(run.id)


def test_a_dataset_without_photos_to_learn_from_is_a_sentence(open_page: Open, tmp_path: Path) -> None:
    drawn_folder(tmp_path / "photos" / "test")
    app = opened_with(open_page, "pages/train.py", "Test only", tmp_path / "photos")
    assert not app.exception
    assert app.error
