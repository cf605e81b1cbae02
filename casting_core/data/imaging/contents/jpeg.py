"""What a JPEG file holds: how often its decoder goes through the pixels, and pictures behind the first one.

Telephones put a second JPEG behind the photo (MPO, or just appended): a preview, a depth map, a map of brightness.
These are smaller than the photo. One that is as large is a picture of its own: the other eye, the next of a burst.
"""

import re
from typing import NamedTuple

from casting_core.data.imaging.contents.limits import (
    BEHIND,
    EXIF,
    JUNK,
    SCANS,
    SEGMENTS,
    Contents,
    at_most,
    damaged,
    too_many,
)
from casting_core.errors import PhotoError

START = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
MULTIPLE = {0xC2, 0xC6, 0xCA, 0xCE}  # frames of progressive files: all coefficients are kept until the last scan
ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a segment
SCAN, END, NOTED = 0xDA, 0xD9, 0xE1
_NEXT = re.compile(rb"\xff{1,16}[\x01-\xfe]")
_BETWEEN = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")  # in packed pixels 0xFF is followed by 0 or a restart


class _Frame(NamedTuple):
    width: int
    height: int
    progressive: bool
    samples: float  # a pixel; less than the number of colours where these are stored smaller
    colours: int


def look(content: bytes) -> Contents:
    """What the file holds; ``PhotoError`` where its segments are more than a photo needs."""
    frame, packed = _head(content, 0)
    if frame is None or packed is None:
        raise damaged("its pixels never begin")
    scans, end = _scans(content, packed)
    further = content.find(PNG, end) >= 0
    whole = frame.progressive or scans > 1
    return Contents(
        pictures=1 + further + _behind(content, end, frame.width * frame.height),
        width=frame.width,
        height=frame.height,
        scans=scans,
        bytes_per_pixel=2 * frame.samples * whole + (1 if frame.colours <= 3 else 4),
    )


def _head(content: bytes, start: int) -> tuple[_Frame | None, int | None]:
    """The frame, and where the packed pixels of the first scan begin; none of what is not there."""
    place, frame, junk, noted = start + 2, None, 0, 0
    for _ in range(SEGMENTS):
        found = _NEXT.search(content, place, place + JUNK + 2)
        if not found:
            return frame, None
        if found.start() > place:
            junk += found.start() - place
            at_most(junk, JUNK, "bytes between its pieces")
        place = found.end()
        marker = content[place - 1]
        if marker in ALONE:
            continue
        size = content[place] << 8 | content[place + 1] if place + 1 < len(content) else 0
        if marker == SCAN:
            return frame, place + max(size, 2)
        if marker in FRAMES and frame is None:
            frame = _frame(marker, content[place + 2 : place + size])
        elif marker == NOTED and content[place + 2 : place + 6] == b"Exif":
            noted += size
            at_most(noted, EXIF, "bytes of notes of the camera")
        elif marker == END:
            return frame, None
        place += max(size, 2)
    raise too_many(SEGMENTS, "pieces before its pixels")


def _frame(marker: int, segment: bytes) -> _Frame | None:
    if len(segment) < 6 or len(segment) < 6 + 3 * segment[5]:
        return None
    height, width = int.from_bytes(segment[1:3], "big"), int.from_bytes(segment[3:5], "big")
    factors = [divmod(segment[7 + 3 * at], 16) for at in range(segment[5])]
    largest = max((across for across, _ in factors), default=1) * max((down for _, down in factors), default=1)
    samples = sum(across * down for across, down in factors) / max(largest, 1)
    return _Frame(width, height, marker in MULTIPLE, samples, segment[5])


def _scans(content: bytes, place: int) -> tuple[int, int]:
    """How many scans there are (no more than one above the limit are counted), and where the picture ends."""
    scans, segments = 1, 0
    while scans <= SCANS and (found := _BETWEEN.search(content, place)):
        marker, place = found[1][0], found.end()
        if marker == END:
            return scans, place
        segments += 1
        at_most(segments, SEGMENTS, "pieces between its scans")
        scans += marker == SCAN
        place += max(int.from_bytes(content[place : place + 2], "big"), 2) if marker not in ALONE else 0
    return scans, len(content)


def _behind(content: bytes, end: int, pixels: int) -> int:
    """How many pictures of at least so many pixels lie behind the first."""
    pictures = 0
    for number in range(BEHIND + 1):
        end = content.find(START, end)
        if end < 0:
            break
        at_most(number, BEHIND - 1, "pictures behind the first")
        try:
            frame, packed = _head(content, end)
        except PhotoError:  # by chance the bytes of something else, such as a film, begin like a picture
            packed = None
        if packed is None:
            end += len(START)
            continue
        pictures += frame is not None and frame.width * frame.height >= pixels
        _, end = _scans(content, packed)
    return pictures
