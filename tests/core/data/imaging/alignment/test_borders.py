"""What was added to make a photo square is told from the photo, and a plain background from both."""

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.data.imaging.alignment import borders
from casting_core.data.imaging.alignment.alignment import free
from casting_core.data.imaging.alignment.choice import unaligned
from casting_core.data.imaging.images import fit

Grey = NDArray[np.uint8]


def drawn(height: int, width: int, seed: int = 0) -> Grey:
    """A rough surface; nothing of it is uniform."""
    return np.random.default_rng(seed).integers(60, 200, (height, width)).astype(np.uint8)


@pytest.mark.parametrize(
    ("height", "width", "expected"), [(100, 300, (100, 0)), (299, 180, (0, 59)), (300, 300, (0, 0)), (60, 121, (75, 0))]
)
def test_what_was_added_is_found_on_each_side(height: int, width: int, expected: tuple[int, int]) -> None:
    assert borders.added(fit(drawn(height, width), 300)) == pytest.approx(expected, abs=1)


def test_a_photo_that_is_not_square_fills_the_view() -> None:
    photo = drawn(100, 300)
    alignment = free(300, reason="for a test", fills=True)
    square = fit(photo, 300)
    view = alignment.view(square, alignment.place(square))
    assert view.shape == (300, 300)
    # Each row of the photo has become three, and what lies in the middle of them is as it was.
    assert np.abs(view[1::3].astype(int) - photo.astype(int)).max() <= 1


def test_a_plain_background_on_the_longer_side_is_kept() -> None:
    part = np.full((100, 300), 255, dtype=np.uint8)
    part[10:90, 60:240] = drawn(80, 180)
    square = fit(part, 300)
    matrix = borders.without(square).matrix
    assert matrix[0, 0] == 150  # as wide as it was
    assert matrix[1, 1] == pytest.approx(40, abs=1)  # white beside the part is like what was added


def test_most_photos_say_whether_they_are_stretched() -> None:
    oblong = [fit(drawn(100, 300, seed), 300) for seed in range(3)]
    square = [fit(drawn(300, 300, seed), 300) for seed in range(2)]
    assert unaligned([*oblong, *square], fills=True).fills
    assert not unaligned([*oblong[:1], *square], fills=True).fills
    assert not unaligned(oblong, fills=False).fills


def test_square_photos_of_parts_on_a_plain_background_are_not_stretched() -> None:
    photos = []
    for seed in range(5):
        photo = np.full((300, 300), 255, dtype=np.uint8)
        photo[80:220, 30:270] = drawn(140, 240, seed)
        photos.append(photo)
    assert not unaligned(photos, fills=True).fills


def test_a_photo_of_one_grey_level_keeps_its_size() -> None:
    plain = np.full((300, 300), 128, dtype=np.uint8)
    assert borders.added(plain) == (0, 0)
    assert np.array_equal(borders.without(plain).matrix[:, :2], np.diag([150, 150]))
