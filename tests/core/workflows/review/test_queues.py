"""Queues under a name: everybody has them, and whoever takes one away can bring it back."""

from dataclasses import replace
from pathlib import Path

import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import DatasetError
from casting_core.records.chain import Kind
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review import history
from casting_core.workflows.review.queues import Queue, bring_back, keep, queues, take_away

DARK = Queue(name="Dark cracks", split="test", cell="missed", low=0.1, high=0.3, kinds=("crack",), differ=True)


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


def test_a_queue_is_kept_replaced_taken_away_and_brought_back(dataset: Dataset, sample_folder: Path) -> None:
    keep(dataset, DARK, who="Ana")
    keep(dataset, replace(DARK, name="A first one"), who="Ben")
    assert list(queues(dataset)) == ["A first one", "Dark cracks"]
    assert queues(dataset)["Dark cracks"] == DARK
    assert queues(open_dataset(sample_folder / "test")) == {}, "of another folder"
    wider = replace(DARK, high=0.5, threshold=0.25)
    keep(dataset, wider, who="Ben")
    assert queues(dataset)["Dark cracks"] == wider
    gone = take_away(dataset, "Dark cracks", who="Ana")
    assert list(queues(dataset)) == ["A first one"]
    bring_back(dataset, gone, who="Ana")
    assert queues(dataset)["Dark cracks"] == wider
    told = [history.what(row).split(",")[0] for row in stores.ledger().rows(kinds=[Kind.QUEUE])]
    assert told[:2] == ["queue Dark cracks brought back", "queue Dark cracks taken away"]
    assert stores.ledger().verify().number == 5


def test_what_is_no_queue_is_refused_with_the_reason(dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="say who you are"):
        keep(dataset, DARK, who=" ")
    with pytest.raises(DatasetError, match="there is no queue 'x' \\(known: none\\)"):
        take_away(dataset, "x", who="Ana")
    for wrong in ({"name": " "}, {"name": "x" * 61}, {"name": "a\nb"}, {"low": 0.5, "high": 0.5}, {"high": 2.0}):
        with pytest.raises(DatasetError):
            replace(DARK, **wrong)
    assert stores.ledger().head().number == 0
