"""A new setting is one line in a recipe: the form, the command line, the search and the words are made from it."""

from typing import Annotated, Any

import click
from click.testing import CliRunner
from pydantic import Field
from streamlit.testing.v1 import AppTest

from casting_core.commands.recipe_options import recipe_options
from casting_core.learning.recipes.recipe import SETTINGS, Recipe, word_of
from casting_core.learning.recipes.search_space import RANGES, Between, ranges_of
from casting_core.learning.recipes.setting import About, settings_of
from casting_core.workflows.training.runs import all_runs
from tests.pages.conftest import Open
from tests.pages.test_pages import press
from tests.pages.test_run_view import field
from tests.pages.test_train_page import noted


class Longer(Recipe):
    """A recipe with one setting more, in one line."""

    momentum: Annotated[float, Field(ge=0, lt=1), About("Momentum", "How long it goes on.", search=(0.5, 0.9))] = 0.8


def form() -> None:
    """A page that is nothing but the fields, as Train draws them."""
    import streamlit as st

    from pages.parts.shell import setting_fields
    from tests.pages.test_settings_said_once import Longer

    with st.form("recipe"):
        st.session_state["chosen"] = setting_fields.show(Longer(), without=("network", "split"))
        st.form_submit_button("Start training")


def labels(app: AppTest) -> set[str]:
    return {one.label for one in [*app.number_input, *app.selectbox, *app.checkbox, *app.text_input]}


def test_a_new_setting_is_in_the_form() -> None:
    app = AppTest.from_function(form).run()
    assert not app.exception
    (momentum,) = [one for one in app.number_input if one.label == "Momentum"]
    assert (momentum.value, momentum.min, momentum.max) == (0.8, 0, 0.999999)
    assert momentum.help == "How long it goes on."
    momentum.set_value(0.5)
    press(app, "Start training")
    assert app.session_state["chosen"]["momentum"] == 0.5
    assert Longer.model_validate(app.session_state["chosen"]) == Longer(momentum=0.5)


def test_a_new_setting_is_an_option_of_the_commands() -> None:
    asked: dict[str, Any] = {}

    @click.command()
    @recipe_options(recipe=Longer, without=("split",))
    def learn(**options: Any) -> None:
        asked.update(options)

    told = " ".join(CliRunner().invoke(learn, ["--help"]).stdout.split())
    assert "--momentum FLOAT How long it goes on. 0 and below 1. [default: 0.8]" in told
    assert CliRunner().invoke(learn, ["--momentum", "0.5", "--no-augmentation"]).exit_code == 0
    assert asked["momentum"] == 0.5
    assert asked["augmentation"] is False
    assert set(asked) == set(Longer.model_fields) - {"split"}
    assert asked["epochs"] is None


def test_a_new_setting_may_be_searched() -> None:
    assert ranges_of(Longer) == RANGES | {"momentum": Between(low=0.5, high=0.9)}
    assert settings_of(Longer)["momentum"].word == "momentum"


def test_the_form_of_train_offers_every_setting(open_page: Open) -> None:
    app = open_page("pages/train.py")
    assert labels(app) >= {setting.label for name, setting in SETTINGS.items() if name != "split"}
    assert any(one.label == "More settings" and not one.proto.expanded for one in app.expander)


def test_tune_offers_everything_that_may_be_searched_in_the_same_words(open_page: Open) -> None:
    app = open_page("pages/tune.py")
    varies = next(one for one in app.multiselect if one.label == "May vary")
    assert varies.options == [word_of(name) for name in RANGES]
    assert str(field(app, "Network")).startswith("Evidence")
    varies.set_value(["schedule", "label_smoothing"])
    app.run()
    assert not app.exception
    ways = next(one for one in app.multiselect if one.label == "learning rate goes on: values")
    assert ways.options == ["constant", "falling to nothing", "falling to a level"]
    ends = [next(one for one in app.number_input if one.label == f"label smoothing {end}") for end in ("from", "to")]
    assert [(one.min, one.max, one.value) for one in ends] == [(0, 0.5, 0), (0, 0.5, 0.2)]


def test_a_setting_for_experts_reaches_the_run_and_a_share_is_asked_for_in_percent(open_page: Open) -> None:
    app = open_page("pages/train.py")
    noted()  # is at work, so that the new one only waits
    next(one for one in app.selectbox if one.label == "Optimizer").select("Adam")
    next(one for one in app.number_input if one.label == "Validation, %").set_value(29)
    press(app, "Start training")
    assert not app.exception
    recipe = Recipe.model_validate(all_runs()[0].recipe)
    assert (recipe.optimizer, recipe.validation_share) == ("adam", 0.29)


def test_the_form_takes_a_recipe_that_the_command_line_allows(open_page: Open) -> None:
    app = open_page("pages/train.py")
    kept = app.session_state["casting"]
    kept.fill(Recipe(learning_rate=1e-8, validation_share=0.9).model_dump())
    app.run()
    assert not app.exception
    assert (field(app, "Learning rate"), field(app, "Validation, %")) == (1e-8, 90)


def test_the_card_of_a_version_tells_its_recipe_in_words(open_page: Open) -> None:
    app = open_page("pages/models.py")
    card = app.dataframe[-1].value.set_index("setting")["value"]
    assert card["Learning rate goes on"] == "falling to nothing"
    assert card["Validation"] == "20 %"
