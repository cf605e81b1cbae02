"""What is measured of a photo does what its name says."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.measures import EDGE, background, brightness, detail, sharpness
from casting_core.domain import Label


@pytest.fixture(scope="module")
def casting() -> Grey:
    return draw_casting(1, label=Label.OK).pixels


def test_brightness_is_the_mean_grey_level(casting: Grey) -> None:
    assert brightness(casting) == pytest.approx(casting.mean())
    assert brightness(casting // 2) == pytest.approx(casting.mean() / 2, abs=0.5)


def test_background_is_read_at_the_corners_and_not_on_the_part(casting: Grey) -> None:
    part_painted = casting.copy()
    part_painted[60:240, 60:240] = 0
    assert background(part_painted) == background(casting)
    corners = np.zeros((100, 200), dtype=np.uint8)
    corners[:6, :12], corners[-6:, -12:] = 200, 100
    assert background(corners) == 75.0


def test_a_blurred_photo_is_less_sharp_and_a_darker_one_is_not(casting: Grey) -> None:
    blurred = np.asarray(Image.fromarray(casting).filter(ImageFilter.GaussianBlur(2)))
    assert sharpness(blurred) < sharpness(casting) / 3
    assert sharpness(casting // 2) == pytest.approx(sharpness(casting), rel=0.05)


def test_a_photo_of_one_grey_level_has_no_sharpness() -> None:
    assert sharpness(np.full((20, 30), 90, dtype=np.uint8)) == 0.0


def test_all_detail_is_what_its_formulas_say(casting: Grey) -> None:
    levels = casting.astype(float)
    across = levels[1:-1, :-2] - 2 * levels[1:-1, 1:-1] + levels[1:-1, 2:]
    down = levels[:-2, 1:-1] - 2 * levels[1:-1, 1:-1] + levels[2:, 1:-1]
    checks = np.diff(np.diff(levels, 2, axis=0), 2, axis=1)
    bends = [np.minimum(np.abs(one), EDGE).mean() + 0.05 for one in (across, down)]
    found = detail(casting)
    assert found.sharpness == pytest.approx((across + down).std() / levels.std(), rel=1e-9)
    assert found.sharpness == pytest.approx(sharpness(casting), rel=1e-12)
    assert found.grain == pytest.approx(np.sqrt(np.pi / 2) / 6 * np.abs(checks).mean(), rel=1e-9)
    assert found.lopsided == pytest.approx(np.log(bends[0] / bends[1]), rel=1e-9)
