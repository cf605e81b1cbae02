"""The Tune page: a search is asked for and refused in sentences, watched, understood, and its best goes to Train."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.judging.objectives import Objective
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.search_space import RANGES, SearchSpace
from casting_core.workflows import stores
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.search import search, spread, trial_store, trials
from casting_core.workflows.search.studies import End, Plan, Study, Worker, at_work, note_down, note_worker, studies
from casting_core.workflows.search.trial_store import Phase, search_of
from tests.pages.conftest import Open
from tests.pages.test_pages import drawn_folder, opened_with, press, said, unescaped

PAGE = "pages/tune.py"
SPACE = SearchSpace(ranges={name: RANGES[name] for name in ("learning_rate", "batch_size", "augmentation")})
RISING = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]


def noted(name: str = "Wider", *, number: int = 6, objective: Objective = Objective.F1, seeds: int = 3) -> Study:
    """A study of the drawn sample that waits for its workers."""
    sample = stores.dataset_book().find(SAMPLE)
    recipe = Recipe(epochs=7, seed=5)
    plan = Plan(name=name, dataset=sample, recipe=recipe, space=SPACE, trials=number, objective=objective, seeds=seeds)
    study = note_down(plan)
    trial_store.make_room(study)
    return study


def arrive(study: Study, living: ExitStack) -> tuple[int, str]:
    """A worker at work in this very process, until ``living`` is closed."""
    worker = Worker(number=1, mark="here", asked=time.time(), up=True, doing="Trial 2, epoch 1 of 7")
    note_worker(study, worker)
    living.enter_context(at_work(study, 1, patience=1))
    return worker.number, worker.mark


def done(study: Study, values: list[float], *, seeds: dict[int, float] | None = None) -> None:
    """Does trials with these values; ``seeds`` are those with other seeds, by the number of the trial."""
    with ExitStack() as living:
        by = arrive(study, living)
        for value in values:
            trial = trials.take(study, search_of(study), by=by)
            assert trial is not None
            search_of(study).tell(trial, value)
        if seeds is None:
            return
        spread.enrol(study)
        again = search_of(study, Phase.SEEDS)
        while (trial := trials.take(study, again, by=by, phase=Phase.SEEDS)) is not None:
            of = again.trials[trial.number].user_attrs[trials.OF]
            again.tell(trial, seeds[of] + trial.params["seed"] / 1000)


def field(app: AppTest, label: str) -> object:
    return next(one for one in [*app.number_input, *app.text_input] if one.label == label).value


def fill(app: AppTest, label: str, value: object) -> None:
    next(one for one in [*app.number_input, *app.text_input] if one.label == label).set_value(value)


def test_without_a_search_the_page_says_what_to_do(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "No search yet" in said(app)
    assert "Say with the form what may vary" in said(app)
    assert "is not known yet. The first worker finds out" in said(app)


def test_a_range_upside_down_is_refused_with_a_sentence(open_page: Open) -> None:
    app = open_page(PAGE)
    fill(app, "batch size from", 64)
    fill(app, "batch size to", 8)
    press(app, "Start the search")
    assert "A range from 64 to 8 is upside down or empty" in unescaped(app)
    assert studies() == []


def test_a_search_in_which_nothing_varies_is_refused_with_a_sentence(open_page: Open) -> None:
    app = open_page(PAGE)
    next(one for one in app.multiselect if one.label == "May vary").set_value([])
    press(app, "Start the search")
    assert "Nothing may vary, so there is nothing to search" in said(app)


def test_a_name_that_is_taken_is_refused_with_a_sentence(open_page: Open) -> None:
    open_page(PAGE)
    noted("Wider")
    app = open_page(PAGE)
    fill(app, "Name", "Wider")
    press(app, "Start the search")
    assert "There is a study 'Wider' of 'Drawn sample' already" in unescaped(app)
    assert len(studies()) == 1


def test_one_class_only_cannot_be_searched(open_page: Open, tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path / "photos")
    for number in range(1, 6):
        (folder / "ok_front" / f"{number}.png").unlink()
    app = opened_with(open_page, PAGE, "One class", folder)
    assert "A search needs 4 photos of each class" in said(app)
    assert next(button for button in app.button if button.label == "Start the search").disabled


def test_a_search_that_goes_on_can_be_watched_and_stopped(open_page: Open) -> None:
    open_page(PAGE)
    study = noted()
    done(study, [0.4])
    with ExitStack() as living:
        arrive(study, living)
        app = open_page(PAGE)
        assert "working" in said(app)
        assert "Worker 1: Trial 2, epoch 1 of 7" in unescaped(app)
        press(app, "Stop the search")
        assert "The workers end within a few seconds" in said(app)
    assert search.standing(study).state is search.State.STOPPED
    app = open_page(PAGE)
    assert "stopped" in said(app)
    assert "Go on with the search" in [button.label for button in app.button]


def test_a_search_whose_workers_were_killed_offers_to_go_on(open_page: Open) -> None:
    open_page(PAGE)
    done(noted(), [0.4, 0.5])
    app = open_page(PAGE)
    assert "Its workers have gone" in said(app)
    assert "Go on with the search" in [button.label for button in app.button]


def test_why_a_search_failed_is_said(open_page: Open) -> None:
    open_page(PAGE)
    study = noted()
    gone = Worker(number=1, mark="gone", asked=0, up=True, end=End.FAILED, message="there is no folder '/gone'")
    note_worker(study, gone)
    assert "The search failed: there is no folder '/gone'." in unescaped(open_page(PAGE))


def test_the_best_settings_go_to_train_with_one_click(open_page: Open) -> None:
    open_page(PAGE)
    study = noted()
    done(study, RISING, seeds={6: 0.6, 5: 0.9, 4: 0.5})
    app = open_page(PAGE)
    best = spread.best_recipe(study, 5)
    assert {metric.label: metric.value for metric in app.metric}["batch size"] == str(best.batch_size)
    press(app, "Use these settings on Train")
    assert "Train" in [title.value for title in app.title]
    shown = {label: field(app, label) for label in ("Epochs", "Learning rate", "Batch size", "Seed")}
    assert shown == {
        "Epochs": 7, "Learning rate": best.learning_rate, "Batch size": best.batch_size, "Seed": 5
    }  # fmt: skip
    assert next(box for box in app.checkbox if box.label == "Augmentation").value is best.augmentation


def test_a_best_that_wins_with_every_seed_is_told_from_one_that_is_luck(open_page: Open) -> None:
    open_page(PAGE)
    done(noted("Clear"), RISING, seeds={6: 0.9, 5: 0.6, 4: 0.5})
    assert "trial 6 are really better than those of trial 5:** by 0.3" in unescaped(open_page(PAGE))
    done(noted("Even"), RISING, seeds={6: 0.9, 5: 0.9, 4: 0.5})
    assert "No difference:" in said(open_page(PAGE))


def test_without_other_seeds_the_page_says_that_it_may_be_luck(open_page: Open) -> None:
    open_page(PAGE)
    done(noted(seeds=0), RISING)
    assert "nobody knows how much of this is luck" in said(open_page(PAGE))


@pytest.mark.parametrize("view", ["What matters", "Side by side", "Two settings"])
def test_what_the_trials_say_of_the_settings_is_drawn(open_page: Open, view: str) -> None:
    open_page(PAGE)
    done(noted(objective=Objective.ESCAPES), RISING)
    app = open_page(PAGE)
    before = len(app.get("plotly_chart"))
    next(group for group in app.button_group if group.label == "Look at").set_value(view)
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == before
    assert {"What matters": "fANOVA", "Side by side": "Each line is a trial", "Two settings": "Points are trials"}[
        view
    ] in said(app)


def test_trials_that_all_came_to_the_same_say_nothing_of_the_settings(open_page: Open) -> None:
    open_page(PAGE)
    done(noted(), [0.5] * 6)
    assert "nothing tells their settings apart" in said(open_page(PAGE))


def test_a_damaged_journal_is_a_sentence_and_the_study_can_be_removed(open_page: Open) -> None:
    open_page(PAGE)
    study = noted()
    (study.folder / "trials.journal").write_text("nonsense\nand more\n")
    trial_store._storage.cache_clear()
    app = open_page(PAGE)
    assert "The trials of study 'Wider' cannot be read" in unescaped(app)
    press(app, "Yes, remove it")
    assert studies() == []
    assert "No search yet" in said(app)


def test_a_search_is_seen_though_the_dataset_in_use_cannot_be_read(open_page: Open, tmp_path: Path) -> None:
    open_page(PAGE)
    done(noted(), [0.4])
    app = opened_with(open_page, PAGE, "Gone", tmp_path / "nowhere")
    assert "Best settings" in said(app)
    assert "There is no folder" in said(app)


def test_a_name_is_shown_and_not_obeyed(open_page: Open) -> None:
    open_page(PAGE)
    noted("![x](http://example.org/a.png)")
    app = open_page(PAGE)
    assert not app.exception
    assert "![x](http" not in said(app)
