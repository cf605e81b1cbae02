"""From the samples a file stores to grey levels of 8 bits, strip by strip, so that a large photo is held once."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import BITSPERSAMPLE, PHOTOMETRIC_INTERPRETATION, TiffImageFile

from casting_core.errors import PhotoError

Grey = NDArray[np.uint8]
Strip = Callable[[Image.Image], Grey]

STRIP = 2**22  # pixels turned to grey at once
MAX_SAMPLE = 281  # the tag of a TIFF that may say the largest level its camera gives
CAMERAS = (10, 12, 14)  # bits of cameras whose levels come in files of 16
CLIPPED = 16  # pixels at the very highest level of a range: from there on it is sure that this is the camera's range
SHIFT = "let the camera shift its bits to the left, or save 8 bits"


def grey_of(image: Image.Image, bits: int) -> tuple[Grey, str]:
    """The grey levels of a loaded image whose samples have so many bits, and what is to be said of how they were read.

    Deep greys are scaled by the range of their file; where it is sure that the camera has fewer bits than the file, by
    that of the camera, and this is said. ``PhotoError`` where the levels are too low to be either.
    """
    if image.mode.startswith("I;16"):
        return _from_deep(image)
    if image.has_transparency_data:
        if _hides_everything(image):
            return _in_strips(image, _plain), "its transparency would hide all of it, so it was left out"
        return _in_strips(image, _over_white), ""
    grey = _in_strips(image, _plain)
    if bits == 16 and image.mode == "RGB" and int(grey.max()) < 16:  # Pillow keeps the upper 8 of 16
        raise PhotoError(f"all its colours lie below 4,096 of 65,535: it is black, or has fewer bits than 16; {SHIFT}")
    return grey, ""


def _in_strips(image: Image.Image, strip: Strip) -> Grey:
    width, height = image.size
    if width * height <= STRIP:
        return strip(image)
    grey = np.empty((height, width), dtype=np.uint8)
    for rows, part in _strips(image):
        grey[rows] = strip(part)
    return grey


def _strips(image: Image.Image) -> Iterator[tuple[slice, Image.Image]]:
    """A few rows at a time."""
    width, height = image.size
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        yield slice(top, bottom), image.crop((0, top, width, bottom))


def _plain(image: Image.Image) -> Grey:
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    return np.asarray(image.convert("L"), dtype=np.uint8)


def _over_white(image: Image.Image) -> Grey:
    white = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(white, image.convert("RGBA")).convert("L"), dtype=np.uint8)


def _hides_everything(image: Image.Image) -> bool:
    """Whether no pixel can be seen though there is something to see: an unused channel that was saved all the same."""
    if image.mode == "P":
        image = image.convert("RGBA")  # a palette says of each of its colours whether it is seen
    bands = image.getbands()
    if bands[-1] != "A" or image.getchannel("A").getextrema() != (0, 0):
        return False
    extrema = [image.getchannel(band).getextrema() for band in bands[:-1]]
    return any(lowest != highest for lowest, highest in extrema)


def _from_deep(image: Image.Image) -> tuple[Grey, str]:
    """Grey levels of a photo with 9 to 16 bits a pixel."""
    stored, inverted = 16, False
    if isinstance(image, TiffImageFile):
        stored = int(image.tag_v2[BITSPERSAMPLE][0])
        inverted = image.tag_v2[PHOTOMETRIC_INTERPRETATION] == 0
    bits, note = (stored, "") if stored != 16 else _bits_used(image)
    white = 2**bits - 1

    def scaled(strip: Image.Image) -> Grey:
        levels = np.minimum(np.asarray(strip), white).astype(np.uint32)
        if inverted:
            np.subtract(white, levels, out=levels)
        levels *= 255
        levels += white // 2
        levels //= white
        return np.asarray(levels, dtype=np.uint8)

    return _in_strips(image, scaled), note


def _bits_used(image: Image.Image) -> tuple[int, str]:
    """How many of 16 bits the camera has, and what to say of it.

    Surely fewer than 16 are used where the file says so, where many pixels lie at the very highest level of a smaller
    range, or where the brightest one lies in the upper half of 12 bits: taken for 16 bits, that photo would be black.
    A photo of 14 bits could as well be a dark one of 16, so it stays dark, and the note says what was found.
    """
    tops = {bits: 2**bits - 1 for bits in CAMERAS}
    highest, clipped = 0, dict.fromkeys(CAMERAS, 0)
    for _, strip in _strips(image):
        levels = np.asarray(strip)
        highest = max(highest, int(levels.max()))
        if highest >= 2**14:
            return 16, ""
        clipped = {bits: clipped[bits] + int(np.count_nonzero(levels == top)) for bits, top in tops.items()}
    named = image.tag_v2.get(MAX_SAMPLE, 0) if isinstance(image, TiffImageFile) else 0
    for bits, top in tops.items():
        sure = highest <= top and (named in (top, (top,)) or clipped[bits] >= CLIPPED)
        if sure or (bits == 12 and top // 2 < highest <= top):
            return bits, f"all its levels lie below {top + 1:,}, so its 16 bits were read as {bits}"
    if highest < 2**11:
        fewer = "it is black, or its camera has fewer bits than 16"
        raise PhotoError(f"all its levels lie below {2**11:,} of 65,535: {fewer}; add light, or {SHIFT}")
    return (
        16,
        f"all its levels lie below 16,384 of 65,535: it is dark, or its camera has 14 bits; add light, or {SHIFT}",
    )
