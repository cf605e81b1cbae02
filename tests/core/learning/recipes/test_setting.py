"""Each setting is said once, on its field: its limits are those of the recipe, its words those of every surface."""

from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from casting_core.learning.recipes.choices import RECOMMENDED, NetworkName
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import SETTINGS, Recipe, in_words, value_word, word_of
from casting_core.learning.recipes.search_space import RANGES, Between
from casting_core.learning.recipes.setting import About, Audience, Setting, settings_of

OLD = {  # a recipe as the program wrote it before titles and ranges stood on its fields
    "network": "evidence", "epochs": 8, "batch_size": 24, "learning_rate": 0.002, "schedule": "level",
    "optimizer": "muon", "early_stopping": 0, "split": "honest/2", "validation": "casting", "validation_share": 0.3,
    "keep": "mean", "sampling": "casting", "align": "auto", "augmentation": True, "painted": 3000, "calibrate": True,
    "label_smoothing": 0.1, "class_weights": False, "seed": 0, "repeatable": False, "folds": 0,
    "learning_curve": False,
}  # fmt: skip
EACH = pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda setting: setting.name)


def test_the_recipe_an_older_program_wrote_is_still_the_same() -> None:
    as_then = recommended(NetworkName.EVIDENCE).model_copy(update={"split": "honest/2", "compare": False})
    assert Recipe.model_validate(OLD) == as_then
    assert (
        Recipe.model_validate(OLD).model_dump(
            mode="json", exclude={"compare", "sound_only", "false_alarm_share", "detail"}
        )
        == OLD
    )
    assert Recipe.model_validate({"epochs": 2}) == Recipe(epochs=2)  # what it did not write is as in the guide


def test_train_begins_with_the_network_that_generalises() -> None:
    assert RECOMMENDED is NetworkName.EVIDENCE


@EACH
def test_every_setting_says_what_it_is_in_a_sentence(setting: Setting) -> None:
    assert setting.about.title[:1].isupper()
    assert setting.about.help.endswith(".")


def test_no_two_settings_have_the_same_title() -> None:
    assert len({setting.about.title for setting in SETTINGS.values()}) == len(Recipe.model_fields)


def test_a_person_who_begins_sees_few_settings() -> None:
    basic = {name for name, setting in SETTINGS.items() if setting.about.audience is Audience.BASIC}
    assert basic == {
        "network", "epochs", "batch_size", "learning_rate", "validation_share", "augmentation", "class_weights"
    }  # fmt: skip


@EACH
def test_what_a_form_offers_is_always_valid(setting: Setting) -> None:
    for value in [setting.default, setting.least, setting.most, *setting.values]:
        if value is not None:
            Recipe.model_validate({setting.name: value})


@EACH
def test_beyond_the_limits_of_a_setting_nothing_is_valid(setting: Setting) -> None:
    for value in (setting.low, setting.high):
        if value is not None:
            beyond = value - 1 if value == setting.low else value + 1
            with pytest.raises(ValidationError):
                Recipe.model_validate({setting.name: beyond})


@EACH
def test_every_value_of_a_choice_has_words_of_its_own(setting: Setting) -> None:
    words = [setting.value_word(value) for value in setting.values]
    assert len(set(words)) == len(words)
    if issubclass(setting.kind, StrEnum) and setting.name != "network":  # networks have descriptions
        assert set(setting.about.words) == set(setting.values)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("augmentation", True, "on"),
        ("learning_rate", 0.00123, "0.00123"),
        ("validation_share", 0.3, "30 %"),
        ("schedule", "cosine", "falling to nothing"),
        ("schedule", "of another program", "of another program"),
        ("painted", 3000, "3000"),
        ("epochs", None, "None"),
    ],
)
def test_values_are_told_in_words(name: str, value: object, words: str) -> None:
    assert value_word(name, value) == words


def test_a_stored_recipe_is_told_by_titles_and_what_is_not_known_as_it_is() -> None:
    told = in_words({"batch_size": 24, "validation": "random", "drop_out": 0.5})
    assert told == {"Batch size": "24", "Validation photos drawn": "photo by photo", "drop out": "0.5"}
    assert word_of("batch_size") == "batch size"


def test_only_searchable_settings_may_vary_and_whole_numbers_stay_whole() -> None:
    assert set(RANGES) == {name for name, setting in SETTINGS.items() if setting.about.search}
    assert RANGES["epochs"] == Between(low=4, high=30, whole=True)
    assert RANGES["learning_rate"] == Between(low=0.0003, high=0.01, by_factors=True)


@pytest.mark.parametrize("kind", [int, str | None])
def test_a_setting_that_says_nothing_of_itself_is_refused(kind: Any) -> None:
    class Silent(BaseModel):
        momentum: kind = 1
        other: Annotated[int, Field(ge=1), About("Other", "Another one.")] = 1

    with pytest.raises(TypeError, match="'momentum' needs one plain type, and an About"):
        settings_of(Silent)
