"""A cross-validation and a learning curve on the pages: asked for in the form, shown on Train and on Review."""

import pytest

from casting_core.jobs import control
from casting_core.learning.recipes.events import Further, encode
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.card import CROSS_VALIDATION, ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.wording import share
from casting_core.workflows import stores
from casting_core.workflows.training.learning_curve import CHOSE_EPOCH, words
from casting_core.workflows.training.runs import all_runs
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said, unescaped
from tests.pages.test_review_page import reviewed
from tests.pages.test_run_view import field, going_on


def test_what_a_run_has_proven_is_shown_on_train_and_on_review(
    proven: ModelCard, open_page: Open, sample_dataset: NamedDataset
) -> None:
    stores.dataset_book().put(sample_dataset)
    shows_on_train_how_far_the_folds_lie_apart_and_what_more_castings_are_worth(proven, open_page)
    shows_on_review_every_photo_judged_by_a_network_that_had_not_seen_its_casting(proven, open_page)


def shows_on_train_how_far_the_folds_lie_apart_and_what_more_castings_are_worth(
    proven: ModelCard, open_page: Open
) -> None:
    app = open_page("pages/train.py")
    assert not app.exception
    assert "2 networks, each judging castings of which it has seen no photo; photos right by fold" in said(app)
    assert proven.learning_curve is not None
    assert words(proven.learning_curve, chose=["the epoch"]) in unescaped(app)
    table = next(table.value for table in app.dataframe if "castings escaped" in table.value).set_index("counted on")
    assert list(table.index) == ["test, as the folders say", CROSS_VALIDATION, "validation"]
    assert table.loc["validation", "which castings"] == "castings that chose the epoch and the calibration"
    assert table.loc["validation", "escapes, proven"] == ""
    assert CHOSE_EPOCH in unescaped(app)
    told = table.loc[CROSS_VALIDATION, "photos right"]
    press(app, "Review its mistakes")
    assert not app.exception
    assert (app.session_state["casting"].split, app.session_state["casting"].model) == ("out of fold", proven.name)
    assert told == share(proven.metrics[CROSS_VALIDATION].accuracy)


def shows_on_review_every_photo_judged_by_a_network_that_had_not_seen_its_casting(
    proven: ModelCard, open_page: Open
) -> None:
    app = reviewed(open_page("pages/review.py"), model="v1", split="out of fold")
    figures = proven.metrics[CROSS_VALIDATION]
    tiles = {tile.label: tile.value for tile in app.metric}
    assert tiles["Photos"] == f"{figures.photos:,}"
    assert tiles["Missed photos"] == f"{figures.missed:,}"
    assert tiles["Falsely rejected photos"] == f"{figures.false_alarms:,}"
    assert "each judged by a network that has seen no photo of its casting" in said(app)
    assert "flatter" not in said(app)


def test_a_version_without_folds_offers_none(open_page: Open, version: str) -> None:
    app = open_page("pages/review.py")
    app.selectbox(key="reviewed model").set_value(version)
    app.run()
    assert "out of fold" not in app.selectbox(key="reviewed split").options


def test_the_form_asks_for_folds_and_refuses_one(open_page: Open) -> None:
    app = open_page("pages/train.py")
    assert field(app, "Cross-validation, folds") == 0
    assert field(app, "Is more data worth it?") is False
    next(one for one in app.number_input if one.label == "Cross-validation, folds").set_value(1)
    press(app, "Start training")
    assert "at least 2, so that something is left to learn from" in said(app)
    assert all_runs() == []


def test_the_bar_says_which_further_network_is_at_work(open_page: Open) -> None:
    open_page("dashboard.py")
    run = going_on(Recipe(epochs=8, folds=4))
    further = Further(task="cross-validation", number=2, of=4, epoch=4, epochs=8)
    control.log().beat(run.id, [encode(further)])
    (bar,) = open_page("pages/train.py").get("progress")
    assert bar.proto.text == "cross-validation: network 2 of 4, epoch 4 of 8"
    assert bar.proto.value == pytest.approx(37, abs=1)
