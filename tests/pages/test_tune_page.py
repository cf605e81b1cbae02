"""The Tune page: a search is asked for and refused in sentences, watched, understood, and its best goes to Train."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.commands.tuning import tune
from casting_core.jobs import control
from casting_core.judging.objectives import USUAL_OBJECTIVE, Objective
from casting_core.learning.recipes.choices import DESCRIPTIONS, RECOMMENDED, NetworkName
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.search_space import RANGES, SearchSpace
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, State
from casting_core.workflows import stores
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.search import search, spread, trial_store, trials
from casting_core.workflows.search.studies import KIND, Plan, Study, mark_of, note_down, studies
from casting_core.workflows.search.trial_store import Phase, search_of
from pages.parts.search import search_view
from pages.parts.search.search_form import OBJECTIVES
from tests.at_work import begin, begin_and_die, end
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


def test_page_and_command_search_for_the_fewest_missed_castings_unless_told_otherwise(open_page: Open) -> None:
    (option,) = (one for one in tune.params if one.name == "objective")
    (box,) = (one for one in open_page(PAGE).selectbox if one.label == "Objective")
    assert (option.default, box.value) == (USUAL_OBJECTIVE, OBJECTIVES[USUAL_OBJECTIVE])


def asked(study: Study) -> Job:
    """The first worker of a study, which nobody has started yet."""
    request = Request(kind=KIND, inputs={"study": study.id, "worker": 1}, subject=study.id, heavy=True)
    return control.queue().ask(request)[0]


def arrive(study: Study) -> Job:
    """The first worker of a study, at work in this very process."""
    worker = begin(asked(study).id)
    control.log().beat(worker.id, doing="Trial 2, epoch 1 of 7", share=0.2)
    return worker


def done(study: Study, values: list[float], *, seeds: dict[int, float] | None = None) -> None:
    """Does trials with these values; ``seeds`` are those with other seeds, by the number of the trial."""
    worker = arrive(study)
    by = (1, mark_of(worker.id, worker.attempt))
    for value in values:
        trial = trials.take(study, search_of(study), by=by)
        assert trial is not None
        search_of(study).tell(trial, value)
    if seeds is not None:
        spread.enrol(study)
        again = search_of(study, Phase.SEEDS)
        while (trial := trials.take(study, again, by=by, phase=Phase.SEEDS)) is not None:
            of = again.trials[trial.number].user_attrs[trials.OF]
            again.tell(trial, seeds[of] + trial.params["seed"] / 1000)
    end(worker.id, State.FINISHED, result={})


def field(app: AppTest, label: str) -> object:
    return next(one for one in [*app.number_input, *app.text_input] if one.label == label).value


def fill(app: AppTest, label: str, value: object) -> None:
    next(one for one in [*app.number_input, *app.text_input] if one.label == label).set_value(value)


def test_without_a_search_the_page_says_what_to_do(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "No search yet" in said(app)
    assert "Say with the form what may vary" in said(app)
    assert "is not known yet. The first worker finds out" in said(app)


def test_tune_begins_with_the_network_of_train_and_speaks_of_missed_castings(open_page: Open) -> None:
    app = open_page(PAGE)
    boxes = {box.label: box for box in app.selectbox}
    assert boxes["Network"].value == DESCRIPTIONS[RECOMMENDED].title
    assert boxes["Objective"].value == "Fewest missed castings"
    app.switch_page("pages/train.py").run()
    network = next(box for box in app.selectbox if box.label == "Network")
    network.set_value(DESCRIPTIONS[NetworkName.CLASSIC].title).run()
    app.switch_page(PAGE).run()
    assert next(box for box in app.selectbox if box.label == "Network").value == DESCRIPTIONS[NetworkName.CLASSIC].title
    done(noted(objective=Objective.ESCAPES), [0.25, 0.5])
    app = open_page(PAGE)
    assert {metric.label: metric.value for metric in app.metric}["missed castings"] == "25.0 %"
    assert "validation loss" not in said(app)


def test_how_long_trials_still_take_is_told_by_those_before_and_not_where_they_differ() -> None:
    even = [trial(number, "done", 60.0) for number in range(1, 9)]
    plan = Plan(
        name="Even", dataset=NamedDataset(name="x", folder="/x", rule={}), recipe=Recipe(), space=SPACE, trials=20
    )
    study = Study(id="x", plan=plan)
    assert search_view.seconds_left(study, even, 2) == pytest.approx(12 * 60 / 2)
    assert search_view.seconds_left(study, [*even, trial(9, "working", 30.0)], 2) == pytest.approx((12 * 60 - 30) / 2)
    assert search_view.seconds_left(study, even[:3], 2) is None
    slower = [trial(number, "done", 200.0) for number in range(9, 11)]
    assert search_view.seconds_left(study, [*even, *slower], 2) is None
    assert search_view.seconds_left(study, even, 0) is None


def trial(number: int, state: str, seconds: float) -> trials.Trial:
    return trials.Trial(number=number, state=state, value=0.5, settings={}, seconds=seconds, epochs=7, worker=1, why="")


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
    worker = arrive(study)
    app = open_page(PAGE)
    assert "working" in said(app)
    assert "Worker 1: Trial 2, epoch 1 of 7" in unescaped(app)
    press(app, "Stop the search")
    assert "The workers end within a few seconds" in said(app)
    end(worker.id, State.STOPPED, message="stopped")
    assert search.standing(study).state is State.STOPPED
    app = open_page(PAGE)
    assert "stopped" in said(app)
    assert "Go on with the search" in [button.label for button in app.button]


def test_a_search_whose_workers_were_killed_offers_to_go_on(open_page: Open) -> None:
    open_page(PAGE)
    study = noted()
    done(study, [0.4, 0.5])
    begin_and_die(asked(study).id)
    app = open_page(PAGE)
    assert "Its workers have gone" in said(app)
    assert "Go on with the search" in [button.label for button in app.button]


def test_why_a_search_failed_is_said(open_page: Open) -> None:
    open_page(PAGE)
    study = noted()
    end(arrive(study).id, State.FAILED, message="there is no folder '/gone'")
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
