"""A version that has learned nothing is called that, and one that a grey histogram equals, too."""

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from casting_core.records.card import VALIDATION, ModelCard, read
from casting_core.settings import settings
from casting_core.workflows.judging.learned import luck, nothing_learned, tried


def card(auc: float | None, **about: Any) -> ModelCard:
    """The starter's card with another area under the ROC curve."""
    starter = read((settings().starter_dir / "card.json").read_bytes())
    figures = starter.validation.model_copy(update={"auc": auc})
    return starter.model_copy(update={"metrics": {**starter.metrics, VALIDATION: figures}, **about})


def test_a_network_that_orders_photos_like_a_guess_has_learned_nothing() -> None:
    assert "has learned nothing" in nothing_learned(card(0.52))
    assert "has learned nothing" in nothing_learned(card(0.31))


def test_a_network_that_a_grey_histogram_equals_is_not_praised() -> None:
    said = nothing_learned(card(0.93, baselines={"guess": 0.5, "grey histogram": 0.95}))
    assert "counting how many pixels have which grey level orders the validation photos as well" in said
    assert "0.950; its own is 0.930" in said


def test_what_follows_depends_on_the_method_that_is_as_good() -> None:
    said = nothing_learned(card(0.93, baselines={"guess": 0.5, "frozen public network": 0.95}))
    assert "a public network that was not trained on them orders" in said
    assert "light" not in said
    same = card(0.93, baselines={"guess": 0.5, "frozen public network": 0.95}, network="backbone")
    assert nothing_learned(same) == "", "a head on it does nearly the same, and sees defects"


def test_a_network_that_is_better_than_both_is_left_alone() -> None:
    assert nothing_learned(card(0.97, baselines={"guess": 0.5, "grey histogram": 0.95})) == ""
    assert nothing_learned(card(None)) == "", "one class alone tells nothing"


def test_of_a_handful_of_photos_nothing_is_said() -> None:
    few = card(0.4)
    figures = few.validation.model_copy(update={"confusion": ((2, 4), (1, 1))})
    assert nothing_learned(few.model_copy(update={"metrics": {VALIDATION: figures}})) == ""


def test_which_networks_were_tried_is_said() -> None:
    assert tried(card(0.9)) == ""
    assert "evidence 0.790 and backbone 0.958" in tried(card(0.9, tried={"evidence": 0.79, "backbone": 0.958}))


def test_so_few_castings_may_be_ordered_well_by_chance() -> None:
    """Guesses at 12 and 8 castings exceed the limit once in twenty times."""
    rng = np.random.default_rng(0)
    labels = np.repeat([1, 0], [12, 8])
    lucky = np.mean([roc_auc_score(labels, rng.random(20)) > luck(12, 8) for _ in range(2000)])
    assert 0.03 < lucky < 0.07
    assert luck(1000, 1000) == 0.6
    assert luck(1, 1) == 1.0
