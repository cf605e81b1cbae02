"""A run on the Train page: its figures, what its curves say, runs laid over it, and what came of it."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.jobs import control, process
from casting_core.learning.recipes import diagnosis
from casting_core.learning.recipes.choices import RECOMMENDED, NetworkName, Validation
from casting_core.learning.recipes.events import BatchDone, EpochDone, Event, Layer, Prepared, encode
from casting_core.learning.recipes.presets import quick, recommended
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Kind
from casting_core.records.jobs import State
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.judging.scores import NEW
from casting_core.workflows.review.correct import decide
from casting_core.workflows.training.runs import Run, all_runs, find_run, note_run
from pages.parts.charts import training_charts
from pages.parts.train import fit_view, run_curves
from tests.at_work import begin
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said


def going_on(recipe: Recipe | None = None, *, epochs: int = 8, batches: int = 4) -> Run:
    """A run that has told so many epochs of memorising: from the fourth on the validation loss rises."""
    recipe = recipe or Recipe(epochs=20)
    run = note_run(stores.dataset_book().find(SAMPLE), recipe)
    begin(run.id)
    control.log().beat(run.id, [encode(event) for event in told(recipe, epochs=epochs, batches=batches)])
    return find_run(run.id)


def told(recipe: Recipe, *, epochs: int, batches: int) -> Iterator[Event]:
    sizes = {"epochs": recipe.epochs, "batches": batches, "train_photos": 60, "validation_photos": 44}
    yield Prepared(**sizes, parameters=9, validation_castings=40)
    yield Layer(name="score (Dense)", shape="1", parameters=129)
    for epoch in range(1, epochs + 1):
        for batch in range(1, batches + 1):
            loss = 0.7 / epoch + 0.1 * math.sin(batch)
            yield BatchDone(epoch=epoch, batch=batch, loss=loss, accuracy=0.9, seconds=0.1 * batch)
        yield EpochDone(
            epoch=epoch,
            loss=0.7 / epoch,
            accuracy=0.9,
            validation_loss=0.6 - 0.1 * epoch if epoch < 4 else 0.1 * epoch,
            validation_accuracy=0.75,
            seconds=10.0,
            photos_per_second=640.0,
            missed=7.0,
            false_alarms=4.0,
            f1_ok=0.71,
            f1_defective=0.78,
            learning_rate=0.001,
        )


def board(app: AppTest) -> dict[str, Any]:
    """The one chart of the page, as the browser gets it."""
    (chart,) = app.get("plotly_chart")
    spec: dict[str, Any] = json.loads(chart.proto.spec)
    return spec


def field(app: AppTest, label: str) -> Any:
    """What the field with this label holds."""
    fields = [*app.number_input, *app.selectbox, *app.checkbox]
    return next(one.value for one in fields if one.label == label)


def test_a_run_that_goes_on_shows_its_latest_figures_and_the_time_left(open_page: Open) -> None:
    open_page("dashboard.py")
    going_on()
    app = open_page("pages/train.py")
    assert not app.exception
    figures = {metric.label: metric.value for metric in app.metric}
    assert (figures["Missed photos"], figures["False alarms, photos"]) == ("7", "4")
    assert figures["Validation right"] == "75.0 %"
    assert figures["F1 ok · defective"] == "0.710 · 0.780"
    assert (figures["Learning rate"], figures["Photos/s"]) == ("0.001", "640")
    (bar,) = app.get("progress")
    assert bar.proto.text == "epoch 8 of 20, batch 4 of 4 · about 2 minutes of learning left"
    assert any("1 layer, 129 weights" in expander.label for expander in app.expander)


def test_the_table_of_runs_and_the_form_hear_that_a_run_has_begun(open_page: Open) -> None:
    """The picture of a run is drawn anew by itself, and the rest of the page is not."""
    open_page("dashboard.py")
    run = going_on()

    def page(number: int) -> None:
        from dataclasses import replace

        import streamlit as st

        from casting_core.records.jobs import State
        from casting_core.workflows.training.runs import find_run
        from pages.parts.train import run_view

        now = find_run(number)
        st.session_state["drawn"] = drawn = st.session_state.get("drawn", 0) + 1
        run_view.show(replace(now, state=State.WAITING) if drawn == 1 else now)

    app = AppTest.from_function(page, args=(run.id,)).run()
    assert app.session_state["drawn"] == 2


def test_no_time_is_told_of_a_run_where_nobody_can_know_it() -> None:
    """In its first epochs, where it may end early, and in an epoch that takes much longer than those before it."""
    recipe = Recipe(epochs=20)
    events = [event for event in told(recipe, epochs=8, batches=4) if not isinstance(event, Layer)]
    assert "of learning left" in bar_of(events)
    assert "left" not in bar_of(events[:21])
    assert "left" not in bar_of(events, may_end_early=True)
    slow = BatchDone(epoch=9, batch=1, loss=0.5, accuracy=0.9, seconds=12.0)  # an epoch took ten
    assert "left" not in bar_of([*events, slow])
    uneven = [
        replace(event, seconds=90.0) if isinstance(event, EpochDone) and event.epoch > 6 else event for event in events
    ]
    assert "left" not in bar_of(uneven)


def bar_of(events: Sequence[Event], *, may_end_early: bool = False) -> str:
    """What the bar of a run says that has told these events."""

    def page(events, early):  # type: ignore[no-untyped-def]
        from pages.parts.train import run_live

        run_live.progress(events, may_end_early=early)

    (bar,) = AppTest.from_function(page, args=(list(events), may_end_early)).run().get("progress")
    return str(bar.proto.text)


def test_figures_of_an_epoch_have_their_places_before_it_has_ended() -> None:
    def page(events):  # type: ignore[no-untyped-def]
        from pages.parts.train import run_live

        run_live.figures(events)

    batch = BatchDone(epoch=1, batch=1, loss=0.5, accuracy=0.8, seconds=1.0)
    app = AppTest.from_function(page, args=([batch],)).run()
    values = {metric.label: metric.value for metric in app.metric}
    assert values.pop("Loss") == "0.500"
    assert len(values) == 7
    assert set(values.values()) == {"–"}


def test_what_the_curves_say_fills_in_the_form_for_the_next_run(open_page: Open) -> None:
    open_page("dashboard.py")
    going_on(Recipe(epochs=20, batch_size=24, seed=5))
    app = open_page("pages/train.py")
    assert "Memorising since epoch 4" in said(app)
    assert field(app, "Seed") == 0
    press(app, "Put this in the form")
    assert not app.exception
    assert field(app, "Augmentation")
    assert (field(app, "Epochs"), field(app, "Batch size"), field(app, "Seed")) == (20, 24, 5)


def test_a_remedy_with_another_network_takes_what_is_recommended_for_it(open_page: Open) -> None:
    open_page("dashboard.py")
    going_on(Recipe(epochs=20, augmentation=True))
    app = press(open_page("pages/train.py"), "Put this in the form")
    wanted = recommended(NetworkName.EVIDENCE)
    assert str(field(app, "Network")).startswith("Evidence")
    assert field(app, "Batch size") == wanted.batch_size
    assert field(app, "Learning rate") == wanted.learning_rate


def test_presets_fill_in_the_whole_form_over_whatever_was_in_it(open_page: Open) -> None:
    app = open_page("pages/train.py")
    press(app, "Recommended")
    assert str(field(app, "Network")).startswith("Evidence")
    assert (field(app, "Batch size"), field(app, "Learning rate goes on")) == (24, "level")
    assert field(app, "Validation photos drawn") is Validation.CASTING
    next(one for one in app.number_input if one.label == "Epochs").set_value(3)
    press(app, "The guide")
    assert str(field(app, "Network")).startswith("Classic")
    assert (field(app, "Epochs"), field(app, "Batch size"), field(app, "Validation, %")) == (15, 64, 30)
    assert field(app, "Validation photos drawn") is Validation.RANDOM
    assert (field(app, "End early after"), field(app, "Augmentation")) == (0, False)
    next(one for one in app.number_input if one.label == "Epochs").set_value(3)
    press(app, "The guide")
    assert field(app, "Epochs") == 15
    press(app, "Quick")
    assert str(field(app, "Network")).startswith("Backbone")
    assert field(app, "Validation photos drawn") is Validation.RANDOM, "it does not wait for castings to be found"


def test_the_form_shows_the_photos_as_training_varies_them(open_page: Open) -> None:
    app = open_page("pages/train.py")
    app.session_state["align open"] = True
    press(app, "Recommended")
    assert not app.exception
    assert "as training varies it from epoch to epoch" in said(app)
    assert len(app.get("image")) == 3 + 1 + 4  # three photos, a view, and four it might become
    press(app, "The guide")
    assert "Augmentation is off" in said(app)
    assert len(app.get("image")) == 3 + 1


def test_an_earlier_run_is_laid_over_every_row_of_curves_and_stays_when_the_page_is_left(open_page: Open) -> None:
    open_page("dashboard.py")
    earlier, run = going_on(epochs=5), going_on()
    app = open_page("pages/train.py")
    assert f"Run {run.id}" in [header.value for header in app.subheader]
    alone = [line["name"] for line in board(app)["data"] if "name" in line]
    choice = next(one for one in app.multiselect if one.label == "Lay earlier runs over it")
    choice.set_value([earlier.id])
    app.run()
    over = [line for line in board(app)["data"] if line.get("name") == f"run {earlier.id}"]
    assert len(over) == 5
    assert len(board(app)["data"]) == len(alone) + 4 + 5  # four lines within epochs have no name
    app.switch_page("pages/models.py").run()
    app.switch_page("pages/train.py").run()
    assert len([line for line in board(app)["data"] if line.get("name") == f"run {earlier.id}"]) == 5


def test_smoothing_is_kept_when_the_page_is_left(open_page: Open) -> None:
    open_page("dashboard.py")
    going_on()
    app = open_page("pages/train.py")
    app.slider[0].set_value(0.9)
    app.run()
    app.switch_page("pages/models.py").run()
    app.switch_page("pages/train.py").run()
    assert app.slider[0].value == 0.9


def test_a_run_with_events_of_an_older_program_is_shown(open_page: Open) -> None:
    open_page("dashboard.py")
    run, log = note_run(stores.dataset_book().find(SAMPLE), Recipe(epochs=4)), control.log()
    figures = {"loss": 0.5, "accuracy": 0.8}
    prepared = {"epochs": 4, "batches": 2, "train_photos": 40, "validation_photos": 4, "parameters": 9}
    epoch = figures | {"validation_loss": 0.6, "validation_accuracy": 0.7, "seconds": 1.0, "photos_per_second": 9.0}
    batch = figures | {"epoch": 1, "batch": 1}
    log.beat(run.id, [("prepared", prepared), ("batch", batch), ("epoch", epoch | {"epoch": 1})])
    app = open_page("pages/train.py")
    assert not app.exception
    assert "Too early to tell" in said(app)
    log.end(run.id, State.FAILED, message="enough")
    assert not open_page("pages/train.py").exception


@pytest.mark.usefixtures("version", "known")
def test_what_came_of_a_run_says_what_it_proves_and_leads_to_its_mistakes(open_page: Open) -> None:
    open_page("dashboard.py")
    card = stores.registry().card("v1")
    control.log().end(note_run_of_sample().id, State.FINISHED, result={"model": card.name})
    app = open_page("pages/train.py")
    assert not app.exception
    table = next(table.value for table in app.dataframe if "castings escaped" in table.value)
    assert list(table["counted on"]) == ["test, as the folders say", "validation"]
    assert list(table["which castings"]) == [NEW, "castings that chose the epoch"]
    assert [bound.startswith("at most") for bound in table["escapes, proven"]] == [True, False]
    assert "Beside starter, which is in production" in [expander.label for expander in app.expander]
    figures = card.metrics["test"]
    wrong = "See the" if figures.missed or figures.false_alarms else "Review its mistakes"
    assert any(button.label.startswith(wrong) for button in app.button)


def note_run_of_sample() -> Run:
    return note_run(stores.dataset_book().find(SAMPLE), Recipe())


@pytest.mark.usefixtures("version")
def test_after_labels_were_corrected_one_click_trains_again_and_lays_the_old_run_over(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = []
    monkeypatch.setattr(
        process, "start", lambda job, **_: launched.append(job.id)
    )  # the process itself is tested elsewhere
    open_page("dashboard.py")
    card = stores.registry().card("v1")
    run = note_run(stores.dataset_book().find(SAMPLE), Recipe(epochs=7, seed=3))
    control.log().end(run.id, State.FINISHED, result={"model": card.name})
    assert not [button for button in open_page("pages/train.py").button if button.label.startswith("Train again")]
    dataset = open_dataset(Path(str(card.data.folder)))
    photos = dataset.usable["photo"].iloc[:2].tolist()
    decide(dataset, Kind.LABEL, photos, value="defective", who="Ana")
    app = press(open_page("pages/train.py"), "Train again with 2 corrected labels")
    assert not app.exception
    again = all_runs()[0]
    assert (launched, again.recipe) == ([again.id], run.recipe)
    assert f"Run {again.id}" in [header.value for header in app.subheader]


def test_the_picture_of_60_epochs_of_100_batches_stays_small() -> None:
    recipe = Recipe(epochs=60)
    run = note_run_with(recipe)
    events = list(told(recipe, epochs=60, batches=100))
    epochs, batches = run_curves.of_epochs(events), run_curves.of_batches(events, smoothing=0.6)
    assert len(training_charts.board(epochs, batches, {"run 1": epochs}).to_json()) < 100_000
    assert len(batches) * 4 <= 1000  # points of the lines within epochs
    curves = fit_view.curves_of(run, events)
    assert curves is not None
    assert diagnosis.read(curves).sentence


def note_run_with(recipe: Recipe) -> Run:
    return note_run(NamedDataset(name="x", folder="x", rule={"ok": [], "defective": []}), recipe)


@pytest.mark.usefixtures("version")
def test_a_quick_model_is_made_better_by_the_recommended_training_at_one_click(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = []
    monkeypatch.setattr(process, "start", lambda job, **_: launched.append(job.id))  # it is tested elsewhere
    open_page("dashboard.py")
    card = stores.registry().card("v1")
    made = card.model_copy(update={"network": "backbone", "recipe": quick().model_dump(mode="json")})
    monkeypatch.setattr(type(stores.registry()), "card", lambda *_: made)
    run = note_run(stores.dataset_book().find(SAMPLE), quick())
    control.log().end(run.id, State.FINISHED, result={"model": card.name})
    app = press(open_page("pages/train.py"), "Make it better")
    assert not app.exception
    better, wanted = all_runs()[0], recommended(RECOMMENDED).model_copy(update={"split": card.data.split})
    assert (launched, better.recipe) == ([better.id], wanted.model_dump(mode="json"))
    assert f"Run {better.id}" in [header.value for header in app.subheader]


@pytest.mark.usefixtures("version")
def test_a_model_that_has_learned_nothing_is_called_that_first(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page("dashboard.py")
    card = stores.registry().card("v1")
    figures = card.validation.model_copy(update={"auc": 0.47, "confusion": ((9, 11), (10, 10))})
    worthless = card.model_copy(update={"metrics": {**card.metrics, "validation": figures}})
    monkeypatch.setattr(type(stores.registry()), "card", lambda *_: worthless)
    run = note_run(stores.dataset_book().find(SAMPLE), Recipe())
    control.log().end(run.id, State.FINISHED, result={"model": card.name})
    app = open_page("pages/train.py")
    assert app.error[0].value.startswith("V1 has learned nothing")
