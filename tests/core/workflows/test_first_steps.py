"""Which steps are done on the way to a model: told by records, not by what a visitor has clicked."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Figures
from casting_core.records.card import TEST, ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Decision, Kind
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.first_steps import Step, done

LATER = 3600.0  # seconds


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


@pytest.fixture
def card(version: str, dataset: Dataset) -> ModelCard:
    """A version that has learned from these photos, and got some of them wrong."""
    made = stores.registry().card(version)
    test = Figures(**{**made.test.model_dump(), "missed": 1}) if made.test else None
    assert test is not None
    data = made.data.model_copy(update={"folder": str(dataset.root)})
    return made.model_copy(update={"data": data, "metrics": {**made.metrics, TEST: test}})


def decision(
    card: ModelCard, *, after: float, kind: Kind = Kind.LABEL, batch: str = "a", value: str = "ok"
) -> Decision:
    at = datetime.fromisoformat(card.created).timestamp() + after
    return Decision(number=1, batch=batch, photo="x", kind=kind, value=value, before="", why="", who="Ana", at=at)


def steps(
    dataset: Dataset, *cards: ModelCard, audited: bool = False, production: str = "", made: tuple[Decision, ...] = ()
) -> set[Step]:
    named = NamedDataset(name="castings", folder=str(dataset.root), rule={})
    found = done(named, dataset, audited=audited, cards=cards, production=production, decisions=made)
    assert found.next == next((step for step in Step if step not in found.steps), None)
    return set(found.steps)


def test_photos_of_ones_own_are_the_first_step_and_the_drawn_sample_is_none(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert steps(dataset) == {Step.PHOTOS}
    assert steps(dataset, audited=True) == {Step.PHOTOS, Step.AUDIT}
    monkeypatch.setattr("casting_core.settings.Settings.sample_dir", dataset.root)
    assert steps(dataset) == set()
    monkeypatch.undo()
    assert steps(replace(dataset, photos=dataset.photos.assign(problem="gone"))) == set()


def test_a_version_counts_where_it_has_learned_from_these_photos(dataset: Dataset, card: ModelCard) -> None:
    assert steps(dataset, card) == {Step.PHOTOS, Step.TRAIN}
    elsewhere = card.model_copy(update={"data": card.data.model_copy(update={"folder": "/elsewhere"})})
    assert steps(dataset, elsewhere, production=card.name) == {Step.PHOTOS}
    assert steps(dataset, elsewhere, card, production=card.name) == {Step.PHOTOS, Step.TRAIN, Step.PROMOTE}
    old = card.model_copy(update={"data": card.data.model_copy(update={"folder": None, "name": "castings"})})
    assert Step.TRAIN in steps(dataset, old)
    assert Step.TRAIN not in steps(dataset, old.model_copy(update={"name": "starter"})), "it came with the program"


def test_mistakes_are_reviewed_where_people_have_decided_since_the_version_was_made(
    dataset: Dataset, card: ModelCard
) -> None:
    before, since = decision(card, after=-LATER), decision(card, after=LATER)
    assert Step.REVIEW not in steps(dataset, made=(since,)), "there is nothing to review yet"
    assert Step.REVIEW not in steps(dataset, card, made=(before,))
    assert Step.REVIEW in steps(dataset, card, made=(before, since))
    taken_back = decision(card, after=2 * LATER, kind=Kind.UNDO, batch="b", value="a")
    assert Step.REVIEW not in steps(dataset, card, made=(since, taken_back))
    assert card.test is not None
    faultless = card.test.model_copy(update={"missed": 0, "false_alarms": 0})
    perfect = card.model_copy(update={"metrics": {**card.metrics, TEST: faultless}})
    assert Step.REVIEW in steps(dataset, perfect), "it got nothing wrong"
