"""What a TIFF file holds: its pages, which of them are previews or masks, and what decoding the photo costs.

A page may say of itself that it is a smaller copy or a mask of another (``NewSubfileType``, TIFF 6.0 page 36, or the
older ``SubfileType``). Every other page is a picture of its own, whatever its size.
"""

import struct
from dataclasses import dataclass
from typing import NamedTuple

from casting_core.data.imaging.contents.limits import LISTED, PAGES, TAGGED, TAGS, VALUES, Contents, at_most, damaged
from casting_core.errors import PhotoError

STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
NEW_SUBFILE, SUBFILE, WIDTH, HEIGHT, BITS, PACKING = 254, 255, 256, 257, 258, 259
STRIPS, SAMPLES, STRIP_ROWS, TILE_WIDTH, TILE_HEIGHT, INSIDE = 273, 277, 278, 322, 323, 330
SMALLER_COPY, MASK = 1, 4  # bits of NewSubfileType
OLD_SMALLER_COPY = 2  # the value of SubfileType
PLAIN = 1
PACKINGS = {PLAIN, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 50000}  # others can ask for any memory (LZMA, JBIG)
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
TEXT = {1, 2, 6, 7}  # kinds of values that stay bytes
NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}


class _Tag(NamedTuple):
    kind: int
    values: int  # how many
    place: int  # of its values in the file


@dataclass
class _Form:
    """How numbers are written in this file, and how many tags were read of it."""

    content: bytes
    order: str  # "<" or ">"
    large: bool  # of the form for files beyond 4 GB
    listed: int = 0

    def number(self, letter: str, place: int) -> int:
        try:
            return int(struct.unpack_from(self.order + letter, self.content, place)[0])
        except (struct.error, OverflowError) as error:
            raise damaged("its list of pages leads beyond its end") from error

    def values(self, tag: _Tag | None, most: int = 1) -> list[int]:
        """The first values of a tag of whole numbers; none where there is no such tag."""
        if tag is None or tag.kind not in NUMBERS:
            return []
        step = SIZES[tag.kind]
        return [self.number(NUMBERS[tag.kind], tag.place + step * at) for at in range(min(tag.values, most))]

    def page(self, place: int) -> tuple[dict[int, _Tag], int]:
        """The tags of the page that is listed here, and where the next one is listed (0 after the last)."""
        start, count_letter, entry, offset = (8, "Q", 20, "Q") if self.large else (2, "H", 12, "I")
        count = self.number(count_letter, place)
        self.listed += count
        at_most(count, TAGS, "notes in one page")
        at_most(self.listed, LISTED, "notes in all its pages")
        tags: dict[int, _Tag] = {}
        total, inline = 0, 8 if self.large else 4
        for at in range(place + start, place + start + entry * count, entry):
            name, kind = self.number("H", at), self.number("H", at + 2)
            values = self.number(offset, at + 4)
            size = values * SIZES.get(kind, 0)
            if kind not in TEXT:
                at_most(values, VALUES, "numbers in one note")
            total += size
            at_most(total, TAGGED, "bytes of notes in one page")
            there = at + entry - inline
            tags.setdefault(name, _Tag(kind, values, there if size <= inline else self.number(offset, there)))
        return tags, self.number(offset, place + start + entry * count)


def look(content: bytes) -> Contents:
    """What the file holds; ``PhotoError`` where its pages are more than a photo needs, or packed in a way not read."""
    form = _Form(content, "<" if content[:2] == b"II" else ">", content[:4] in STARTS[2:])
    pages = _pages(form)
    whole = [number for number, tags in enumerate(pages) if _is_picture(form, tags)]
    inside = sum(_pictures_inside(form, tags) for tags in pages)
    if not whole and not inside and len(pages) == 1:
        whole = [0]  # a preview alone in its file is the photo there is
    if not whole and inside == 1:
        raise PhotoError("only a preview in it can be read; let the camera or its program save a TIFF or JPEG")
    if not pages:
        raise damaged("has no page")
    pictures = len(whole) + inside
    if len(whole) != 1:
        return Contents(pictures=pictures)
    return _picture(form, pages[whole[0]], pictures=pictures, page=whole[0])


def _pages(form: _Form) -> list[dict[int, _Tag]]:
    place = form.number("Q" if form.large else "I", 8 if form.large else 4)
    pages: list[dict[int, _Tag]] = []
    seen: set[int] = set()
    while place and place not in seen:  # a list that leads back to itself has no more pages
        seen.add(place)
        at_most(len(seen), PAGES, "pages")
        tags, place = form.page(place)
        pages.append(tags)
    return pages


def _is_picture(form: _Form, tags: dict[int, _Tag]) -> bool:
    kind, old = form.values(tags.get(NEW_SUBFILE)), form.values(tags.get(SUBFILE))
    if kind and kind[0] & (SMALLER_COPY | MASK):
        return False
    return not (old and old[0] == OLD_SMALLER_COPY)


def _pictures_inside(form: _Form, tags: dict[int, _Tag]) -> int:
    """How many pictures a page keeps inside itself, where nobody who reads pages finds them."""
    places = form.values(tags.get(INSIDE), PAGES)
    at_most(len(places), PAGES - 1, "pages")
    return sum(_is_picture(form, form.page(place)[0]) for place in places if place)


def _picture(form: _Form, tags: dict[int, _Tag], *, pictures: int, page: int) -> Contents:
    def one(name: int, usual: int) -> int:
        return (form.values(tags.get(name)) or [usual])[0]

    width, height, bits = one(WIDTH, 0), one(HEIGHT, 0), one(BITS, 1)
    samples, packing = one(SAMPLES, 1), one(PACKING, PLAIN)
    if packing not in PACKINGS:
        raise PhotoError(f"it is a TIFF packed in a way that is not read here (number {packing}); save it with LZW")
    rows = min(one(STRIP_ROWS, height), height)
    piece = one(TILE_WIDTH, width) * one(TILE_HEIGHT, rows) * samples * max(bits, 8) / 8  # bytes unpacked at once
    kept = (4 if samples > 1 else max(bits, 8) / 8) + (0 if packing == PLAIN else piece / max(width * height, 1))
    return Contents(pictures=pictures, page=page, width=width, height=height, bytes_per_pixel=kept, bits=bits)
