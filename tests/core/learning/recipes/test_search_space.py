"""What a search may vary is checked before it begins, and what it tries to reach counts castings, not copies."""

import numpy as np
import pytest

from casting_core.errors import RunError
from casting_core.judging.objectives import Objective, reached
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.search_space import RANGES, Among, Between, SearchSpace


@pytest.mark.parametrize(
    ("ranges", "reason"),
    [
        ({}, "nothing may vary"),
        ({"momentum": Between(low=0.1, high=0.9)}, r"'momentum' cannot be varied \(known: network, epochs"),
        ({"learning_rate": Between(low=0.1, high=2.0)}, "learning_rate 2.0 will not do: it must be at most 1"),
        ({"batch_size": Between(low=0, high=8, whole=True)}, "batch_size 0 will not do: it must be at least 1"),
        ({"network": Among(values=("classic", "huge"))}, "network huge will not do"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_with_a_sentence(ranges: dict[str, Between], reason: str) -> None:
    with pytest.raises(RunError, match=reason):
        SearchSpace(ranges=dict(ranges))


@pytest.mark.parametrize("ends", [(0.01, 0.001), (0.01, 0.01), (float("nan"), 1.0)])
def test_a_range_upside_down_is_refused(ends: tuple[float, float]) -> None:
    with pytest.raises(RunError, match="upside down or empty"):
        Between(low=ends[0], high=ends[1])


def test_a_range_by_factors_that_begins_at_nought_is_refused() -> None:
    with pytest.raises(RunError, match="by factors cannot begin at 0"):
        Between(low=0, high=8, by_factors=True)


@pytest.mark.parametrize("values", [(), (True,), ("cosine", "cosine")])
def test_values_that_leave_no_choice_are_refused(values: tuple[str, ...]) -> None:
    with pytest.raises(RunError, match="leaves no choice"):
        Among(values=values)


def test_everything_that_may_vary_is_a_setting_of_a_recipe_and_optuna_takes_its_range() -> None:
    space = SearchSpace(ranges=RANGES)
    assert set(space.distributions()) == set(RANGES) <= set(Recipe.model_fields)


def test_a_suggestion_changes_only_what_varies_and_numbers_keep_three_digits() -> None:
    space = SearchSpace(ranges={"learning_rate": RANGES["learning_rate"]})
    base = Recipe(epochs=7, seed=3)
    assert space.recipe(base, {"learning_rate": 0.00123456}) == base.model_copy(update={"learning_rate": 0.00123})


ONE_EACH = np.arange(6)
LABELS = np.array([1, 1, 1, 0, 0, 0])


def test_f1_counts_a_casting_once_however_many_photos_it_has() -> None:
    scores, labels = np.array([0.9, 0.1, 0.1, 0.1, 0.2]), np.array([1, 1, 1, 1, 0])
    assert reached(Objective.F1, scores, labels, np.arange(5), false_alarms=0) == pytest.approx(2 / 5)
    castings = np.array([0, 1, 1, 1, 2])  # three copies of the one that is missed
    assert reached(Objective.F1, scores, labels, castings, false_alarms=0) == pytest.approx(2 / 3)


def test_f1_of_a_network_that_finds_nothing_is_nought() -> None:
    assert reached(Objective.F1, np.zeros(6), LABELS, ONE_EACH, false_alarms=0) == 0


def test_escapes_fall_as_more_false_alarms_are_allowed() -> None:
    scores = np.array([0.9, 0.6, 0.2, 0.7, 0.3, 0.1])

    def escapes(limit: float) -> float:
        return reached(Objective.ESCAPES, scores, LABELS, ONE_EACH, false_alarms=limit)

    assert [escapes(limit) for limit in (0.0, 0.34, 0.67, 0.99)] == pytest.approx([2 / 3, 1 / 3, 0, 0])


def test_a_network_that_says_the_same_of_every_photo_lets_every_defect_escape() -> None:
    assert reached(Objective.ESCAPES, np.full(6, 0.5), LABELS, ONE_EACH, false_alarms=0.3) == 1
