"""Which kind of photo file these bytes are, what it holds, and whether it keeps to the limits."""

from casting_core.data.imaging.contents import bmp, jpeg, png, tiff, webp
from casting_core.data.imaging.contents.limits import Contents, keep_to_limits
from casting_core.data.imaging.signatures import kind_of
from casting_core.errors import PhotoError
from casting_core.wording import count

FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP")


def look(content: bytes) -> Contents:
    """What the file holds, all of it; ``PhotoError`` where that is more than one picture, or costs too much.

    Nothing gets to the decoder whose structure could not be read here.
    """
    if content.startswith(jpeg.START):
        return keep_to_limits(jpeg.look(content))
    if content.startswith(png.START):
        return keep_to_limits(png.look(content))
    if content.startswith(tiff.STARTS):
        return keep_to_limits(tiff.look(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return keep_to_limits(webp.look(content))
    if content.startswith(b"BM"):
        return keep_to_limits(bmp.look(content))
    raise PhotoError(said_instead(content))


def said_instead(content: bytes) -> str:
    """What is said of bytes that no decoder knows: what they are instead of a photo, where that can be told."""
    kind, formats = kind_of(content), ", ".join(FORMATS)
    if kind.endswith("photo"):
        size = count(len(content), "byte")
        return f"not a photo that can be read: {kind} that is damaged or cut off at its beginning, of {size}"
    return f"not a photo in a format that can be read ({formats})" + (f", but {kind}" if kind else "")
