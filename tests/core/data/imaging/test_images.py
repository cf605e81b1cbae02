"""The decoder: every way to store a photo gives the same grey levels, or is refused with a sentence."""

import hashlib
import io
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.images import decode, fit, identity, read
from casting_core.domain import Label
from casting_core.errors import PhotoError
from casting_core.settings import settings
from tests.core.data.encoded import GREY, HEIGHT, LEVELS, WIDTH, encoded, png_header, tiff, twelve_bits

ORIENTATION = 0x0112
DEEP = LEVELS.astype(np.uint16) * 257

LOSSLESS = {
    "a grey PNG": encoded(GREY),
    "a grey BMP": encoded(GREY, "BMP"),
    "a grey TIFF": encoded(GREY, "TIFF"),
    "a packed TIFF": encoded(GREY, "TIFF", compression="tiff_lzw"),
    "a TIFF whose 0 is white": tiff((255 - LEVELS).tobytes(), bits=8, white_is_zero=True),
    "a WebP without loss": encoded(GREY.convert("RGB"), "WEBP", lossless=True),
    "a colour PNG": encoded(GREY.convert("RGB")),
    "a palette PNG": encoded(GREY.convert("P")),
    "a palette BMP": encoded(GREY.convert("P"), "BMP"),
    "an opaque PNG with alpha": encoded(GREY.convert("LA")),
    "an opaque colour PNG with alpha": encoded(GREY.convert("RGBA")),
    "a CMYK TIFF": encoded(GREY.convert("CMYK"), "TIFF"),
    "a 16-bit PNG": encoded(Image.fromarray(DEEP)),
    "a 16-bit TIFF": encoded(Image.fromarray(DEEP), "TIFF"),
    "a 16-bit TIFF, big end first": encoded(
        Image.frombytes("I;16B", (WIDTH, HEIGHT), DEEP.astype(">u2").tobytes()), "TIFF"
    ),
    "a 16-bit TIFF whose 0 is white": tiff((65535 - DEEP).astype("<u2").tobytes(), bits=16, white_is_zero=True),
}


def worst(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    """The largest difference, in grey levels."""
    return int(np.abs(one.astype(int) - other.astype(int)).max())


@pytest.mark.parametrize("kind", LOSSLESS)
def test_it_has_the_grey_levels_of_the_plain_photo(kind: str) -> None:
    assert np.array_equal(decode(LOSSLESS[kind]).grey, LEVELS)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_has_the_grey_levels_of_the_plain_photo_but_for_its_loss(mode: str) -> None:
    assert worst(decode(encoded(GREY.convert(mode), "JPEG", quality=95)).grey, LEVELS) <= 2


def test_twelve_bit_levels_are_scaled_by_their_own_range() -> None:
    levels = (LEVELS.astype(np.uint32) * 4095 // 255).astype(np.uint16)
    assert worst(decode(tiff(twelve_bits(levels), bits=12)).grey, LEVELS) <= 1


def test_a_one_bit_photo_is_black_and_white() -> None:
    white = LEVELS > 127
    assert np.array_equal(decode(encoded(Image.fromarray(white))).grey, np.where(white, 255, 0))


def test_what_is_transparent_is_laid_over_white() -> None:
    half = Image.merge("LA", (Image.new("L", (WIDTH, HEIGHT), 100), Image.new("L", (WIDTH, HEIGHT), 128)))
    assert decode(encoded(half)).grey.min() == pytest.approx(177, abs=1)


def test_the_transparent_colour_of_a_palette_becomes_white() -> None:
    black = Image.new("P", (WIDTH, HEIGHT), 0)
    black.putpalette([0, 0, 0, 90, 90, 90])
    assert decode(encoded(black, transparency=0)).grey.min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "16-bit PNG", "JPEG"])
