"""A photo under review beside a sound one: which is nearest, where it lies, and the photo as its file has it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.images import read
from casting_core.domain import Label
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.comparing import full_size, nearest_sound
from casting_core.workflows.judging.comparing.nearest_sound import Looks, SoundPhotos
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.stores import pixel_cache


@pytest.fixture
def dataset(sample_folder: Path, castings_known: None) -> Dataset:  # noqa: ARG001 - castings are known by then
    return open_dataset(sample_folder)


@pytest.fixture
def model() -> Model:
    return load_model("starter")


def test_the_nearest_sound_photo_is_of_another_casting_that_is_labelled_ok_and_passes(
    dataset: Dataset, model: Model
) -> None:
    castings, known = casting_of(dataset), Looks()
    among = nearest_sound.sound_photos(dataset.usable, castings, model, known)
    assert 0 < len(among.photos) == among.photos["casting"].nunique()
    assert set(among.photos["label"]) == {int(Label.OK)}
    first = str(among.photos["photo"].iloc[0])
    looks = known[first][1]
    found = nearest_sound.nearest(first, int(castings[first]), looks, among)
    assert found is not None
    assert castings[found] != castings[first]
    assert nearest_sound.nearest(first, None, looks, among) != first, "nor the photo itself, where castings are unknown"
    before = dict(known)
    nearest_sound.sound_photos(dataset.usable, castings, model, known)
    assert known == before, "nothing is looked at twice"


def test_without_a_sound_casting_there_is_no_neighbour(dataset: Dataset, model: Model) -> None:
    defective = dataset.usable[dataset.usable["label"] == Label.DEFECTIVE]
    among: SoundPhotos = nearest_sound.sound_photos(defective, None, model, Looks())
    assert nearest_sound.nearest("0" * 64, None, np.ones(3, np.float32), among) is None


def test_a_photo_that_was_turned_is_laid_over_itself(dataset: Dataset) -> None:
    first = dataset.usable.iloc[0]
    grey = read(dataset.root / first["path"]).grey
    turn = cv2.getRotationMatrix2D((149.5, 149.5), 10, 1.0)
    turned = cv2.warpAffine(grey, turn, (300, 300), borderMode=cv2.BORDER_REPLICATE)
    laid = nearest_sound.laid(grey, np.asarray(turned))
    assert laid.agrees
    a, b, x, c, d, y = laid.onto
    middle = np.array([a * 0.5 + b * 0.5 + x, c * 0.5 + d * 0.5 + y])
    assert np.abs(middle - 0.5).max() < 0.02, "the middle stays where it is"
    grain = nearest_sound.laid(grey, np.random.default_rng(0).integers(0, 255, (300, 300), dtype=np.uint8))
    assert grain.onto == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    assert not grain.agrees


def test_a_photo_comes_as_large_as_its_file_has_it_and_small_where_that_has_gone(dataset: Dataset) -> None:
    path, photo = dataset.usable["path"].iloc[0], dataset.usable["photo"].iloc[0]
    small = pixel_cache().take([photo])[0]
    assert np.array_equal(full_size.full_size(dataset.root, path, photo, largest=720), small), "drawn at 300 pixels"
    assert np.array_equal(full_size.full_size(dataset.root, "gone.png", photo, largest=720), small)


def test_a_large_photo_is_shown_larger_than_networks_see_it(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for name, value in (("ok", 90), ("defective", 150)):
        (folder / name).mkdir(parents=True)
        grey = np.full((600, 1000), value, dtype=np.uint8)
        grey[200:400, 300:700] = 30
        assert cv2.imwrite(str(folder / name / "part.png"), grey)
    opened = open_dataset(folder)
    path, photo = opened.usable["path"].iloc[0], opened.usable["photo"].iloc[0]
    shown = full_size.full_size(opened.root, path, photo, largest=720)
    assert shown.shape == (720, 720)
    assert shown[360, 360] == 30, "what is in the middle stays there"
