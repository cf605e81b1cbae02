"""A stretch after the compression is told from its blocks, and nothing else that photos suffer is taken for one."""

import numpy as np
import pytest
from PIL import Image

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.disturbances import STRESSES
from casting_core.data.imaging.images import Grey, decode
from casting_core.data.imaging.traces.compression import stretched_blocks
from casting_core.domain import Label
from tests.core.data.encoded import encoded
from tests.spoiled import SPOILED

PLAIN = 3.5  # as the gate has it


def as_jpeg(grey: Grey, quality: int = 80) -> Grey:
    return decode(encoded(Image.fromarray(grey), "JPEG", quality=quality)).grey


def resized(grey: Grey, times: float) -> Grey:
    side = round(len(grey) * times)
    return np.asarray(Image.fromarray(grey).resize((side, side), Image.Resampling.BICUBIC))


@pytest.fixture(scope="module")
def castings() -> list[Grey]:
    """As a camera saves them."""
    return [as_jpeg(draw_casting(seed, label=Label(seed % 2)).pixels) for seed in range(6)]


@pytest.mark.parametrize("stretch", [kind for kind in SPOILED if "stretched" in kind])
def test_a_stretched_photo_shows_blocks_longer_one_way(stretch: str, castings: list[Grey]) -> None:
    assert all(stretched_blocks(SPOILED[stretch](grey)) > PLAIN for grey in castings)


@pytest.mark.parametrize("stress", STRESSES)
def test_what_photographs_suffer_is_no_stretch(stress: str, castings: list[Grey]) -> None:
    assert all(stretched_blocks(STRESSES[stress](grey)) < PLAIN for grey in castings)


@pytest.mark.parametrize("times", [0.6, 0.85, 1.15, 1.5])
def test_a_photo_made_larger_or_smaller_all_over_is_not_stretched(times: float, castings: list[Grey]) -> None:
    for grey in castings:
        other = resized(grey, times)
        assert stretched_blocks(other) < PLAIN
        assert stretched_blocks(as_jpeg(other, 90)) < PLAIN


def test_of_flat_small_and_large_photos_nothing_is_said(castings: list[Grey]) -> None:
    assert stretched_blocks(np.full((300, 300), 128, dtype=np.uint8)) == 0.0
    assert stretched_blocks(castings[0][:40]) == 0.0
    bordered = np.full((1500, 1600), 255, dtype=np.uint8)
    bordered[600:900, 600:900] = castings[0]
    assert stretched_blocks(bordered) < PLAIN