def test_a_photo_stands_upright_however_the_camera_was_held(orientation: int, kind: str) -> None:
    stored = Image.fromarray(DEEP) if kind == "16-bit PNG" else GREY
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo = decode(encoded(stored, kind.rsplit(maxsplit=1)[-1], exif=exif))
    held = GREY.copy()
    held.getexif()[ORIENTATION] = orientation
    upright = np.asarray(ImageOps.exif_transpose(held))
    assert photo.grey.shape == (photo.height, photo.width) == upright.shape
    assert worst(photo.grey, upright) <= (3 if kind == "JPEG" else 0)


def test_the_quick_way_through_a_jpeg_gives_the_levels_of_the_long_way() -> None:
    casting = Image.fromarray(draw_casting(3, label=Label.DEFECTIVE).pixels)
    tinted = Image.merge("RGB", (casting, casting.point(lambda level: level * 0.95), casting))
    for picture, rounding, stored_as_is in ((casting.convert("RGB"), 1, False), (tinted, 2, False), (tinted, 2, True)):
        content = encoded(picture, "JPEG", quality=90, subsampling=0, keep_rgb=stored_as_is)
        assert worst(decode(content).grey, decode(encoded(reopened(content))).grey) <= rounding


def reopened(content: bytes) -> Image.Image:
    """The picture in all its colours, as Pillow reads it without being asked for grey."""
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_photo_says_how_its_file_stored_it(mode: str) -> None:
    photo = decode(content := encoded(GREY.convert(mode), "JPEG"))
    assert (photo.mode, photo.format, photo.width, photo.height) == (mode, "JPEG", WIDTH, HEIGHT)
    assert photo.sha256 == identity(content) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("shape", [(300, 300), (600, 600), (30, 300), (1000, 700), (17, 1200)])
def test_a_photo_of_any_shape_is_fitted_without_bending_it(shape: tuple[int, int]) -> None:
    grey: NDArray[np.uint8] = np.full(shape, 90, dtype=np.uint8)
    assert fit(grey, 300).shape == (300, 300)
    assert (fit(grey, 300) == 90).all()


def test_a_round_part_stays_round_in_a_photo_that_is_not_square() -> None:
    y, x = np.mgrid[:600, :900]
    disc = np.where((y - 300) ** 2 + (x - 450) ** 2 < 200**2, 255, 60).astype(np.uint8)
    bright = fit(disc, 300) > 150
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    assert len(rows) == pytest.approx(len(columns), abs=2)
    assert (rows.mean(), columns.mean()) == pytest.approx((149.5, 149.5), abs=1)
    assert fit(disc, 300)[0, 0] == 60, "what is added has the grey of the photo's own border"


def test_a_fitted_photo_is_the_photo_itself_where_the_size_is_right() -> None:
    grey = draw_casting(1, label=Label.OK).pixels
    assert np.array_equal(fit(grey, 300), grey)


def test_a_photo_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(GREY))
    assert np.array_equal(read(tmp_path / "a.png").grey, LEVELS)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="cannot be opened: No such file"):
        read(tmp_path / "gone.png")
    with pytest.raises(PhotoError, match="cannot be opened"):
        read(tmp_path)


def test_a_photo_may_be_as_large_as_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASTING_MAX_PHOTO_PIXELS", str(WIDTH * HEIGHT))
    settings.cache_clear()
    assert decode(encoded(GREY)).width == WIDTH
    with pytest.raises(PhotoError, match=f"{WIDTH} x {HEIGHT + 1} pixels are more than the 3,072 allowed"):
        decode(encoded(Image.new("L", (WIDTH, HEIGHT + 1))))


@pytest.mark.parametrize(("width", "height"), [(15, 300), (300, 15), (1, 1)])
def test_a_photo_of_a_few_pixels_is_refused(width: int, height: int) -> None:
    with pytest.raises(PhotoError, match="too few to show a casting"):
        decode(png_header(width, height))


def test_decoding_in_many_threads_leaves_the_warnings_of_the_program_alone() -> None:
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decode, [encoded(GREY)] * 40))
    assert list(warnings.filters) == before


def test_the_environment_is_read_from_its_own_folders(own_installation: Path) -> None:
    assert settings().data_dir == own_installation / "data"
    assert os.environ["CASTING_MODEL_DIR"] == str(settings().model_dir)
