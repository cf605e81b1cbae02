"""Letters as a mould raises them, drawn in strokes: no font is needed, and they are the same everywhere."""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from casting_core.data.drawing.canvas import Floats, floats

STROKES = {  # the strokes of each, on a field 2 wide and 4 high
    "B": ((0, 4, 0, 0, 1.6, 0, 1.6, 2, 0, 2), (1.6, 2, 2, 4, 0, 4)),
    "7": ((0, 0, 2, 0, 0.7, 4),),
    "-": ((0.2, 2, 1.8, 2),),
    "2": ((0, 0, 2, 0, 2, 2, 0, 2, 0, 4, 2, 4),),
    "0": ((0, 0, 2, 0, 2, 4, 0, 4, 0, 0),),
    "4": ((0, 0, 0, 2, 2, 2), (2, 0, 2, 4)),
}
FINE = 4  # steps a pixel when letters are drawn
WIDE, HIGH = 11, 20  # pixels of one letter's field


def raised(text: str, u: Floats, v: Floats) -> Floats:
    """How far the letters stand out at each place, 0 to 1; u and v in pixels from the upper left of their field."""
    sheet = Image.new("L", ((WIDE * len(text) + 14) * FINE, HIGH * FINE))
    pen = ImageDraw.Draw(sheet)
    for at, letter in enumerate(text):
        for stroke in STROKES[letter]:
            across = (FINE * (5 + WIDE * at + 3 * x) for x in stroke[::2])
            down = (FINE * (4 + 2.6 * y) for y in stroke[1::2])
            pen.line(list(zip(across, down, strict=True)), fill=255, width=2 * FINE, joint="curve")
    soft = ndimage.gaussian_filter(np.asarray(sheet.reduce(FINE), dtype=np.float32) / 255, 0.6)
    return floats(ndimage.map_coordinates(soft, np.stack([v, u]), order=1, mode="constant", prefilter=False))
