"""What the light makes of a relief: bright slopes, dark corners, shadows. All pictures are (rows, columns)."""

from math import cos, sin

import numpy as np
from scipy import ndimage

from casting_core.data.canvas import Floats, floats


def raised_by(height: Floats, away: Floats, *, high: float, slope: float) -> Floats:
    """The height with a shape raised on it (``away`` pixels from it), smoothly over so many pixels inwards."""
    share = np.clip(-away / np.float32(slope), 0, 1)
    return floats(np.where(share > 0, np.maximum(height, high * share * share * (3 - 2 * share)), height))


def lit(height: Floats, grey: Floats, *, light: float, above: float) -> Floats:
    """Grey levels of a relief (pixels high, and the levels where it lies flat) under light from an angle, so far above.

    Both angles in radians; ``light`` runs clockwise from the right.
    """
    down, right = np.gradient(height)
    across, up = (np.float32(part(light) * cos(above)) for part in (cos, sin)), np.float32(sin(above))
    to_right, to_down = across
    facing = (up - right * to_right - down * to_down) / np.sqrt(1 + right * right + down * down)
    corners = np.clip(ndimage.gaussian_filter(height, 4.0) - height, 0, 4)
    share = 0.30 + 0.70 * np.maximum(facing, 0) / up - 0.07 * corners
    level = grey * np.clip(share * (1 - 0.45 * _shadow(height, light=light, above=above)), 0.08, 2.2)
    return floats(np.minimum(level, 236 + 0.1 * (level - 236)))  # a sensor's shoulder, not a clipped white


def _shadow(height: Floats, *, light: float, above: float) -> Floats:
    """How much, 0 to 1, of the light what stands higher takes away."""
    shadow = np.zeros_like(height)
    for away in (3, 6, 9):
        by = (-round(away * sin(light)), -round(away * cos(light)))
        over = np.roll(height, by, (0, 1)) - height - np.float32(away * np.tan(above) * 0.8)
        shadow = np.maximum(shadow, np.clip(over / 2, 0, 1))
    return floats(ndimage.gaussian_filter(shadow, 0.8))
