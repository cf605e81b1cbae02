"""The scores of a version side by side: castings that prove first, and what chose is named for what it is."""

from pathlib import Path

import pytest

from casting_core.domain import CastingOutcomes, ClassOutcome, Part
from casting_core.records.card import ModelCard, read
from casting_core.workflows.judging.scores import NEW, PUBLIC, proving, scores
from casting_core.workflows.judging.seen import chosen_on_validation
from casting_core.workflows.stores import registry

OLD = Path(__file__).parents[2] / "records" / "cards" / "version_1.json"
OUTCOMES = CastingOutcomes(
    defective=ClassOutcome(n=6, wrong=1, upper=0.5818), ok=ClassOutcome(n=4, wrong=0, upper=0.5271)
)


@pytest.fixture
def card(version: str) -> ModelCard:
    return registry().card(version)


def test_a_score_counts_the_castings_that_were_new_and_chose_nothing(card: ModelCard) -> None:
    assert card.test is not None
    new = Part(photos=20, castings=10, accuracy=0.8, missed=1, missed_castings=1, false_alarms=3, outcomes=OUTCOMES)
    figures = card.test.model_copy(update={"never_seen": new})
    leaky = card.model_copy(update={"metrics": {"validation": card.validation, "test": figures}})
    test, validation = scores(leaky)
    assert (test.name, test.proves, test.meaning, test.outcomes) == (PUBLIC, True, NEW, OUTCOMES)
    assert (test.right, test.missed) == (figures.accuracy, figures.missed)
    assert proving(leaky) == test
    assert (validation.name, validation.proves) == ("validation", False)


def test_validation_photos_that_chose_the_epoch_are_not_called_new(card: ModelCard) -> None:
    assert chosen_on_validation(card) == ("the epoch",)
    validation = scores(card)[-1]
    assert (validation.name, validation.meaning, validation.proves) == (
        "validation", "castings that chose the epoch", False
    )  # fmt: skip
    figures = card.validation
    assert figures.chose is not None and figures.never_seen is not None and figures.whole is not None
    assert (figures.chose.castings, figures.never_seen.castings) == (figures.whole.castings, 0)


def test_a_card_of_an_older_program_is_shown_with_castings_not_counted() -> None:
    old = read(OLD.read_bytes())
    assert [(score.outcomes, score.proves) for score in scores(old)] == [(None, True), (None, False)]
    assert scores(old)[1].meaning == "castings that chose the calibration"


def test_the_test_of_a_split_by_casting_stands_beside_the_public_one(card: ModelCard) -> None:
    metrics = {**card.metrics, "test of the folders": card.metrics["test"]}
    data = card.data.model_copy(update={"split": "honest"})
    split = card.model_copy(update={"metrics": metrics, "data": data})
    assert [score.name for score in scores(split)] == ["test", PUBLIC, "validation"]


def test_without_castings_nothing_is_proven(card: ModelCard) -> None:
    assert card.test is not None
    assert card.test.whole is not None
    unproven = card.test.model_copy(update={"whole": None, "seen": None, "chose": None, "never_seen": None})
    (score,) = scores(card.model_copy(update={"metrics": {"test": unproven}}))
    assert (score.outcomes, score.proves) == (None, False)
    unknown = card.test.model_copy(update={"seen": None, "chose": None, "never_seen": None})
    only = card.model_copy(update={"metrics": {"test": unknown}})
    (score,) = scores(only)
    assert (score.outcomes, score.proves) == (card.test.whole.outcomes, False)
    assert proving(only) is None
