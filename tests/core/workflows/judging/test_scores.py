"""The scores of a version side by side, and what was corrected since."""

import time
from pathlib import Path

import pytest

from casting_core.domain import Part
from casting_core.judging.bounds import bounds
from casting_core.records.decisions import Kind
from casting_core.records.registry import ModelCard
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.scores import PUBLIC, corrected, scores
from casting_core.workflows.review.correct import decide, undo
from casting_core.workflows.stores import registry


@pytest.fixture
def card(version: str) -> ModelCard:
    return registry().card(version)


def test_each_score_is_proven_by_the_castings_that_were_not_learned_from(card: ModelCard) -> None:
    assert card.test is not None
    new = Part(photos=20, castings=10, accuracy=0.8, missed=1, missed_castings=1, false_alarms=3)
    figures = card.test.model_copy(update={"never_seen": new})
    leaky = card.model_copy(update={"metrics": {"validation": card.validation, "test": figures}})
    validation, test = scores(leaky)
    assert (validation.name, test.name) == ("validation", PUBLIC)
    assert test.right == figures.accuracy
    assert figures.whole is not None
    assert (test.castings, test.new, test.right_on_new) == (figures.whole.castings, 10, 0.8)
    assert test.proven == bounds(0.8, 10)


def test_the_test_of_a_split_by_casting_stands_beside_the_public_one(card: ModelCard) -> None:
    metrics = {**card.metrics, "test of the folders": card.metrics["test"]}
    data = card.data.model_copy(update={"split": "honest"})
    split = card.model_copy(update={"metrics": metrics, "data": data})
    assert [score.name for score in scores(split)] == ["validation", "test", PUBLIC]


def test_without_castings_nothing_is_proven(card: ModelCard) -> None:
    assert card.test is not None
    assert card.test.whole is not None
    unproven = card.test.model_copy(update={"whole": None, "seen": None, "never_seen": None})
    (score,) = scores(card.model_copy(update={"metrics": {"test": unproven}}))
    assert (score.castings, score.new, score.proven) == (None, None, None)
    unknown = card.test.model_copy(update={"seen": None, "never_seen": None})
    (score,) = scores(card.model_copy(update={"metrics": {"test": unknown}}))
    assert (score.castings, score.proven) == (card.test.whole.castings, None)


def test_corrections_count_from_a_moment_on_until_they_are_undone(sample_folder: Path) -> None:
    dataset, before = open_dataset(sample_folder), time.time() - 1
    folder, photos = str(dataset.root), dataset.usable["photo"].iloc[:3].tolist()
    decide(dataset, Kind.LABEL, photos[:2], value="ok", who="Ana")
    batch = decide(dataset, Kind.LEAVE_OUT, photos[1:], who="Ana")
    decide(dataset, Kind.TAG, photos, value="odd", who="Ana")
    assert corrected(folder, since=before) == 3
    undo(dataset, batch, who="Ana")
    assert corrected(folder, since=before) == 2
    assert corrected(folder, since=time.time() + 1) == 0
