"""What lies in a file beside the photo is never left out in silence, and what would cost too much is never begun."""

import io
import struct
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from casting_core.data.imaging import levels
from casting_core.data.imaging.contents import limits
from casting_core.data.imaging.contents.file import look
from casting_core.data.imaging.images import decode
from casting_core.errors import PhotoError
from tests.core.data.encoded import GREY, HEIGHT, LEVELS, WIDTH, encoded

OTHER = Image.new("L", (WIDTH, HEIGHT), 90)
SMALL = Image.new("L", (WIDTH // 2, HEIGHT // 2), 90)
TWO = "it holds 2 pictures, and only one can be judged; save each as a file of its own"


def pages(*pictures: tuple[Image.Image, int], **options: Any) -> bytes:
    """A TIFF of these pages, each with what it says of its kind (bit 1: a smaller copy, bit 3: a mask)."""
    copies = []
    for picture, kind in pictures:
        copies.append(picture.copy())
        copies[-1].encoderinfo = {"tiffinfo": {254: kind}}
    return encoded(
        copies[0], "TIFF", save_all=True, append_images=copies[1:], tiffinfo={254: pictures[0][1]}, **options
    )


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunks(chunks: bytes) -> bytes:
    """The plain photo as PNG with these chunks before its pixels."""
    content = encoded(GREY)
    return content[:33] + chunks + content[33:]


JPEG = encoded(GREY, "JPEG", quality=95)
SEVERAL = {
    "a TIFF of two pages": pages((GREY, 0), (OTHER, 0)),
    "a TIFF of two pages, the first of them small": pages((SMALL, 0), (GREY, 0)),
    "a large TIFF of two pages": pages((GREY, 0), (OTHER, 0), big_tiff=True),
    "an animated PNG": encoded(GREY, save_all=True, append_images=[OTHER]),
    "a PNG with another behind it": encoded(GREY) + encoded(OTHER),
    "an animated WebP": encoded(GREY.convert("RGB"), "WEBP", save_all=True, append_images=[OTHER.convert("RGB")]),
    "a JPEG for each eye": encoded(GREY, "MPO", save_all=True, append_images=[OTHER]),
    "a JPEG with another behind it": JPEG + encoded(OTHER, "JPEG"),
    "a preview with the photo behind it": encoded(SMALL, "JPEG") + JPEG,
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_a_file_of_two_pictures_is_refused_for_nobody_knows_which_was_meant(kind: str) -> None:
    with pytest.raises(PhotoError) as refused:
        decode(SEVERAL[kind])
    assert str(refused.value) == TWO


def test_as_many_pictures_are_counted_as_there_are() -> None:
    for content in (
        pages(*[(GREY, 0)] * 5),
        encoded(GREY, "MPO", save_all=True, append_images=[OTHER] * 4),
        encoded(
            GREY,
            save_all=True,
            append_images=[OTHER, SMALL.resize(OTHER.size, 0), OTHER.point(lambda level: level // 2), GREY],
        ),
    ):
        with pytest.raises(PhotoError, match="it holds 5 pictures"):
            decode(content)


BESIDE = {
    "a preview behind it": pages((GREY, 0), (SMALL, 1)),
    "a preview in front of it": pages((SMALL, 1), (GREY, 0)),
    "previews on both sides, big end first": pages((SMALL, 1), (GREY, 0), (SMALL, 1)),
    "a mask": pages((GREY, 0), (OTHER, 4)),
    "a preview and nothing that says so but its kind": pages((GREY, 1)),
}


@pytest.mark.parametrize("kind", BESIDE)
def test_of_a_page_and_its_previews_the_page_is_read(kind: str) -> None:
    assert np.array_equal(decode(BESIDE[kind]).grey, LEVELS)


@pytest.mark.parametrize(
    "behind",
    [encoded(SMALL, "JPEG"), b"\0\0\0\x18ftypmp42" + b"\xff\xd8\xff\x12film" * 10, b"\xff\xd8\xff"],
    ids=["a preview", "a film", "the beginning of a picture"],
)
def test_what_a_telephone_puts_behind_the_photo_is_no_picture_of_its_own(behind: bytes) -> None:
    assert np.array_equal(decode(JPEG + behind).grey, decode(JPEG).grey)
    preview = encoded(GREY, "MPO", save_all=True, append_images=[SMALL], quality=95)
    assert np.array_equal(decode(preview).grey, decode(JPEG).grey)
    assert decode(preview).format == "JPEG"


def inside(kind: int, *, of: int = 0) -> bytes:
    """A TIFF page of the kind ``of`` that keeps another page of this kind inside itself, as raw files do."""
    content = bytearray(pages((GREY, of)))
    place = struct.unpack_from("<I", content, 4)[0]
    count = struct.unpack_from("<H", content, place)[0]
    tags = bytes(content[place + 2 : place + 2 + 12 * count])
    hidden, own = len(content), len(content) + 2 + 12 + 4
    content += struct.pack("<H", 1) + struct.pack("<HHII", 254, 4, 1, kind) + bytes(4)
    listed = sorted([*(tags[at : at + 12] for at in range(0, len(tags), 12)), struct.pack("<HHII", 330, 4, 1, hidden)],
                    key=lambda tag: struct.unpack("<H", tag[:2]))  # fmt: skip
    content += struct.pack("<H", count + 1) + b"".join(listed) + bytes(4)
    struct.pack_into("<I", content, 4, own)
    return bytes(content)


def test_pages_within_pages_are_counted_too() -> None:
    assert np.array_equal(decode(inside(1)).grey, LEVELS)
    with pytest.raises(PhotoError, match="it holds 2 pictures"):
        decode(inside(0))
    with pytest.raises(PhotoError, match="only a preview in it can be read"):
        decode(inside(0, of=1))


def test_a_list_of_pages_that_bites_its_tail_ends() -> None:
    content = bytearray(pages((GREY, 0)))
    place = struct.unpack_from("<I", content, 4)[0]
    count = struct.unpack_from("<H", content, place)[0]
    struct.pack_into("<I", content, place + 2 + 12 * count, place)
    assert look(bytes(content)).pictures == 1


def scanned(times: int, side: int = WIDTH) -> bytes:
    """A progressive JPEG whose last scan is there so many times; it says that it has this side."""
    content = bytearray(encoded(GREY, "JPEG", progressive=True))
    frame = content.index(b"\xff\xc2")
    struct.pack_into(">HH", content, frame + 5, side, side)
    last = content.rindex(b"\xff\xda")
    return bytes(content[:last]) + bytes(content[last:-2]) * times + b"\xff\xd9"


def test_a_jpeg_of_very_many_scans_is_refused_before_one_is_decoded() -> None:
    with pytest.raises(PhotoError, match="are spread over 101 scans; save it as a plain JPEG"):
        decode(scanned(1500))
    with pytest.raises(PhotoError, match="49,000,000 pixels are spread over 35 scans"):
        decode(scanned(30, side=7000))
    assert decode(encoded(GREY, "JPEG", progressive=True, quality=95)).width == WIDTH


COSTLY = {
    "a JPEG of very many notes": (JPEG[:2] + b"\xff\xfe\0\2" * 5000 + JPEG[2:], "2,000 pieces before"),
    "a JPEG with dirt between its pieces": (
        JPEG[:20] + (bytes(900) + b"\xff\xfe\0\2") * 5 + JPEG[20:], "1,000 bytes between"
    ),
    "a JPEG that begins with a desert": (JPEG[:2] + b"\xff" * 10**7 + JPEG[2:], "its pixels never begin"),
    "a TIFF that Pillow would read all the same": (b"MM*\0" + encoded(GREY, "TIFF")[4:], "not a photo in a format"),
    "a TIFF whose pages share their tags": (
        b"II*\0\x08\0\0\0" + struct.pack("<H", 900) + struct.pack("<HHII", 330, 4, 900, 10814) * 900 + bytes(4)
        + struct.pack("<I", 8) * 900,
        "50,000 notes in all its pages",
    ),
    "a JPEG with a whole book of the camera": (
        JPEG[:2] + (b"\xff\xe1\xff\xf0Exif\0\0" + bytes(65518 - 6)) * 20 + JPEG[2:], "bytes of notes of the camera"
    ),
    "a PNG of very many notes": (with_chunks(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000))) * 400), "notes"),
    "a PNG in crumbs": (with_chunks(chunk(b"IDAT", b"") * 100_001), "chunks"),
    "a PNG with a whole book of the camera": (with_chunks(chunk(b"eXIf", bytes(2**20 + 1))), "notes of the camera"),
    "a WebP in crumbs": (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(10) + (b"XMP " + bytes(4)) * 100_001, "chunks"),
    "a BMP of long runs": (
        b"BM" + bytes(12) + struct.pack("<IiiHHI", 40, 9000, 7000, 1, 8, 1) + bytes(2**21), "bytes of run lengths"
    ),
    "a WebP of 40 megapixels": (
        b"RIFF\x12\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + struct.pack("<I", 7999)[:3] + struct.pack("<I", 4999)[:3],
        "would take 480 MB of memory, and 400 are allowed",
    ),
    "a TIFF packed by a packer without bounds": (
        encoded(GREY, "TIFF").replace(struct.pack("<HHIH", 259, 3, 1, 1), struct.pack("<HHIH", 259, 3, 1, 34925)),
        r"packed in a way that is not read here \(number 34925\)",
    ),
    "a TIFF of very many strips": (
        encoded(GREY, "TIFF").replace(struct.pack("<HHI", 273, 4, 1), struct.pack("<HHI", 273, 4, 10**8)),
        "200,000 numbers in one note",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", COSTLY)
def test_what_no_photo_needs_is_refused_before_it_costs_anything(what: str) -> None:
    content, reason = COSTLY[what]
    with pytest.raises(PhotoError, match=reason):
        decode(content)


def test_a_large_deep_photo_is_held_in_memory_about_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "STRIP", 2**16)
    deep = np.tile(np.arange(2**16, dtype=np.uint16), 2**4).reshape(2**10, 2**10)
    content = encoded(Image.fromarray(deep), "TIFF")
    tracemalloc.start()
    try:
        photo = decode(content)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert np.array_equal(photo.grey, (deep.astype(np.uint32) * 255 + 32767) // 65535)
    assert most < 6 * deep.size, "of the grey photo, the strips and what Pillow reads the file through"


def test_each_limit_lets_a_whole_photo_of_a_camera_through() -> None:
    sixty_four = 64 * 10**6
    for what, needed in {"grey, 16 bits": 2, "colour": 4, "progressive in colour, 4:2:0": 2 * 1.5 + 1}.items():
        held = limits.Contents(width=8000, height=8000, bytes_per_pixel=needed, scans=12)
        assert limits.keep_to_limits(held) is held, what
    assert sixty_four == 8000 * 8000


def test_the_words_of_a_refusal_are_one_sentence() -> None:
    buffer = io.BytesIO(SEVERAL["an animated PNG"])
    with pytest.raises(PhotoError, match=r"^[^\n]+$"):
        decode(buffer.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP", "JPEG"])
@pytest.mark.parametrize("other", ["PNG", "JPEG"])
def test_a_picture_of_another_kind_behind_a_photo_is_said_and_other_bytes_are_not(kind: str, other: str) -> None:
    photo, behind = encoded(GREY.convert("RGB"), kind), encoded(OTHER, other)
    with pytest.raises(PhotoError, match=TWO):
        decode(photo + behind)
    assert decode(photo + b"made by a camera" * 20).grey.shape == (HEIGHT, WIDTH)
