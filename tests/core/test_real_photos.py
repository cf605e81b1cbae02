"""The real photos, where they are at hand: found in full, and none of them refused."""

import os
from pathlib import Path

import numpy as np
import pytest

from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.datasets.scan import Dataset, counts, scan
from casting_core.domain import Label
from casting_core.judging.gating import gate
from casting_core.judging.gating.reference import learn

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def dataset(cache: Path) -> Dataset:
    """The public photos that lie beside the project, or where CASTING_REAL_PHOTOS says."""
    folder = Path(os.environ.get("CASTING_REAL_PHOTOS", ROOT.parent / "shared" / "casting_data"))
    if not folder.is_dir():
        pytest.skip(f"the real photos are not in {folder} (CASTING_REAL_PHOTOS names another folder)")
    return scan(folder, cache_dir=cache)


def test_every_photo_is_found_and_can_be_read(dataset: Dataset) -> None:
    assert len(dataset.usable) == 5550
    assert dataset.problems.empty
    numbers = {(row.split, row.label): row.photos for row in counts(dataset.usable).itertuples()}
    assert numbers == {
        ("train", Label.DEFECTIVE): 2823,
        ("train", Label.OK): 2175,
        ("test", Label.DEFECTIVE): 334,
        ("test", Label.OK): 218,
    }
    assert set(zip(dataset.usable["width"], dataset.usable["height"], dataset.usable["mode"], strict=True)) == {
        (300, 300, "RGB")
    }


def test_some_photos_lie_in_both_splits_byte_for_byte(dataset: Dataset) -> None:
    assert len(set(dataset.part("train")["photo"]) & set(dataset.part("test")["photo"])) == 46


def test_a_gate_that_knows_a_third_of_the_train_photos_refuses_hardly_a_test_photo(
    dataset: Dataset, cache: Path
) -> None:
    pixels = PixelCache(cache)
    reference = learn(pixels.take(dataset.part("train")["photo"].iloc[::3]))
    test = dataset.part("test")
    refused = {
        path: reason
        for path, grey in zip(test["path"], pixels.take(test["photo"]), strict=True)
        if (reason := gate.refusal(grey, reference))
    }
    assert len(refused) <= 0.01 * len(test), refused  # some copies are sheared, and a few look stretched
    assert gate.refusal(np.zeros((300, 300), np.uint8), reference) is not None
