"""The columns of a dataset's table, named once; ``scan`` makes the table."""

from enum import StrEnum


class Column(StrEnum):
    """One column of the table of photos, in their order; there is one row per file."""

    PHOTO = "photo"  # the sha256; empty where the file cannot be read
    PATH = "path"  # within the dataset's root, with forward slashes
    SPLIT = "split"
    LABEL = "label"  # 0, 1 or missing
    WIDTH = "width"  # pixels
    HEIGHT = "height"  # pixels
    MODE = "mode"  # how the file stores its colours
    BYTES = "bytes"  # of the file
    BRIGHTNESS = "brightness"  # mean grey level, 0..255
    SHARPNESS = "sharpness"  # as the gate measures it
    BACKGROUND = "background"  # mean grey level of the corners, 0..255
    GROUP = "group"  # the folders that are neither split nor class, with slashes: dates, lines, numbers of parts
    KIND = "kind"  # of defect, one after the other with commas; empty for sound photos, and where nobody says
    PROBLEM = "problem"  # a sentence; empty for a photo that can be used
