"""A person's own validation folder: trained and compared on as it is, and said where it cannot be used."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casting_core.data.audit import copies, proof
from casting_core.data.audit.finding import Severity
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import DataUsed, Label, PhotoCount, Split
from casting_core.errors import DatasetError
from casting_core.workflows.datasets.castings import remember_castings
from casting_core.workflows.datasets.judgeable import LEAST, of_sizes, too_small, vanishing_at
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.own_validation import in_both, to_learn
from casting_core.workflows.datasets.splits import choose, make_by_casting
from casting_core.workflows.search.worker import _own_first
from tests.core.data.audit.photos import DEFECTIVE, OK, table
from tests.core.data.importing.hostile import photo

BOTH = ("ok", "ng")


def folder(root: Path, **splits: Sequence[str]) -> Path:
    """Three photos in each of the class folders of each split."""
    for number, (split, classes) in enumerate(splits.items()):
        for label in classes:
            (root / split / label).mkdir(parents=True)
            for at in range(3):
                content = photo(100 * number + 50 * (label == "ng") + at)
                (root / split / label / f"{at}.png").write_bytes(content)
    return root


@pytest.mark.parametrize("name", ["validation", "val", "valid"])
def test_all_of_train_is_learned_from_and_all_of_the_validation_folder_validated_on(tmp_path: Path, name: str) -> None:
    dataset = open_dataset(folder(tmp_path, train=BOTH, **{name: BOTH}, test=BOTH))
    given = to_learn(dataset)
    assert given.validation is not None
    assert given.photos["split"].tolist() == ["train"] * 6 + ["validation"] * 6
    assert given.validation.tolist() == [False] * 6 + [True] * 6
    assert (len(given.train), given.validated_on) == (6, 6)
    assert given.in_words == (
        "the 6 photos of the validation folder are used for validation, and all 6 photos of train to learn from"
    )


def test_without_one_the_recipe_draws_validation_photos_as_ever(tmp_path: Path) -> None:
    for number, splits in enumerate(({"train": BOTH, "test": BOTH}, {"train": BOTH})):
        given = to_learn(open_dataset(folder(tmp_path / str(number), **splits)))
        assert (given.validation, given.validated_on, given.in_words, len(given.train)) == (None, 0, "", 6)
    with pytest.raises(DatasetError, match="no photos in split 'train'"):
        to_learn(open_dataset(folder(tmp_path / "2", validation=BOTH, test=BOTH)))


def test_one_of_a_single_class_is_not_used_and_that_is_said(tmp_path: Path) -> None:
    dataset = open_dataset(folder(tmp_path, train=BOTH, validation=("ok",), test=BOTH))
    given = to_learn(dataset)
    assert (given.validation, len(given.photos)) == (None, 6)
    assert given.in_words.startswith("the validation folder holds ok photos only (3), so it is not used")
    photos = dataset.usable.assign(casting=range(len(dataset.usable)))
    finding = copies.across_validation(photos)
    assert (finding.severity, finding.title) == (
        Severity.WORTH_KNOWING,
        "The validation folder holds ok photos only.",
    )
    assert copies.across_splits(photos).title == "None of the 6 test photos shows a casting that is also in train."


def test_a_split_that_was_made_has_no_use_for_the_folder(tmp_path: Path) -> None:
    dataset = open_dataset(folder(tmp_path, train=BOTH, validation=BOTH))
    remember_castings(dataset, pd.Series(range(12), index=dataset.identities))
    make_by_casting(dataset, "honest", share=0.5, seed=0)
    given = to_learn(choose(dataset, "honest"))
    assert (given.validation, len(given.photos)) == (None, 6)


def test_castings_on_both_sides_are_counted_and_said(tmp_path: Path) -> None:
    given = to_learn(open_dataset(folder(tmp_path, train=BOTH, validation=BOTH)))
    alone = pd.Series(range(12), index=given.photos["photo"])
    assert given.on_both_sides(alone) == 0
    shared = alone.where(alone < 9, alone - 9)  # the last three photos show the castings of the first three
    assert given.on_both_sides(shared) == 3
    assert in_both(3).startswith("3 castings have photos in both train and validation, so the score")
    assert in_both(0) == ""


def test_the_audit_asks_validation_by_itself_and_counts_it_as_used_for_a_test() -> None:
    rows = [("a", "train", OK, 1), ("b", "train", DEFECTIVE, 2), ("c", "validation", OK, 1)]
    rows += [("d", "validation", DEFECTIVE, 3), ("e", "test", OK, 4), ("f", "test", DEFECTIVE, 3)]
    photos = table(*rows)
    finding = copies.across_validation(photos)
    assert (finding.severity, finding.photos) == (Severity.SERIOUS, ("c",))
    assert finding.title == "1 of 2 validation photos shows a casting that is also in train."
    assert finding.figures == {"validation_photos": 2, "seen_photos": 1, "shared_castings": 1}
    tested = copies.across_splits(photos)
    assert tested.title == "1 of 2 test photos shows a casting that is also in train or validation."
    assert proof.escapes(photos).figures["test_castings_not_in_train"] == 0
    without_test = table(*rows[:2], ("c", "validation", OK, 5), rows[3])
    assert copies.across_validation(without_test).severity is Severity.FINE
    assert copies.across_splits(without_test).title.endswith("the folders name train and validation only.")
    assert copies.across_validation(table(*rows[:2])).title == "There is no validation folder beside train."


def test_a_search_compares_settings_on_the_folder_and_other_seeds_on_other_castings() -> None:
    own, drawn = np.array([False, True]), np.array([True, False])
    watching = _own_first(own, 7, lambda _seed: drawn)
    assert watching(7) is own
    assert watching(8) is drawn


def used(*, trained: int, validated: int, split: str = "") -> DataUsed:
    counts = ((Split.TRAIN, 10), (Split.VALIDATION, 3))
    photos = tuple(PhotoCount(split=name, label=Label.OK, photos=number) for name, number in counts)
    return DataUsed(name="x", fingerprint="f", split=split, photos=photos, trained_on=trained, validated_on=validated)


def test_a_card_tells_whether_the_folder_was_used() -> None:
    assert used(trained=10, validated=3).own_validation
    assert not used(trained=7, validated=3).own_validation  # drawn out of train, as before there was a use for it
    assert not used(trained=10, validated=3, split="honest").own_validation


def test_photos_that_no_model_could_judge_are_said(tmp_path: Path) -> None:
    dataset: Dataset = open_dataset(folder(tmp_path, train=BOTH))  # of 40 x 40 pixels
    assert too_small(dataset) == (
        "no model could judge these photos: all 6 photos have 40 x 40 pixels, and a verdict takes 150 on the shorter "
        "side; go closer, or use a better camera",
    )
    assert of_sizes([(LEAST, LEAST), (4000, 3000)]) == ()
    assert of_sizes([]) == ()
    (some,) = of_sizes([(32, 320), (300, 300), (300, 300)])
    assert some.startswith("1 of 3 photos has 32 x 320 pixels; no model gives a verdict on fewer than 150")
    (looked,) = of_sizes([(32, 32), (33, 33)], looked_at=True)
    assert "all 2 photos looked at have 32 x 32 pixels or so" in looked


def test_defects_that_vanish_at_the_size_the_network_sees_are_named() -> None:
    assert vanishing_at([(300, 300), (200, 150)]) == vanishing_at([]) == ""
    said = vanishing_at([(2400, 2400), (2400, 1800), (640, 480)])
    assert "photos of 2,400 x 2,400 pixels at 300: a defect that is less than about 32 pixels wide" in said
    assert "with Backbone and “Photos seen at” at 1,200, spots and lines are found from about 3; " in said
    finer = vanishing_at([(2400, 2400)], seen_at=900)
    assert "at 900" in finer
    assert "those of less than about 4 vanish" in finer
    assert "Backbone" not in vanishing_at([(500, 500)])  # there is no size between theirs and the usual one
    assert vanishing_at([(640, 480)], seen_at=900) == ""
