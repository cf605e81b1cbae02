"""A photo as its file has it: larger than networks see it, in the same square."""

from pathlib import Path

from casting_core.data.imaging.images import Grey, fit, read
from casting_core.errors import CastingError
from casting_core.workflows.stores import pixel_cache


def full_size(root: Path, path: str, photo: str, *, largest: int) -> Grey:
    """The photo of this sha256 from its file, as a square of at most ``largest`` pixels a side.

    What it shows lies where it lies in the photo that networks see. Where the file has gone, or is another photo by
    now, it is that photo, as small as it is.
    """
    small: Grey = pixel_cache().take([photo])[0]
    try:
        found = read(root / path)
    except CastingError:
        return small
    side = min(max(found.height, found.width), largest)
    return fit(found.grey, side) if found.sha256 == photo and side > small.shape[0] else small
