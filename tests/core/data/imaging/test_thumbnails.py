"""A thumbnail shows the whole photo, whatever its light."""

import numpy as np
import pytest
from PIL import Image

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.thumbnails import THUMBNAIL, thumbnail
from casting_core.domain import Label


def test_a_thumbnail_is_the_photo_scaled_down_with_mean_0_and_length_1() -> None:
    grey = draw_casting(1, label=Label.OK).pixels
    small = np.asarray(Image.fromarray(grey).resize((24, 24), Image.Resampling.BOX), dtype=float).ravel()
    found = thumbnail(grey)
    assert found.shape == (THUMBNAIL**2,)
    assert found == pytest.approx((small - small.mean()) / np.linalg.norm(small - small.mean()), abs=1e-12)


def test_more_light_changes_next_to_nothing() -> None:
    grey = draw_casting(2, label=Label.OK).pixels // 2
    assert thumbnail(grey) @ thumbnail((grey + 60).astype(np.uint8)) > 0.9999


def test_a_blank_photo_has_no_thumbnail() -> None:
    assert not thumbnail(np.full((300, 300), 128, dtype=np.uint8)).any()
