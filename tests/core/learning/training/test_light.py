"""Light: how much of the label brightness tells, and photos made equally bright."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.domain import Label
from casting_core.learning.training.light import brightness, brightness_auc, equally_bright

RNG = np.random.default_rng(4)


def test_brightness_tells_labels_as_the_roc_curve_says() -> None:
    levels, labels = RNG.integers(0, 30, 200).astype(float), (RNG.random(200) < 0.3).astype(np.float32)
    auc = float(roc_auc_score(labels, levels))
    assert brightness_auc(levels, labels) == pytest.approx(max(auc, 1 - auc))
    assert brightness_auc(-levels, labels) == pytest.approx(brightness_auc(levels, labels))


def test_one_class_alone_tells_nothing() -> None:
    assert brightness_auc(RNG.random(5), np.ones(5)) == 0.5


def test_photos_made_equally_bright_are_equally_bright_and_otherwise_as_they_were() -> None:
    photos = np.stack([draw_casting(seed, label=Label.OK).pixels // (1 + seed) for seed in range(3)])
    even = equally_bright(photos)
    levels = brightness(even, np.arange(3))
    assert np.ptp(levels) < 6 < np.ptp(brightness(photos, np.arange(3)))
    inner = (even > 0) & (even < 255)
    for one, was, seen in zip(even.astype(int), photos.astype(int), inner, strict=True):
        assert len(set((one - was)[seen].tolist())) == 1
