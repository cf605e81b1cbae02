"""The one decoder: from the bytes of a file to grey levels, for training, pages and inspection alike."""

import hashlib
import io
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from casting_core.data.imaging.completeness import breaks_off, lacks_its_end, share_there, zeros_at_end
from casting_core.data.imaging.contents.file import FORMATS, look, said_instead
from casting_core.data.imaging.contents.limits import SMALLEST_SIDE, Contents
from casting_core.data.imaging.levels import Grey, grey_of
from casting_core.errors import PhotoError
from casting_core.settings import settings
from casting_core.wording import percent

__all__ = ["FORMATS", "READING", "SMALLEST_SIDE", "SUFFIXES", "Grey", "Photo", "decode", "fit", "identity", "read"]

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
READING = "3"  # the rules photos are read by; another number where the same bytes give other grey levels than before
ORIENTATION = 0x0112  # of the camera, in what it noted

# How a stored photo has to be turned, by what the camera noted of how it was held (EXIF 2.3, tag Orientation).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Odd metadata is no news to the user. Said once for all threads: changing the filters around each photo is not safe.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True, kw_only=True)
class Photo:
    """One decoded photo. ``mode`` is how the file stored it, before it was turned to grey."""

    sha256: str
    grey: Grey  # (height, width), 0 black to 255 white
    mode: str
    format: str
    note: str = ""  # what a person should know of how it was read

    @property
    def height(self) -> int:
        """Pixels from top to bottom, of the photo held upright."""
        return int(self.grey.shape[0])

    @property
    def width(self) -> int:
        """Pixels from left to right, of the photo held upright."""
        return int(self.grey.shape[1])


def identity(content: bytes) -> str:
    """The identity of a photo: the sha256 of its bytes, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def decode(content: bytes) -> Photo:
    """The photo in these bytes, upright and in grey levels.

    16-bit greys are scaled to 0..255, transparency is laid over white, palettes and CMYK are converted and EXIF
    orientation is applied. A file with more than one picture is refused, for nobody could say which of them was meant.
    Raises ``PhotoError`` for that and everything else.
    """
    if not content:
        raise PhotoError("the file is empty")
    if len(content) > settings().max_photo_bytes:
        raise PhotoError(too_large())
    try:
        held = look(content)
        image = _open(content, held)
        mode, kind = image.mode, "JPEG" if image.format == "MPO" else str(image.format)
        if lacks_its_end(content):
            raise OSError("its end is missing")
        grey, note = _upright_grey(image, held.bits)
        if kind in ("TIFF", "BMP") and zeros_at_end(content) and breaks_off(grey):
            raise OSError("its rows break off")
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise PhotoError(f"the photo has {_too_many('pixels ')}") from error
    except UnidentifiedImageError as error:
        raise PhotoError(said_instead(content)) from error
    except Exception as error:  # a decoder fed with hostile bytes raises nearly anything: struct.error, SyntaxError
        raise PhotoError(f"damaged or cut off: {_damage(content, error)}") from error
    return Photo(sha256=identity(content), grey=grey, mode=mode, format=kind, note=note)


def read(path: Path) -> Photo:
    """The photo in this file; ``PhotoError`` where it cannot be read or is no photo."""
    try:
        about = path.stat()
        if about.st_size > settings().max_photo_bytes:
            raise PhotoError(too_large())
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):  # reading it could wait for ever
            raise PhotoError("it is a pipe, a socket or a device, not a file")
        content = path.read_bytes()
    except OSError as error:
        raise PhotoError(f"the file cannot be opened: {error.strerror or error}") from error
    return decode(content)


def too_large() -> str:
    """What is said of a file with more bytes than a photo may have."""
    return f"the file is larger than {settings().max_photo_bytes / 2**20:.0f} MiB (CASTING_MAX_PHOTO_BYTES)"


def _too_many(what: str = "") -> str:
    return f"more than the {settings().max_photo_pixels:,} {what}allowed (CASTING_MAX_PHOTO_PIXELS)"


def _damage(content: bytes, error: Exception) -> str:
    """What is wrong with a photo that begins well."""
    if (zeros := zeros_at_end(content)) > len(content) // 10:
        return f"the last {percent(zeros / len(content))} of the file are zeros, as a broken copy leaves them"
    there = share_there(content)
    if there is not None:
        return f"about {percent(there)} of the photo is there, and the rest is missing; copy it once more"
    return f"it starts like a photo but cannot be read to its end ({error})"


def _open(content: bytes, held: Contents) -> Image.Image:
    image = Image.open(io.BytesIO(content), formats=FORMATS)
    if held.page:
        image.seek(held.page)
    width, height = image.size
    if width * height > settings().max_photo_pixels:
        raise PhotoError(f"{width} x {height} pixels are {_too_many()}")
    if min(width, height) < SMALLEST_SIDE:
        raise PhotoError(f"{width} x {height} pixels are too few to show a casting (at least {SMALLEST_SIDE} a side)")
    if image.mode in ("I", "F"):
        raise PhotoError("its grey levels have 32 bits, and nothing says which of them is white; save it with 8 or 16")
    return image


def _upright_grey(image: Image.Image, bits: int) -> tuple[Grey, str]:
    """The grey levels, and what is to be said of how they were read."""
    if image.format in ("JPEG", "MPO") and image.mode in ("RGB", "L"):
        image.draft("L", image.size)  # brightness lies in the file; making colours of it first costs half the time
    turn = None if image.format == "TIFF" else TURNS.get(image.getexif().get(ORIENTATION, 1))
    image.load()  # verify() lets truncated files pass, load() does not; a TIFF is turned upright by it
    grey, note = grey_of(image, bits)
    if turn is not None:  # the grey photo is a quarter of the one in colour
        grey = np.asarray(Image.fromarray(grey).transpose(turn), dtype=np.uint8)
    return grey, note


def fit(grey: Grey, size: int) -> Grey:
    """The photo scaled to ``size`` x ``size`` pixels; a photo that is not square is centred on its own border's grey.

    Scaling both sides alike keeps round parts round, whatever camera took them.
    """
    height, width = grey.shape
    if (height, width) == (size, size):
        return grey
    scale = size / max(height, width)
    target = (max(1, round(width * scale)), max(1, round(height * scale)))
    resample = Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BILINEAR
    scaled = np.asarray(Image.fromarray(grey).resize(target, resample, reducing_gap=3.0), dtype=np.uint8)
    if scaled.shape == (size, size):
        return scaled
    border = np.concatenate([scaled[0], scaled[-1], scaled[:, 0], scaled[:, -1]])
    canvas = np.full((size, size), np.uint8(np.median(border)), dtype=np.uint8)
    top, left = (size - scaled.shape[0]) // 2, (size - scaled.shape[1]) // 2
    canvas[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return canvas
