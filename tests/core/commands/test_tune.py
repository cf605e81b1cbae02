"""The command that searches for settings: what it says while it works, and what it refuses before it begins."""

from pathlib import Path

import pytest

from casting_core.commands.tuning import USUAL
from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows.search.studies import studies
from tests.core.commands.answers import answered, refused


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--vary", "momentum"], "'momentum' cannot be varied (known: network, epochs"),
        (["--vary", ""], "nothing may vary"),
        (["--vary", "learning_rate=0.01:0.001"], "a range from 0.01 to 0.001 is upside down"),
        (["--vary", "learning-rate=fast"], "'learning-rate=fast' is no range; write learning_rate=LOW:HIGH"),
        (["--vary", "schedule=cosine:wild"], "schedule wild will not do"),
        (["--trials", 0], "a budget of 0 trials is none"),
        (["--minutes", 0], "a budget of 0 minutes is none"),
        (["--trials", 3, "--minutes", 3], "either a number of trials, or minutes"),
        (["--workers", 0], "0 workers will not do"),
        (["--epochs", 0], "--epochs 0 will not do: it must be at least 1"),
        (["--objective", "escapes", "--false-alarms", 2], "a false-alarm limit of 2 will not do"),
        (["--split", "honest"], "honest"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_before_it_begins(
    sample_folder: Path, options: list[object], reason: str
) -> None:
    assert reason in refused("tune", "--data", sample_folder, *options)
    assert studies() == []


def test_a_study_that_is_not_known_is_refused_with_those_that_are() -> None:
    assert "there is no study 'other' (known: none yet)" in refused("tune", "--resume", "other")
    assert "say which photos to learn from" in refused("tune")


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.usefixtures("castings_known")
def test_a_search_at_the_terminal_ends_with_the_best_recipe(sample_folder: Path) -> None:
    budget = ["--network", "classic", "--trials", 2, "--epochs", 1, "--seeds", 0]
    found = answered("tune", "--data", sample_folder, *budget, "--vary", "class-weights,batch_size=8:16")
    assert found["state"] == "finished"
    assert found["trials"] == {"done": 2}
    assert found["best"] in (1, 2)
    recipe = Recipe.model_validate(found["recipe"])
    assert 8 <= recipe.batch_size <= 16
    assert recipe.epochs == 1
    assert set(USUAL) <= set(found["recipe"])
