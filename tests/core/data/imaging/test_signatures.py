"""What a file is that is no photo: said, where only "cannot be read" could be said before."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.completeness import share_there
from casting_core.data.imaging.images import decode
from casting_core.data.imaging.signatures import kind_of
from casting_core.domain import Label
from casting_core.errors import PhotoError
from casting_core.settings import settings
from tests.core.data.encoded import GREY, encoded, png_header


def packed() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.png", b"x")
    return held.getvalue()


FOUND = {
    "a page": (b"\n<!DOCTYPE html>\n<html><body>Please sign in</body></html>", "a web page (HTML)"),
    "a page after a mark": (b"\xef\xbb\xbf<html lang=en>", "a web page (HTML)"),
    "a drawing": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "a drawing (SVG)"),
    "XML": (b'<?xml version="1.0"?><annotation/>', "an XML file"),
    "JSON": (b'{"error": "not found"}', "a JSON file"),
    "a text": (b"Dear foundry,\nplease find attached", "a text"),
    "a text of Windows": ("Grüße".encode("utf-16"), "a text"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n", "a Git LFS pointer"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC photo"),
    "AVIF": (b"\0\0\0\x18ftypavif\0\0\0\0", "an AVIF picture"),
    "a film": (b"\0\0\0\x18ftypisom\0\0\0\0", "a film"),
    "a GIF": (encoded(GREY, "GIF"), "a GIF picture"),
    "a zip": (packed(), "a zip file"),
    "an empty zip": (b"PK\x05\x06" + bytes(18), "an empty zip file"),
    "RAR": (b"Rar!\x1a\x07\x01\0" + bytes(30), "a RAR archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(30), "a 7z archive"),
    "tar.gz": (b"\x1f\x8b\x08" + bytes(30), "a gzip archive"),
    "tar": (b"ok/a.png".ljust(257, b"\0") + b"ustar\x0000", "a tar archive"),
    "PDF": (b"%PDF-1.7\n", "a PDF document"),
    "what a Mac leaves": (b"\0\x05\x16\x07" + bytes(80), "what a Mac keeps beside a file"),
    "zeros": (bytes(5000), "zeros only"),
}


@pytest.mark.parametrize("what", FOUND)
def test_it_is_named_and_the_decoder_says_so(what: str) -> None:
    content, kind = FOUND[what]
    assert kind_of(content).startswith(kind)
    with pytest.raises(PhotoError) as refused:
        decode(content)
    assert f"not a photo in a format that can be read (JPEG, PNG, BMP, TIFF, WEBP), but {kind}" in str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "TIFF", "WEBP"])
def test_what_is_a_photo_is_called_one_and_its_first_bytes_too(kind: str) -> None:
    content = encoded(GREY, kind)
    assert kind_of(content).endswith(" photo")
    with pytest.raises(PhotoError, match=r"not a photo that can be read: an? .* photo that is .* cut off|damaged or"):
        decode(content[:20])


def test_bytes_that_nobody_knows_have_no_name() -> None:
    assert kind_of(np.random.default_rng(0).bytes(2000)) == ""
    assert "0 bytes" in kind_of(b"")
    with pytest.raises(PhotoError, match="the file is empty"):
        decode(b"")


CASTING = Image.fromarray(draw_casting(0, label=Label.OK).pixels)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_how_much_has_arrived_of_a_photo_that_was_cut_off(kind: str, share: float) -> None:
    content = encoded(CASTING, kind)
    there = share_there(content[: int(share * len(content))])
    assert there == pytest.approx(share, abs=0.15)
    with pytest.raises(PhotoError, match=r"damaged or cut off: about \d+ % of the photo is there"):
        decode(content[: int(share * len(content))])


def test_of_a_whole_photo_and_of_what_is_none_it_is_not_said() -> None:
    assert [share_there(encoded(CASTING, kind)) for kind in ("JPEG", "PNG", "BMP", "WEBP", "TIFF")] == [None] * 5
    progressive = encoded(CASTING, "JPEG", progressive=True)
    assert share_there(progressive[: len(progressive) // 2]) is None
    assert share_there(b"\x89PNG\r\n\x1a\n\0") is None
    assert share_there(b"text") is None


def test_the_zeros_of_a_broken_copy_are_said() -> None:
    for kind in ("PNG", "WEBP"):  # Pillow reads half a photo of them, and says nothing
        content = encoded(CASTING, kind)
        half = len(content) // 2
        with pytest.raises(PhotoError, match=r"damaged or cut off: the last 50 % of the file are zeros"):
            decode(content[:half] + bytes(len(content) - half))
    assert decode(encoded(CASTING, "PNG") + bytes(600)).width == CASTING.width  # as some disks fill up their blocks


def test_a_limit_names_the_setting_that_moves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PhotoError, match="CASTING_MAX_PHOTO_PIXELS"):
        decode(png_header(10_000, 10_000))
    monkeypatch.setenv("CASTING_MAX_PHOTO_BYTES", "100")
    settings.cache_clear()
    with pytest.raises(PhotoError, match="CASTING_MAX_PHOTO_BYTES"):
        decode(encoded(CASTING))
