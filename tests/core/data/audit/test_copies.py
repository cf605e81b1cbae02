"""Photos and castings that lie where they must not, found and rightly not found."""

from pathlib import Path

import pandas as pd

from casting_core.data.audit import copies
from casting_core.data.audit.finding import Finding, Remedy, Severity
from casting_core.data.datasets.scan import scan
from casting_core.data.drawing.synthetic import TABLE, write_sample
from casting_core.settings import settings
from tests.core.data.audit.photos import DEFECTIVE, OK, castings, table


def sample(folder: Path, *, leaky: bool) -> pd.DataFrame:
    write_sample(folder, castings=8, copies=5, leaky=leaky)
    truth = pd.read_csv(folder / TABLE).set_index("path")["casting"]
    usable = scan(folder, cache_dir=settings().cache_dir).usable
    return usable.assign(casting=usable["path"].map(truth))


def assert_fine(finding: Finding) -> None:
    assert (finding.severity, finding.remedy, finding.photos) == (Severity.FINE, Remedy.NONE, ())


def test_a_leaky_sample_is_told_with_how_few_test_photos_are_new(tmp_path: Path) -> None:
    photos = sample(tmp_path / "leaky", leaky=True)
    finding = copies.across_splits(photos)
    test = photos[photos["split"] == "test"]
    fresh = set(test["casting"]) - set(photos.loc[photos["split"] == "train", "casting"])
    new = int(test["casting"].isin(fresh).sum())
    assert finding.severity is Severity.SERIOUS
    assert finding.remedy is Remedy.SPLIT_BY_CASTING
    assert finding.figures["new_photos"] == new
    assert f"of {len(test)} test photos" in finding.title
    assert set(finding.photos) == set(test.loc[~test["casting"].isin(fresh), "photo"])


def test_a_sample_with_whole_castings_in_test_is_fine(tmp_path: Path) -> None:
    finding = copies.across_splits(sample(tmp_path / "whole", leaky=False))
    assert_fine(finding)
    assert "None of the 15 test photos" in finding.title


def test_the_sentence_counts_the_few_that_are_new() -> None:
    rows = [(f"train {at}", "train", OK, at) for at in range(3)] + [(f"test {at}", "test", OK, at) for at in range(4)]
    assert copies.across_splits(table(*rows)).title == ("Only 1 of 4 test photos shows a casting that is not in train.")
    assert copies.across_splits(table(*rows[:-1])).title == (
        "None of 3 test photos shows a casting that is not in train."
    )
    rows += [(f"more {at}", "test", OK, 10 + at) for at in range(5)]
    assert copies.across_splits(table(*rows)).title == "3 of 9 test photos show a casting that is also in train."


def test_each_group_begins_with_a_photo_of_either_split() -> None:
    photos = table(("a", "train", OK, 1), ("b", "train", OK, 1), ("c", "test", OK, 1), ("d", "train", OK, 2))
    assert copies.across_splits(photos).groups == (("a", "c", "b"),)


def test_without_splits_it_says_that_there_is_nothing_to_test_on() -> None:
    finding = copies.across_splits(table(("a", "unsplit", OK, 1), ("b", "unsplit", DEFECTIVE, 2)))
    assert not finding.answered
    assert finding.remedy is Remedy.SPLIT_BY_CASTING


def test_the_same_file_in_both_splits_is_found() -> None:
    photos = table(("a", "train", OK, 1), ("a", "test", OK, 1), ("b", "train", OK, 2), ("b", "train", OK, 2))
    finding = copies.identical_across_splits(photos)
    assert finding.photos == ("a",)
    assert finding.title.startswith("1 photo lies in more than one split, byte for byte (train, test)")
    assert_fine(copies.identical_across_splits(photos.iloc[2:]))


def test_the_same_file_under_both_labels_is_found() -> None:
    photos = table(("a", "train", OK, 1), ("a", "train", DEFECTIVE, 1), ("b", "train", OK, 2))
    finding = copies.identical_across_labels(photos)
    assert finding.photos == ("a",)
    assert (finding.severity, finding.remedy) == (Severity.SERIOUS, Remedy.DECIDE_LABEL)
    assert_fine(copies.identical_across_labels(photos.iloc[1:]))


def test_spare_files_of_one_photo_are_named_and_one_of_each_is_kept() -> None:
    photos = table(("a", "train", OK, 1), ("a", "train", OK, 1), ("a", "train", OK, 1), ("a", "test", OK, 1))
    finding = copies.identical_within_split(photos)
    assert finding.files == tuple(photos["path"].iloc[1:3])
    assert finding.figures == {"photos": 1, "spare_files": 2}
    assert_fine(copies.identical_within_split(photos.iloc[2:]))


def test_a_casting_labelled_both_ways_is_shown_with_a_photo_of_either_label() -> None:
    photos = table(
        ("a", "train", OK, 1), ("b", "train", OK, 1), ("c", "train", DEFECTIVE, 1), ("d", "train", DEFECTIVE, 2)
    )
    finding = copies.labelled_both_ways(photos)
    assert finding.groups == (("a", "c", "b"),)
    assert finding.title == "1 casting is labelled both ways: 2 of its photos say ok, 1 defective."
    assert finding.remedy is Remedy.DECIDE_LABEL
    assert_fine(copies.labelled_both_ways(castings(ok=3, defective=3)))
