"""How much of a photo is there, where its file was cut off: by a full disk, a broken copy, a download that ended."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PNG, END_OF_PNG = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
FEW = 100  # bytes; so many zeros at the end of a file may be chance
END_OF_JPEG = b"\xff\xd9"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # values for each pixel of a PNG, by its colour type
WHOLE = 0.98  # share of the pixels of a row that differ from the level of the missing ones
STEP = 2**16  # bytes that are unpacked at once


def lacks_its_end(content: bytes) -> bool:
    """Whether the end of a PNG or WebP photo is not there, or nothing but zeros: Pillow then reads half a photo."""
    if content.startswith(PNG):
        return END_OF_PNG not in content
    zeros = zeros_at_end(content)
    return content[8:12] == b"WEBP" and zeros > max(FEW, len(content) // 50)


def zeros_at_end(content: bytes) -> int:
    """How many zeros a file ends with."""
    return len(content) - len(content.rstrip(b"\0"))


def breaks_off(grey: NDArray[np.uint8]) -> bool:
    """Whether all is of one level from the middle of a row on, and nothing before: zeros of a copy that broke off.

    A border that somebody painted begins with a whole row, and a background with what stands out of it.
    """
    for rows in (grey, grey[::-1]):  # a BMP begins with its last row
        level = rows[-1, -1]
        kept = np.flatnonzero((rows != level).any(axis=1))
        if level not in (0, 255) or not len(kept) or not 1 <= kept[-1] < len(rows) - max(2, len(rows) // 50):
            continue
        last, before = rows[kept[-1]] != level, rows[kept[-1] - 1] != level
        there = int(np.flatnonzero(last)[-1]) + 1
        if there < len(last) and last[:there].mean() > WHOLE and before.mean() > WHOLE:
            return True
    return False


def share_there(content: bytes) -> float | None:
    """About which share of a photo that cannot be read to its end has arrived, 0 to 1; none where nobody can say."""
    try:
        if content[:2] == b"\xff\xd8":
            return _of_jpeg(content)
        if content.startswith(PNG):
            return _of_png(content)
        if content[:2] == b"BM":
            return _by_size(content, int.from_bytes(content[2:6], "little"))
        if content[:4] == b"RIFF":
            return _by_size(content, int.from_bytes(content[4:8], "little") + 8)
    except Exception:  # a reader fed with damaged bytes raises nearly anything, and this is only for a sentence
        return None
    return None


def _by_size(content: bytes, wanted: int) -> float | None:
    return len(content) / wanted if 0 < len(content) < wanted else None


def _of_jpeg(content: bytes) -> float | None:
    """By rows: behind the end of its data a JPEG goes on with the last grey level. None of a progressive one."""
    if END_OF_JPEG in content[-64:] or b"\xff\xc2" in content:
        return None
    image = Image.open(io.BytesIO(content + END_OF_JPEG), formats=("JPEG",))
    image.draft("L", (image.width // 8, image.height // 8))
    grey = np.asarray(image.convert("L"))
    there = np.flatnonzero((grey != grey[-1, -1]).any(axis=1))
    return float(there[-1] + 1) / len(grey) if len(there) else 0.0


def _of_png(content: bytes) -> float | None:
    """By bytes: how many of those that its head promises can be unpacked. None of an interlaced one."""
    width, height, bits, colours, _, _, interlaced = struct.unpack_from(">IIBBBBB", content, 16)
    if interlaced:
        return None
    wanted = height * (1 + (width * bits * CHANNELS[colours] + 7) // 8)
    unpacker, unpacked, at = zlib.decompressobj(), 0, 8
    while at + 8 <= len(content) and unpacked < wanted:
        size, kind = struct.unpack_from(">I4s", content, at)
        data = content[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        while data and unpacked < wanted:
            unpacked += len(unpacker.decompress(data, STEP))
            data = unpacker.unconsumed_tail
        at += size + 12
    return unpacked / wanted if unpacked < wanted else None
