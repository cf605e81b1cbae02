"""What a file says of how it was made, without decoding the photo in it: format, compression, camera, time of day."""

from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np
from PIL import Image

from casting_core.data.imaging.contents.file import FORMATS

CAMERA, EXIF, TAKEN, CHANGED = 0x0110, 0x8769, 0x9003, 0x0132  # tags of EXIF 2.3


@dataclass(frozen=True, kw_only=True)
class Header:
    """How a file was made, as far as it says so."""

    format: str = ""  # JPEG, PNG, ...; empty where it cannot be read
    step: float = 0.0  # mean step of a JPEG's rounding of brightness: the larger, the stronger it is compressed
    camera: str = ""
    hour: float = nan  # of the day at which it was taken, 0 to 24


def read_header(path: Path) -> Header:
    """What the file says; nothing of what it does not say, or says in a way that nobody can read."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            tables = getattr(image, "quantization", None) or {}
            exif = image.getexif()
            return Header(
                format="JPEG" if image.format == "MPO" else str(image.format),
                step=float(np.mean(tables[0])) if 0 in tables else 0.0,
                camera=str(exif.get(CAMERA, ""))[:40],
                hour=_hour(str(exif.get_ifd(EXIF).get(TAKEN) or exif.get(CHANGED) or "")),
            )
    except Exception:
        return Header()


def _hour(moment: str) -> float:
    """The time of day in "2026:11:29 06:30:00", in hours."""
    try:
        hours, minutes = (int(part) for part in moment.split()[1].split(":")[:2])
    except (IndexError, ValueError):
        return nan
    return hours + minutes / 60
