"""How much a photo file may hold: the one place that says so.

Every cost of decoding is bounded by numbers that stand in the file's own structure, so what strangers send is
refused before it costs anything, and no decoding has to be ended from outside. Worst files that keep to all of them
took 3 to 4 seconds on one core, and the whole process less than 600 MB.
"""

import re
from dataclasses import dataclass

from casting_core.errors import PhotoError
from casting_core.settings import settings

SMALLEST_SIDE = 16  # pixels; below it there is nothing to look at
BUFFERS = 400 * 10**6  # bytes a decoder may hold at once, beside the grey photo that is made
SCANS = 100  # of a progressive JPEG; encoders write 6 to 20, each goes through the whole photo
SCANNED = 10**9  # pixels times scans: 64 megapixels in 15 scans
SEGMENTS = 2_000  # of a JPEG before its first scan, and of all between its scans; each costs a step in Python
JUNK = 1_000  # bytes between segments of a JPEG that belong to none; Pillow walks over each in Python
BEHIND = 16  # pictures behind a JPEG that are looked at; a film has the first bytes of one by chance
CHUNKS = 100_000  # of a PNG or WebP: 64 MiB in pieces of 671 bytes
NOTES = 256  # chunks of a PNG that are no pixels; each may unpack to a megabyte
EXIF = 2**20  # bytes of what a camera noted; JPEG allows 64 KiB in one piece
PAGES = 1_000  # of a TIFF, and of one page of it
TAGS = 1_000  # of one page of a TIFF
LISTED = 50_000  # tags of all pages of a TIFF; pages may share them, so a small file can list very many
VALUES = 200_000  # numbers in one tag of a TIFF; each becomes an object of Python
TAGGED = 32 * 2**20  # bytes of all tags of one page of a TIFF
RUN_LENGTH = 2 * 2**20  # bytes of a BMP packed by run lengths; Pillow unpacks them in Python, byte by byte
_PICTURE = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]|\x89PNG\r\n\x1a\n|RIFF....WEBPVP8", re.DOTALL)  # how one begins


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What one photo file holds, as far as its structure could be read; the decoder says what is wrong with the rest.

    A picture is one that could be judged: thumbnails, masks and depth maps beside it are none.
    """

    pictures: int = 1
    page: int = 0  # of a TIFF: the one that is the picture
    width: int = 0  # pixels as stored; 0 where it is not known
    height: int = 0
    scans: int = 1  # how often a decoder goes through all the pixels
    bytes_per_pixel: float = 0.0  # that a decoder holds while it works
    bits: int = 8  # of one sample as stored


def keep_to_limits(held: Contents) -> Contents:
    """The same contents; ``PhotoError`` where they are more than one picture, or too much of one."""
    pixels = held.width * held.height
    if pixels > settings().max_photo_pixels:
        most = f"{settings().max_photo_pixels:,} allowed (CASTING_MAX_PHOTO_PIXELS)"
        raise PhotoError(f"{held.width} x {held.height} pixels are more than the {most}")
    if held.pictures != 1:
        what = f"{held.pictures:,} pictures" if held.pictures else "no whole picture, only previews"
        raise PhotoError(f"it holds {what}, and only one can be judged; save each as a file of its own")
    if held.scans > SCANS or held.scans * pixels > SCANNED:
        raise PhotoError(f"its {pixels:,} pixels are spread over {held.scans:,} scans; save it as a plain JPEG")
    needed = held.bytes_per_pixel * pixels
    if needed > BUFFERS:
        raise PhotoError(
            f"decoding its {pixels:,} pixels would take {needed / 1e6:,.0f} MB of memory, and {BUFFERS / 1e6:.0f} are"
            " allowed; save it in grey, or as a plain JPEG"
        )
    return held


def behind(content: bytes, end: int) -> int:
    """How many pictures lie behind the end of a file of one: 1 where there are any, for more make no difference."""
    return int(0 < end < len(content) and _PICTURE.search(content, end) is not None)


def damaged(what: str) -> PhotoError:
    """What is to be said of a file that is not as its kind should be."""
    return PhotoError(f"damaged or cut off: it starts like a photo but {what}")


def at_most(number: int, most: int, what: str) -> None:
    """``PhotoError`` where a file holds more of something than any photo needs."""
    if number > most:
        raise too_many(most, what)


def too_many(most: int, what: str) -> PhotoError:
    """What is to be said of a file with more than so many of something."""
    return PhotoError(f"it holds more than {most:,} {what}, which no photo needs; save it anew")
