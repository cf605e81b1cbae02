"""What the light makes of a relief: bright slopes, dark corners, shadows. All pictures are (rows, columns)."""

from math import cos, sin

import numpy as np
from scipy import ndimage

from casting_core.data.drawing.canvas import Floats, floats, over


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


def hole_through(
    picture: Floats,
    desk: Floats | float,
    *,
    brim: tuple[Floats, Floats],
    below: tuple[Floats, Floats],
    radius: float,
    light: float,
) -> Floats:
    """The picture with a hole: a broken edge, the wall lit opposite the light, and the desk (grey levels) behind.

    ``brim`` and ``below`` are pixels, to the right and down, from the hole's middle at its upper and its lower end.
    """
    right, down = brim
    away, beneath = (np.hypot(*end) - np.float32(radius) for end in (brim, below))
    facing = (right * np.float32(cos(light)) + down * np.float32(sin(light))) / np.float32(radius)
    edge = np.exp(-(((away - 0.9) / 0.9) ** 2)) * (14 - 30 * facing)
    wall = 34 - 30 * np.minimum(facing, 0)
    through = np.clip(0.5 - np.maximum(away + 1.2, beneath + 0.4), 0, 1)
    inside = over(floats(wall), floats(desk * (0.34 - 0.16 * facing)), floats(through))
    return over(floats(picture + edge), inside, floats(np.clip(0.5 - away, 0, 1)))


def _shadow(height: Floats, *, light: float, above: float) -> Floats:
    """How much, 0 to 1, of the light what stands higher takes away."""
    shadow = np.zeros_like(height)
    for away in (3, 6, 9):
        by = (-round(away * sin(light)), -round(away * cos(light)))
        over = np.roll(height, by, (0, 1)) - height - np.float32(away * np.tan(above) * 0.8)
        shadow = np.maximum(shadow, np.clip(over / 2, 0, 1))
    return floats(ndimage.gaussian_filter(shadow, 0.8))
