"""A person's own validation folder, and photos too small for a verdict: said on pages before anything starts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from casting_core.jobs import control
from casting_core.learning.recipes.events import Prepared, encode
from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows import stores
from casting_core.workflows.datasets.castings import remember_castings
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.training.runs import note_run
from tests.at_work import begin
from tests.core.data.importing.hostile import photo, zipped
from tests.pages.conftest import Open
from tests.pages.test_import import drop
from tests.pages.test_pages import opened_with, unescaped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two photos of 32 x 32 pixels in each class of train and of a validation folder."""
    for split in ("train", "val"):
        for label in ("ok_front", "def_front"):
            (tmp_path / "own" / split / label).mkdir(parents=True)
            for number in range(2):
                shades = np.random.default_rng([number, split == "val", label == "def_front"]).integers(
                    0, 255, (32, 32)
                )
                Image.fromarray(shades.astype(np.uint8)).save(tmp_path / "own" / split / label / f"{number}.png")
    return tmp_path / "own"


def labels(app: AppTest) -> list[str]:
    return [field.label for field in [*app.number_input, *app.selectbox]]


def test_the_train_page_says_what_is_validated_on_and_what_stands_against_it(open_page: Open, folder: Path) -> None:
    dataset = open_dataset(folder)
    castings = pd.Series(range(8), index=dataset.identities)
    own = set(dataset.photos.loc[dataset.photos["split"] == "validation", "photo"])
    inside, outside = sorted(own), sorted(set(dataset.identities) - own)
    castings[inside[0]] = castings[outside[0]]
    remember_castings(dataset, castings)
    app = opened_with(open_page, "pages/train.py", "Own", folder)
    assert not app.exception
    told = unescaped(app)
    assert "4 photos to learn from" in told
    assert "The 4 photos of the validation folder are used for validation, and all 4 photos of train" in told
    assert "1 casting has photos in both train and validation" in told
    assert "No model could judge these photos: all 8 photos have 32 x 32 pixels" in told
    assert not [label for label in labels(app) if "Validation" in label]
    run = note_run(stores.dataset_book().find("Own"), Recipe())
    begin(run.id)
    prepared = Prepared(
        epochs=1, batches=1, train_photos=4, validation_photos=4, parameters=1, own_validation=4, castings_in_both=1
    )
    control.log().beat(run.id, [encode(prepared)])
    told = unescaped(open_page("pages/train.py"))
    assert "4 photos to learn from, 4 of the validation folder to validate on" in told


def test_the_dataset_page_says_it_too(open_page: Open, folder: Path) -> None:
    app = opened_with(open_page, "pages/dataset.py", "Own", folder)
    assert "No model could judge these photos: all 8 photos have 32 x 32 pixels" in unescaped(app)
    drop(app, zipped({"ok/a.png": photo(1), "ng/b.png": photo(2)}))
    assert not app.exception
    assert "No model could judge these photos: all 2 photos looked at have 40 x 40 pixels" in unescaped(app)
