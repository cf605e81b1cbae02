"""From a folder to one table: what is in it, what cannot be used, and that no photo is decoded twice."""

import json
import os
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from casting_core.data.datasets import file_facts
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.file_facts import MEASURED
from casting_core.data.datasets.pixel_cache import FinerCache, PixelCache
from casting_core.data.datasets.scan import COLUMNS, Dataset, counts, scan
from casting_core.data.imaging import images
from casting_core.data.imaging.images import Photo, fit
from casting_core.data.imaging.measures import sharpness
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError
from tests.core.data.encoded import GREY, LEVELS, encoded

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has such files and names")


def photo(path: Path, shade: int) -> Path:
    """Writes a small photo of its own grey level."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (20, 30), shade).save(path, "PNG")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five photos in the public layout."""
    root = tmp_path / "castings"
    for shade, path in enumerate(
        ("train/ok_front/a.png", "train/ok_front/b.png", "train/def_front/a.png", "test/ok/c.png", "test/def/d.png")
    ):
        photo(root / path, 10 * shade)
    return root


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were opened and decoded."""
    names: list[str] = []

    def noting(path: Path) -> Photo:
        names.append(path.name)
        return images.read(path)

    monkeypatch.setattr(file_facts, "read", noting)
    return names


def problems(dataset: Dataset) -> dict[str, str]:
    return dict(zip(dataset.problems["path"], dataset.problems["problem"], strict=True))


def test_a_scan_gives_one_row_per_file(folder: Path, cache: Path) -> None:
    dataset = scan(folder, cache_dir=cache)
    assert tuple(dataset.photos.columns) == COLUMNS
    first = dataset.usable.set_index("path").loc["test/def/d.png"]
    assert (first["split"], first["label"], first["width"], first["height"], first["mode"]) == ("test", 1, 20, 30, "L")
    assert first["bytes"] == (folder / "test/def/d.png").stat().st_size
    assert dataset.splits == [Split.TRAIN, Split.TEST]
    numbers = counts(dataset.usable)
    assert {(row.split, row.label, row.photos) for row in numbers.itertuples()} == {
        ("train", 0, 2),
        ("train", 1, 1),
        ("test", 0, 1),
        ("test", 1, 1),
    }


def test_light_background_and_sharpness_of_each_photo_are_in_the_table(folder: Path, cache: Path) -> None:
    GREY.save(folder / "train" / "ok_front" / "real.png")
    (folder / "train" / "ok_front" / "damaged.png").write_bytes(b"no photo")
    table = scan(folder, cache_dir=cache).photos.set_index("path")
    even = table.loc["test/def/d.png"]
    assert (even["brightness"], even["sharpness"], even["background"]) == (40.0, 0.0, 40.0)
    seen = fit(LEVELS, 300)
    found = table.loc["train/ok_front/real.png"]
    assert found["brightness"] == pytest.approx(seen.mean())
    assert found["sharpness"] == pytest.approx(sharpness(seen))
    assert table.loc["train/ok_front/damaged.png", list(MEASURED)].isna().all()


def test_what_an_older_version_kept_of_the_files_is_read_again(folder: Path, cache: Path, opened: list[str]) -> None:
    first = scan(folder, cache_dir=cache)
    [kept] = cache.glob("files-*.json")
    found = json.loads(kept.read_text())
    older = {row[0]: {"stamp": row[1:3], "photo": row[3], "mode": "L", "problem": ""} for row in found["files"]}
    other_columns, cut_short = {**found, "columns": ["photo"]}, {**found, "files": [["a.png"]]}
    for form in map(json.dumps, (older, other_columns, cut_short, [])):
        opened.clear()
        kept.write_text(form)
        assert scan(folder, cache_dir=cache).photos.equals(first.photos)
        assert len(opened) == 5


def test_a_second_scan_opens_no_photo(folder: Path, cache: Path, opened: list[str]) -> None:
    first = scan(folder, cache_dir=cache)
    assert len(opened) == 5
    again = scan(folder, cache_dir=cache)
    assert len(opened) == 5
    assert again.photos.equals(first.photos)


def test_only_what_changed_is_opened_again(folder: Path, cache: Path, opened: list[str]) -> None:
    before = scan(folder, cache_dir=cache)
    opened.clear()
    changed = photo(folder / "test/ok/c.png", 200)
    os.utime(changed, ns=(1, 1))
    photo(folder / "test/ok/new.png", 201)
    (folder / "train/ok_front/a.png").unlink()
    after = scan(folder, cache_dir=cache)
    assert sorted(opened) == ["c.png", "new.png"]
    assert len(after.usable) == 5
    assert after.fingerprint != before.fingerprint


def test_a_cache_that_was_deleted_is_made_again(folder: Path, cache: Path, opened: list[str]) -> None:
    first = scan(folder, cache_dir=cache)
    shutil.rmtree(cache)
    assert scan(folder, cache_dir=cache).photos.equals(first.photos)
    assert len(opened) == 10


@pytest.mark.parametrize("file", ["grey-300.pixels", "grey-300.photos", "files-*.json"])
def test_a_part_of_the_cache_that_was_lost_is_made_again(folder: Path, cache: Path, file: str) -> None:
    first = scan(folder, cache_dir=cache)
    for path in cache.glob(file):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    again = scan(folder, cache_dir=cache)
    assert again.photos.equals(first.photos)
    assert PixelCache(cache).take(again.usable["photo"])[:, 150, 150].tolist() == [40, 30, 20, 0, 10]


def test_photos_at_more_pixels_are_read_from_their_files_once_and_only_from_the_same_photo(
    tmp_path: Path, folder: Path, cache: Path
) -> None:
    Image.new("L", (50, 50), 77).save(folder / "test/def/e.png")
    table = scan(folder, cache_dir=cache).usable.set_index("path")
    wanted, other = table.loc[["test/def/e.png", "test/def/d.png"], "photo"]
    finer = FinerCache(tmp_path / "finer", size=50, places=partial(file_facts.places_of, cache_dir=cache))
    assert finer.take([wanted]).shape == (1, 50, 50)
    assert (finer.take([wanted]) == 77).all()
    (folder / "test/def/e.png").unlink()
    assert (finer.take([wanted]) == 77).all()
    photo(folder / "test/def/d.png", 99)
    with pytest.raises(DatasetError, match="is not in the pixel cache"):
        finer.take([other])


def test_the_same_photo_in_two_splits_is_two_rows_but_one_in_the_cache(folder: Path, cache: Path) -> None:
    shutil.copy(folder / "train/ok_front/a.png", folder / "test/ok/copy.png")
    dataset = scan(folder, cache_dir=cache)
    assert (len(dataset.usable), dataset.usable["photo"].nunique()) == (6, 5)
    assert len(PixelCache(cache).all()) == 5


def test_files_that_cannot_be_used_are_listed_with_the_reason(folder: Path, cache: Path) -> None:
    (folder / "test/ok/empty.png").touch()
    (folder / "test/ok/text.jpg").write_text("no photo")
    (folder / "test/ok/cut.png").write_bytes(encoded(GREY)[:100])
    (folder / "test/ok/notes.txt").write_text("notes")
    photo(folder / "test/beside.png", 77)
    photo(folder / "train/blowholes/e.png", 78)
    dataset = scan(folder, cache_dir=cache)
    found = problems(dataset)
    assert len(dataset.usable) == 5
    assert found["test/ok/empty.png"] == "the file is empty"
    assert "not a photo in a format" in found["test/ok/text.jpg"]
    assert "damaged or cut off" in found["test/ok/cut.png"]
    assert found["test/ok/notes.txt"] == "not a photo: its name ends in '.txt'"
    assert "lies in no class folder" in found["test/beside.png"]
    assert found["train/blowholes/e.png"] == "its class folder 'blowholes' is mapped to neither ok nor defective"


def test_a_third_class_can_be_given_a_meaning_without_reading_again(
    folder: Path, cache: Path, opened: list[str]
) -> None:
    photo(folder / "train/blowholes/e.png", 78)
    scan(folder, cache_dir=cache)
    opened.clear()
    dataset = scan(folder, cache_dir=cache, rule=ClassRule().assign("blowholes", Label.DEFECTIVE))
    assert not problems(dataset)
    assert not opened
    assert (dataset.part("train")["label"] == Label.DEFECTIVE).sum() == 2


def test_a_file_that_could_not_be_opened_is_tried_again(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", forbidden)
        dataset = scan(folder, cache_dir=cache)
        assert set(problems(dataset).values()) == {"the file cannot be opened: Permission denied"}
        with pytest.raises(DatasetError, match="none, no photo can be used"):
            dataset.part("test")
    assert len(scan(folder, cache_dir=cache).usable) == 5


NAMES = [
    "![x](data:image)",
    "<img src=x>",
    "\u202egnp.exe",
    "two\nlines",
    "n" * 250,
    "gepr\u00fcft",
    "gepru\u0308ft",
    "%2e%2e",
    "=cmd()",
]


@posix
def test_names_of_every_kind_are_kept_as_they_are(folder: Path, cache: Path) -> None:
    for shade, name in enumerate(NAMES):
        photo(folder / "test" / "ok" / f"{name}.png", 100 + shade)
    paths = set(scan(folder, cache_dir=cache).usable["path"])
    assert {f"test/ok/{name}.png" for name in NAMES} <= paths
    assert set(scan(folder, cache_dir=cache).usable["path"]) == paths


@posix
def test_a_name_that_is_no_text_is_listed_and_does_no_harm(folder: Path, cache: Path) -> None:
    photo(folder / "test" / "ok" / os.fsdecode(b"old \xe9.png"), 99)
    for _ in range(2):
        dataset = scan(folder, cache_dir=cache)
        assert problems(dataset) == {"test/ok/old ?.png": "its name is not written in Unicode; rename it"}
        assert len(dataset.usable) == 5


@posix
def test_a_pipe_among_the_photos_stops_nobody(folder: Path, cache: Path) -> None:
    os.mkfifo(folder / "test" / "ok" / "pipe.png")
    assert len(scan(folder, cache_dir=cache).photos) == 5


@posix
def test_a_link_into_nothing_is_left_out(folder: Path, cache: Path) -> None:
    (folder / "test" / "ok" / "gone.png").symlink_to(folder / "nowhere.png")
    assert len(scan(folder, cache_dir=cache).photos) == 5


def test_one_class_only_is_counted_as_it_is(tmp_path: Path, cache: Path) -> None:
    photo(tmp_path / "castings/ok/a.png", 1)
    dataset = scan(tmp_path / "castings", cache_dir=cache)
    assert counts(dataset.usable).to_dict("records") == [{"split": "unsplit", "label": 0, "photos": 1}]
    assert len(dataset.to_train) == 1


def test_without_splits_all_photos_may_be_learned_from(folder: Path, cache: Path) -> None:
    assert len(scan(folder, cache_dir=cache).to_train) == 3
    assert len(scan(folder / "train", cache_dir=cache).to_train) == 3


@pytest.mark.parametrize("content", [(), ("ok",), (".hidden/a.png",)])
def test_an_empty_folder_is_refused_with_a_sentence(tmp_path: Path, cache: Path, content: tuple[str, ...]) -> None:
    for path in content:
        (tmp_path / "castings" / path).mkdir(parents=True)
    with pytest.raises(DatasetError, match="castings"):
        scan(tmp_path / "castings", cache_dir=cache)


def test_a_split_that_is_not_there_is_named_with_those_that_are(folder: Path, cache: Path) -> None:
    with pytest.raises(DatasetError, match=r"no photos in split 'final' of '.*' \(known: train, test, all\)"):
        scan(folder, cache_dir=cache).part("final")
    assert len(scan(folder, cache_dir=cache).part("all")) == 5


def test_the_fingerprint_changes_with_a_label_and_a_split_but_not_with_names(folder: Path, cache: Path) -> None:
    before = scan(folder, cache_dir=cache).fingerprint
    (folder / "train/ok_front/a.png").rename(folder / "train/ok_front/z.png")
    assert scan(folder, cache_dir=cache).fingerprint == before
    (folder / "train/ok_front/z.png").rename(folder / "train/def_front/z.png")
    relabelled = scan(folder, cache_dir=cache).fingerprint
    (folder / "train/def_front/z.png").rename(folder / "test/def/z.png")
    assert len({before, relabelled, scan(folder, cache_dir=cache).fingerprint}) == 3


def test_progress_is_told_from_none_to_all(folder: Path, cache: Path) -> None:
    seen: list[tuple[int, int]] = []
    scan(folder, cache_dir=cache, report=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 5), (5, 5)]
    seen.clear()
    scan(folder, cache_dir=cache, report=lambda done, total: seen.append((done, total)))
    assert seen == [(5, 5)]


def test_the_cache_holds_the_grey_levels_that_the_decoder_gives(sample_folder: Path, cache: Path) -> None:
    dataset = scan(sample_folder, cache_dir=cache)
    one = dataset.usable.iloc[0]
    with Image.open(sample_folder / one["path"]) as picture:
        assert np.array_equal(PixelCache(cache).take([one["photo"]])[0], np.asarray(picture.convert("L")))
