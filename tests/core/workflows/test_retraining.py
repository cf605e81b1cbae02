"""What people corrected, and which misses they confirmed, reaches the next training, and its card says so."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casting_core.commands.versions.models import summary
from casting_core.jobs import control
from casting_core.learning.inputs.photos import Photos, sample_by_casting
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.records.decisions import Kind
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.retraining import corrected
from casting_core.workflows.review.correct import decide, undo
from casting_core.workflows.stores import registry
from casting_core.workflows.training.runs import Parent, find_run, note_run
from casting_core.workflows.training.train import work

PHOTOS = Photos(
    pixels=np.zeros((1, 4, 4), np.uint8),
    rows=np.arange(8),
    labels=np.array([0, 0, 0, 0, 1, 1, 1, 1], np.float32),
    castings=np.array([0, 0, 1, 1, 2, 2, 3, 3]),
)
EMPHASIS = replace(PHOTOS, times=np.array([1, 1, 1, 1, 1, 1, 3, 3]))


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


def test_photos_that_count_more_come_more_often_in_an_epoch() -> None:
    assert PHOTOS.once_through.tolist() == list(range(8))
    assert EMPHASIS.once_through.tolist() == [0, 1, 2, 3, 4, 5, 6, 6, 6, 7, 7, 7]
    some = EMPHASIS.subset(np.array([0, 7]))
    assert some.once_through.tolist() == [0, 1, 1, 1], "they know it wherever they go"


def test_a_casting_that_counts_more_is_drawn_more_often_and_both_labels_still_alike() -> None:
    drawn = sample_by_casting(EMPHASIS, 400, np.random.default_rng(0))
    times = np.bincount(PHOTOS.castings[drawn])  # type: ignore[index]
    assert times.tolist() == [100, 100, 50, 150]


@pytest.mark.usefixtures("castings_known")
def test_a_run_learns_more_often_from_what_its_parent_missed_and_its_card_says_so(sample_dataset: NamedDataset) -> None:
    photos = open_dataset(sample_dataset.folder, rule=rule_of(sample_dataset.rule)).to_train["photo"].tolist()
    recipe = Recipe(epochs=1, batch_size=16, validation_share=0.1)
    parent = Parent(name="v7", missed=(*photos[:4], "f" * 64), times=3)
    run = note_run(sample_dataset, recipe, parent=parent)
    assert (run.parent, run.missed, run.missed_times) == ("v7", parent.missed, 3)
    card = work(run.id)
    assert card.data.missed_times == 3
    assert 1 <= card.data.missed_photos <= 4, "those of them that were not used for validation"
    assert f"({card.data.missed_photos} of missed castings, 3 times as often)" in summary(card)
    prepared, *_ = (body for _, kind, body in control.log().events(run.id) if kind == "prepared")
    shown = card.data.trained_on + 2 * card.data.missed_photos
    assert prepared["batches"] == -(-shown // 16)
    assert find_run(run.id).model == card.name


def test_a_card_says_nothing_where_all_photos_count_alike(version: str) -> None:
    assert "missed castings" not in summary(registry().card(version))
