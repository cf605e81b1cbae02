"""Photos as bytes in every way that files come: what the tests of the decoder feed it."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HEIGHT, WIDTH = 48, 64
LEVELS: NDArray[np.uint8] = np.linspace(0, 255, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH).astype(np.uint8)
GREY = Image.fromarray(LEVELS)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file of this kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG file that says it is this large and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff(data: bytes, *, bits: int, white_is_zero: bool = False, signed: bool = False, samples: int = 1) -> bytes:
    """A plain TIFF of one picture, WIDTH x HEIGHT, grey or of three samples: what Pillow reads but does not write."""
    short, long = 3, 4
    fields = [
        (256, short, WIDTH),
        (257, short, HEIGHT),
        (258, short, bits),
        (259, short, 1),  # not compressed
        (262, short, 2 if samples == 3 else 0 if white_is_zero else 1),
        (273, long, 8),
        (277, short, samples),
        (278, short, HEIGHT),
        (279, long, len(data)),
        (339, short, 2 if signed else 1),
    ]
    packed = [struct.pack("<HHI", tag, kind, 1) + struct.pack("<I", value) for tag, kind, value in fields]
    head = b"II*\0" + struct.pack("<I", 8 + len(data))
    return head + data + struct.pack("<H", len(fields)) + b"".join(packed) + bytes(4)


def twelve_bits(levels: NDArray[np.uint16]) -> bytes:
    """Pairs of levels 0..4095 in three bytes each."""
    first, second = levels.ravel()[::2], levels.ravel()[1::2]
    return np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], axis=1).astype(np.uint8).tobytes()
