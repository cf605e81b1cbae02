"""Grey levels of deep and transparent photos: read rightly, or refused with what was found; never brightened unsaid."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from casting_core.data.imaging import levels
from casting_core.data.imaging.images import decode
from casting_core.errors import PhotoError
from tests.core.data.encoded import GREY, HEIGHT, LEVELS, WIDTH, encoded, tiff

DEEP = LEVELS.astype(np.uint16)


def stored(values: NDArray[Any], kind: str = "PNG", **options: Any) -> bytes:
    return encoded(Image.fromarray(values.astype(np.uint16)), kind, **options)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_twelve_bits_in_sixteen_are_read_as_twelve_and_this_is_said(kind: str) -> None:
    photo = decode(stored(DEEP * 16, kind))
    assert np.abs(photo.grey.astype(int) - LEVELS).max() <= 1
    assert photo.note == "all its levels lie below 4,096, so its 16 bits were read as 12"


def test_ten_and_fourteen_bits_are_sure_where_many_pixels_are_clipped_at_their_top() -> None:
    for bits in (10, 14):
        top = 2**bits - 1
        photo = decode(stored(np.minimum(DEEP.astype(int) * (top + 1) // 200, top)))
        assert (photo.grey.max(), f"read as {bits}" in photo.note) == (255, True)
        assert abs(int(photo.grey[20, 20]) - min(255, int(LEVELS[20, 20]) * 255 // 200)) <= 2


def test_a_file_that_names_its_largest_level_is_believed() -> None:
    photo = decode(stored(DEEP * 4, "TIFF", tiffinfo={281: 1023}))
    assert np.abs(photo.grey.astype(int) - LEVELS).max() <= 1
    assert "read as 10" in photo.note


def test_levels_too_low_for_a_photo_are_refused_with_what_was_found() -> None:
    for values in (DEEP * 4, DEEP, DEEP * 0):
        with pytest.raises(
            PhotoError, match="all its levels lie below 2,048 of 65,535: it is black, or its camera has"
        ):
            decode(stored(values))


def test_a_dark_photo_of_sixteen_bits_stays_dark_and_its_note_says_what_it_may_be() -> None:
    photo = decode(stored(DEEP * 60))
    assert photo.grey.max() == 60
    assert "below 16,384 of 65,535: it is dark, or its camera has 14 bits" in photo.note
    assert decode(stored(DEEP * 257)).note == ""


def test_deep_colours_of_too_few_bits_are_refused() -> None:
    flat = encoded(GREY.convert("RGB"), "TIFF")
    assert decode(flat).grey.max() == 255
    content = tiff((LEVELS.astype("<u2") * 16).repeat(3).tobytes(), bits=16, samples=3)
    with pytest.raises(PhotoError, match="all its colours lie below 4,096 of 65,535"):
        decode(content)
    bright = tiff((LEVELS.astype("<u2") * 257).repeat(3).tobytes(), bits=16, samples=3)
    assert np.array_equal(decode(bright).grey, LEVELS)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_a_photo_that_is_transparent_everywhere_is_read_by_its_colours(mode: str) -> None:
    hidden = GREY.convert(mode)
    hidden.putalpha(0)
    photo = decode(encoded(hidden))
    assert np.array_equal(photo.grey, LEVELS)
    assert photo.note == "its transparency would hide all of it, so it was left out"


def test_a_palette_of_nothing_but_transparent_colours_is_read_by_its_colours() -> None:
    photo = decode(encoded(GREY.quantize(256), transparency=bytes(256)))
    assert np.abs(photo.grey.astype(int) - LEVELS).max() <= 1
    assert photo.note == "its transparency would hide all of it, so it was left out"


def test_a_sheet_that_is_transparent_everywhere_and_shows_nothing_is_white() -> None:
    assert decode(encoded(Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0)))).grey.min() == 255


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "CMYK", "I;16"])
def test_strips_make_the_photo_that_one_piece_makes(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.fromarray(DEEP * 257) if mode == "I;16" else GREY.convert(mode)
    if mode == "RGBA":
        picture.putalpha(GREY)
    whole = levels.grey_of(picture, 8)[0]
    monkeypatch.setattr(levels, "STRIP", 7 * WIDTH)
    assert np.array_equal(levels.grey_of(picture, 8)[0], whole)
