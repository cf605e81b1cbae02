"""What the photos look like taken together: all of few photos, a fair share of many."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.datasets.statistics import describe, skew
from casting_core.domain import Label


@pytest.fixture
def many(tmp_path: Path) -> tuple[pd.DataFrame, PixelCache]:
    """300 ok photos about grey level 100, 100 defective ones about 60."""
    rng, cache = np.random.default_rng(0), PixelCache(tmp_path, size=20)
    labels = [Label.OK] * 300 + [Label.DEFECTIVE] * 100
    names = [f"{at:064x}" for at in range(len(labels))]
    levels = [rng.integers(90, 110) if label is Label.OK else rng.integers(50, 70) for label in labels]
    cache.add((name, np.full((20, 20), level, dtype=np.uint8)) for name, level in zip(names, levels, strict=True))
    return pd.DataFrame({"photo": names, "label": labels}), cache


def test_of_few_photos_each_one_is_looked_at(many: tuple[pd.DataFrame, PixelCache]) -> None:
    photos, cache = many
    found = describe(photos, cache)
    assert (found.looked_at, found.of) == (400, 400)
    for label in Label:
        grey = cache.take(photos.loc[photos["label"] == label, "photo"])
        assert np.allclose(found.mean[label], grey.mean(axis=0))
        assert found.brightness[label] == pytest.approx(grey.mean())
        assert found.histogram[label] == pytest.approx(np.bincount(grey.ravel(), minlength=256) / grey.size)


def test_of_many_photos_a_share_of_both_labels_is_looked_at_and_always_the_same(
    many: tuple[pd.DataFrame, PixelCache],
) -> None:
    photos, cache = many
    found, again, other = (describe(photos, cache, most=100, seed=seed) for seed in (1, 1, 2))
    assert (found.looked_at, found.of) == (100, 400)
    assert found.brightness == again.brightness != other.brightness
    assert found.brightness[Label.OK] == pytest.approx(99.5, abs=2.5)
    assert found.brightness[Label.DEFECTIVE] == pytest.approx(59.5, abs=4)


def test_a_label_of_one_photo_is_looked_at_however_many_others_there_are(
    many: tuple[pd.DataFrame, PixelCache],
) -> None:
    photos, cache = many
    assert set(describe(photos.iloc[:301], cache, most=10).mean) == set(Label)
    alone = describe(photos.iloc[:300], cache)
    assert set(alone.mean) == {Label.OK}
    assert alone.difference is None
    assert describe(photos.iloc[:0], cache).looked_at == 0


def test_skew_names_the_larger_class(many: tuple[pd.DataFrame, PixelCache]) -> None:
    found = skew(many[0])
    assert (found.ok, found.defective, found.ratio, found.notable, found.larger) == (300, 100, 3.0, True, Label.OK)
