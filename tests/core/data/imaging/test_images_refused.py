"""Bytes that are no photo: each is refused with one sentence, and nothing but that sentence comes out."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from casting_core import settings as program
from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.images import Photo, decode
from casting_core.domain import Label
from casting_core.errors import PhotoError
from tests.core.data.encoded import GREY, LEVELS, encoded, png_header, tiff

WHOLE = {kind: encoded(GREY, kind) for kind in ("JPEG", "PNG", "BMP", "TIFF", "WEBP")}

OTHERS = {
    "nothing at all": (b"", "the file is empty"),
    "a text file named .jpg": (b"Dear foundry,\nplease find attached ...", "not a photo in a format that can be read"),
    "an SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "not a photo in a format"),
    "a GIF": (encoded(GREY, "GIF"), "not a photo in a format"),
    "a zip archive": (b"PK\x03\x04" + bytes(300), "not a photo in a format"),
    "the first bytes of a JPEG": (b"\xff\xd8\xff\xe0", "not a photo|damaged or cut off"),
    "floating-point levels": (encoded(Image.fromarray(LEVELS.astype(np.float32)), "TIFF"), "32 bits"),
    "whole numbers of 32 bits": (encoded(Image.fromarray(LEVELS.astype(np.int32)), "TIFF"), "32 bits"),
    "levels below zero": (tiff((LEVELS.astype("<i2") - 99).tobytes(), bits=16, signed=True), "32 bits"),
    "a bomb of 100 megapixels": (png_header(10_000, 10_000), "10000 x 10000 pixels are more than the 64,000,000"),
    "a bomb of 3.6 gigapixels": (png_header(60_000, 60_000), "60000 x 60000 pixels are more than the 64,000,000"),
    "a bomb as wide as the format goes": (png_header(2**31 - 1, 2**31 - 1), "more than the 64,000,000 allowed"),
    "no height": (png_header(300, 0), "not a photo|too few"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_it_is_refused_with_a_sentence(what: str) -> None:
    content, reason = OTHERS[what]
    with pytest.raises(PhotoError, match=reason) as refused:
        decode(content)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_photo_that_is_cut_off_is_refused_with_a_sentence(kind: str, share: float) -> None:
    content = encoded(Image.fromarray(draw_casting(0, label=Label.OK).pixels), kind)
    with pytest.raises(PhotoError, match=r"damaged or cut off|not a photo"):
        decode(content[: int(share * len(content))])


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("colours", ["L", "RGB"])
def test_a_copy_that_ends_in_zeros_is_said_to_be_one(kind: str, colours: str) -> None:
    content = encoded(Image.fromarray(draw_casting(0, label=Label.OK).pixels).convert(colours), kind)
    there = int(0.6 * len(content))
    with pytest.raises(PhotoError, match="the last 40 % of the file are zeros, as a broken copy leaves them"):
        decode(content[:there] + bytes(len(content) - there))


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_black_that_somebody_painted_is_no_broken_copy(kind: str) -> None:
    grey = np.maximum(draw_casting(0, label=Label.OK).pixels, 1)
    banded, alone = grey.copy(), grey.copy()
    banded[:60], banded[240:] = 0, 0
    down, across = np.indices(grey.shape) - 150
    alone[np.hypot(down, across) > 110] = 0
    for painted in (banded, alone):
        assert np.array_equal(decode(encoded(Image.fromarray(painted), kind)).grey, painted)


def test_a_file_of_too_many_bytes_is_refused_before_it_is_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_MAX_PHOTO_BYTES", str(2**20))
    program.settings.cache_clear()
    with pytest.raises(PhotoError, match="larger than 1 MiB"):
        decode(WHOLE["PNG"] + bytes(2**20))


any_examples = settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def photo_or_sentence(content: bytes) -> None:
    """The contract of the decoder: a whole photo, or a ``PhotoError`` with a text."""
    try:
        photo = decode(content)
    except PhotoError as error:
        assert str(error)
    else:
        assert isinstance(photo, Photo)
        assert photo.grey.dtype == np.uint8
        assert photo.grey.shape == (photo.height, photo.width)


@any_examples
@given(st.binary(max_size=600), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\0", b"RIFF"]))
def test_any_bytes_give_a_photo_or_a_sentence(content: bytes, start: bytes) -> None:
    photo_or_sentence(start + content)


@any_examples
@given(st.data())
def test_a_damaged_photo_gives_a_photo_or_a_sentence(data: st.DataObject) -> None:
    content = bytearray(WHOLE[data.draw(st.sampled_from(sorted(WHOLE)))])
    # Most of what a decoder believes stands at the beginning, or in TIFF at the end.
    places = st.one_of(
        st.integers(0, 120), st.integers(0, len(content) - 1), st.integers(len(content) - 200, len(content) - 1)
    )
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)):
        content[place % len(content)] = byte
    cut = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    photo_or_sentence(bytes(content[:cut]))
