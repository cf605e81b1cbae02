"""Seen is found by castings, across datasets and versions; and measurements are found again."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import OperatingPoint
from casting_core.jobs import control
from casting_core.jobs.work import do
from casting_core.learning.recipes.choices import Keep
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.version_files import LEARNED
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.independence import independence, standing_of
from casting_core.workflows.judging.measuring.measure import measure, measurement
from casting_core.workflows.judging.measuring.measure_job import KIND, MEASUREMENT, request_for
from casting_core.workflows.judging.measuring.worth import NOT_MEASURED, worth
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.seen import chosen_by, learned_from, look_for_seen, standing
from casting_core.workflows.stores import registry

pytestmark = pytest.mark.usefixtures("castings_known")


@pytest.fixture
def card(version: str) -> ModelCard:
    return registry().card(version)


@pytest.fixture
def trained_on(sample_folder: Path) -> Dataset:
    """The dataset that the version learned from; its photos are decoded here."""
    return open_dataset(sample_folder)


def retaken(trained_on: Dataset, folder: Path, *, shared: int = 1) -> Dataset:
    """A dataset of other photos of castings learned from: lit anew and saved anew; so many are the very same files."""
    photos = trained_on.part("train")
    castings = photos["photo"].map(casting_of(trained_on))
    one_each = photos[~castings.duplicated()]
    for at, row in enumerate(one_each.itertuples()):
        name = folder / ("def_front" if row.label else "ok_front") / f"{at}.png"
        name.parent.mkdir(parents=True, exist_ok=True)
        if at < shared:
            shutil.copy(trained_on.root / str(row.path), name.with_suffix(".jpeg"))
            continue
        grey = np.asarray(Image.open(trained_on.root / str(row.path)).convert("L"), dtype=float)
        Image.fromarray(np.clip(grey * 0.97 + 3, 0, 255).astype(np.uint8)).save(name)
    return open_dataset(folder)


def test_a_dataset_that_shares_one_photo_with_the_training_data_has_its_castings_seen(
    card: ModelCard, trained_on: Dataset, tmp_path: Path
) -> None:
    other = retaken(trained_on, tmp_path / "other")
    castings = casting_of(other)
    learned = learned_from(card)
    assert learned is not None
    assert len(learned.all & set(castings.index)) == 1
    before = standing(card, castings)
    assert before is not None
    assert not before.complete  # pages say that it is not known, as long as nobody has looked
    model = load_model(card.name)
    found = measure(other, "all", model).figures
    assert found.whole is not None and found.seen is not None and found.chose is not None
    assert found.seen.castings + found.chose.castings == found.whole.castings == castings.nunique()
    assert found.seen.castings > 1
    assert found.never_seen is not None
    assert found.never_seen.castings == 0
    after = standing(card, castings)
    assert after is not None and after.complete  # and now it is known at once
    kept = measurement(card, other, "all", castings)
    assert kept is not None
    assert kept.figures == found
    assert not kept.photos["new"].any()


def test_where_photos_learned_from_are_gone_no_casting_is_called_new(
    version: str, sample_folder: Path, tmp_path: Path
) -> None:
    """They were never decoded in this installation, and their folder is not there, so nobody can compare them."""
    for path in (sample_folder / "test").rglob("*.jpeg"):
        (tmp_path / path.parent.name).mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / path.parent.name)
    other, card = open_dataset(tmp_path), registry().card(version)
    card = card.model_copy(update={"data": card.data.model_copy(update={"folder": str(tmp_path / "gone")})})
    castings = casting_of(other)
    found = look_for_seen(card, other, castings)
    assert found is not None
    assert not found.complete
    table = other.usable.assign(predicted=1)
    behind = independence(table, castings, found)
    assert behind.never_seen is None
    assert behind.whole.castings == castings.nunique()


def test_a_version_says_which_castings_it_learned_from_and_older_ones_are_still_read(
    card: ModelCard, trained_on: Dataset
) -> None:
    learned, castings = learned_from(card), casting_of(trained_on)
    assert learned is not None
    assert len(learned.photos) == card.data.trained_on
    assert len(learned.validation) == card.data.validated_on
    together = pd.Series(learned.casting).groupby(castings).nunique()
    assert set(together) == {1}
    folder = registry().path(card.name)
    lines = (folder / LEARNED).read_text("ascii").splitlines()
    (folder / LEARNED).write_text("\n".join(",".join(line.split(",")[:2]) for line in lines) + "\n", "ascii")
    older = learned_from(finish(folder, card))
    assert older is not None
    assert (older.photos, older.validation) == (learned.photos, learned.validation)


def test_a_version_is_worth_what_was_measured_on_these_photos_and_nothing_else(
    card: ModelCard, trained_on: Dataset, sample_dataset: NamedDataset, tmp_path: Path
) -> None:
    castings = casting_of(trained_on)
    here = worth(card, trained_on, castings)
    assert here.score is not None
    assert (here.own, here.warning, here.score.proves) == (True, "", True)
    other = retaken(trained_on, tmp_path / "other", shared=0)
    there = worth(card, other, None)
    assert (there.score, there.own) == (None, False)
    assert "was not made for this part" in there.warning
    assert NOT_MEASURED in there.warning
    starter = registry().card("starter")
    assert worth(starter, trained_on, castings).score is None
    number = control.queue().ask(request_for(sample_dataset, "starter"))[0].id
    result = do(number, {KIND: MEASUREMENT})
    assert "defective castings escaped" in MEASUREMENT.outcome(result)
    now = worth(starter, trained_on, castings)
    assert now.score is not None
    assert (now.score.proves, now.warning) == (False, "")  # what it learned from is not here to be looked at
    assert now.score.outcomes is not None
    assert now.score.outcomes.defective.n + now.score.outcomes.ok.n == 9


@given(
    castings=st.lists(st.integers(0, 5), min_size=1, max_size=40),
    parts=st.lists(st.sampled_from(["train", "validation", "test"]), min_size=40, max_size=40),
)
def test_castings_that_prove_are_neither_learned_from_nor_choosing(castings: list[int], parts: list[str]) -> None:
    photos = [f"{at:064x}" for at in range(len(castings))]
    of_photo = pd.Series(castings, index=photos)
    table = pd.DataFrame({"photo": photos, "label": [one % 2 for one in castings], "predicted": 0})
    part = {name: {photo for photo, one in zip(photos, parts, strict=False) if one == name} for name in set(parts)}
    learned, chose = part.get("train", set()), part.get("validation", set())
    known = standing_of(of_photo, learned, chose)
    found = independence(table, of_photo, known)
    assert found.seen is not None and found.chose is not None and found.never_seen is not None
    new = set(castings) - known.learned - known.chose
    assert not known.learned & known.chose
    assert not new & {of_photo[photo] for photo in learned | chose}
    assert found.never_seen.castings == len(new)
    assert found.seen.castings + found.chose.castings + len(new) == found.whole.castings == len(set(castings))
    assert found.never_seen.outcomes is not None
    assert found.never_seen.outcomes.defective.n == sum(one % 2 for one in new)


@pytest.mark.parametrize(
    ("changes", "chosen"),
    [
        ({"keep": Keep.BEST}, ("the epoch",)),
        ({"keep": Keep.MEAN}, ()),
        ({"keep": Keep.MEAN, "early_stopping": 3}, ("the epoch",)),
        ({"keep": Keep.LAST, "calibrate": True}, ("the calibration",)),
        ({"keep": Keep.BEST, "calibrate": True, "folds": 3}, ("the epoch", "the calibration")),
    ],
)
def test_what_validation_photos_choose_is_told_by_the_recipe(
    changes: dict[str, object], chosen: tuple[str, ...]
) -> None:
    assert chosen_by(Recipe.model_validate(changes)) == chosen


def test_nothing_is_kept_at_another_threshold_than_the_version_s_own(card: ModelCard, trained_on: Dataset) -> None:
    measure(trained_on, "test", load_model(card.name), point=OperatingPoint(threshold=0.9))
    assert not list(settings().cache_dir.glob("measured-*"))
