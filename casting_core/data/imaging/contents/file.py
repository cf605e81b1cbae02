"""Which kind of photo file these bytes are, what it holds, and whether it keeps to the limits."""

from casting_core.data.imaging.contents import bmp, jpeg, png, tiff, webp
from casting_core.data.imaging.contents.limits import Contents, keep_to_limits
from casting_core.errors import PhotoError

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
    raise PhotoError(f"not a photo in a format that can be read ({', '.join(FORMATS)})")
