"""Public sets and stations' folders come in as a person would read them, from a folder and from a zip."""

import io
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.scan import Dataset, scan
from casting_core.data.importing import archives
from casting_core.data.importing.copy_in import Taken, take_in
from casting_core.data.importing.preview import Preview, preview
from casting_core.domain import Label
from tests.core.data.importing import layouts
from tests.core.data.importing.hostile import zipped
from tests.core.data.importing.layouts import Files


def written(folder: Path, files: Files) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def imported(files: Files, goal: Path, *, chosen: str = "") -> tuple[Preview, Taken, Dataset]:
    """A zip of these files, taken in as it is understood, with no word of a person, and read again."""
    with archives.opened(io.BytesIO(zipped(files))) as archive:
        found = preview(archive, chosen=chosen)
        done = take_in(archive, goal, found.guesses, chosen=chosen)
    rule = ClassRule()
    for key, label in found.guesses.items():
        rule = rule.assign(key, label) if key and label is not None else rule
    return found, done, scan(goal, cache_dir=goal.parent / "cache", rule=rule)


def counted(dataset: Dataset) -> dict[tuple[str, str], int]:
    rows = zip(dataset.usable["split"], dataset.usable["label"], strict=True)
    return dict(Counter((str(split), Label(label).word) for split, label in rows))


def words(cells: "pd.Series[str]", between: str) -> set[str]:
    return {word for cell in cells for word in cell.split(between)} - {""}


@pytest.mark.parametrize("name", layouts.PUBLIC)
def test_a_public_set_comes_in_without_a_question_with_its_kinds_of_defect(name: str, tmp_path: Path) -> None:
    make, numbers, kinds = layouts.PUBLIC[name]
    files = make()
    found, done, from_zip = imported(files, tmp_path / "goal")
    in_place = scan(written(tmp_path / "folder", files), cache_dir=tmp_path / "cache")
    assert done.refused == ()
    assert all(one.guess is not None for one in found.classes if one.key), found.classes
    for dataset in (in_place, from_zip):
        assert counted(dataset) == dict(numbers)
        assert words(dataset.usable["kind"], ", ") == kinds
    assert in_place.fingerprint == from_zip.fingerprint
    masked = {path: len(masks) for path, masks in in_place.masks.items()}
    assert len(from_zip.masks) == done.masks == len(masked)
    read = len(in_place.photos) + sum(in_place.aside.values())
    beside = sum(one in files for one in ("README.md", "metal_nut/license.txt", "sample_submission.csv"))
    assert read + beside == len(files), "every file is a row, or counted with the reason why it is none"


def test_of_two_sets_side_by_side_the_split_one_is_read_and_the_other_can_be_chosen(tmp_path: Path) -> None:
    found, done, _ = imported(layouts.casting_archive(), tmp_path / "goal")
    assert done.new == 12
    assert (found.chosen, found.sets) == ("casting_data", {"casting_512x512": 8, "casting_data": 12})
    assert {one.key for one in found.classes} == {"ok_front", "def_front"}
    assert "2 sets lie side by side: 'casting_data' (12 photos) is read" in found.notes[0]
    _, done, other = imported(layouts.casting_archive(), tmp_path / "other", chosen="casting_512x512")
    assert (done.new, counted(other)) == (8, {("unsplit", "ok"): 4, ("unsplit", "defective"): 4})
    folder = written(tmp_path / "folder", layouts.casting_archive())
    assert scan(folder, cache_dir=tmp_path / "cache", chosen="casting_512x512").fingerprint == other.fingerprint


def test_masks_are_no_photos_and_stay_with_them_where_they_fit(tmp_path: Path) -> None:
    files = layouts.numbered("ok/{}.jpg", 2, 0) | layouts.numbered("defective/{}.jpg", 3, 50)
    files |= {"ok/0_mask.png": layouts.mask(empty=True), "defective/0_mask.png": layouts.mask()}
    files |= {"defective/1_label.bmp": layouts.mask(kind="BMP"), "defective/2_GT.png": layouts.mask(side=60)}
    found, done, dataset = imported(files, tmp_path / "goal")
    assert (found.photos, done.new, done.masks) == (5, 5, 3)
    assert any("4 masks are not taken for photos" in note for note in found.notes)
    shown = {path: masks for path, masks in dataset.masks.items() if path.startswith("defective")}
    assert len(shown) == 2


def test_a_photo_that_is_only_called_like_a_mask_stays_a_photo(tmp_path: Path) -> None:
    files = layouts.numbered("ok/part_{}.jpg", 2, 0) | layouts.numbered("ng/part_{}.jpg", 2, 50)
    files |= {"ng/part_0_label.png": layouts.casting(70, "PNG"), "ok/part_0.png": layouts.casting(71, "PNG")}
    files |= {"mask/part_9.png": layouts.casting(72, "PNG")}
    found, done, _ = imported(files, tmp_path / "goal")
    assert (found.photos, done.new, done.left_out) == (7, 6, 1)
    assert "nothing is known about 'mask'" in found.problems[0]


def test_groups_above_between_and_below_are_kept_through_an_import(tmp_path: Path) -> None:
    files = layouts.numbered("2024-05-01/train/line1/OK/4711/{}.jpg", 2, 0)
    files |= layouts.numbered("2024-05-01/train/line1/NG/{}.jpg", 2, 20)
    files |= layouts.numbered("2024-05-02/good/test/line2/{}.jpg", 2, 40)
    files |= layouts.numbered("2024-05-02/test/Ausschuss/{}.jpg", 1, 60)
    _, _, dataset = imported(files, tmp_path / "goal")
    assert counted(dataset) == {
        ("train", "ok"): 2, ("train", "defective"): 2, ("test", "ok"): 2, ("test", "defective"): 1,
    }  # fmt: skip
    assert set(dataset.usable["group"]) == {
        "2024-05-01/line1/4711",
        "2024-05-01/line1",
        "2024-05-02/line2",
        "2024-05-02",
    }
    more = layouts.numbered("2024-05-03/OK/{}.jpg", 1, 90)
    with archives.opened(io.BytesIO(zipped(more))) as archive:
        take_in(archive, tmp_path / "goal", {"ok": Label.OK})
    again = scan(tmp_path / "goal", cache_dir=tmp_path / "cache")
    assert words(again.usable["group"], "/") == words(dataset.usable["group"], "/"), "a day alone wraps the whole"
    assert len(again.usable) == 8
