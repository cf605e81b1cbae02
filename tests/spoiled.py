"""Photos that nobody may judge, made of good ones: in shadow, stretched, blurred, grainy, raw; and what is no part."""

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from casting_core.data.imaging.images import Grey

Spoiling = Callable[[Grey], Grey]

SIDES: dict[str, tuple[slice, slice]] = {
    "left": np.s_[:, :150], "right": np.s_[:, 150:], "upper": np.s_[:150, :], "lower": np.s_[150:, :],
}  # fmt: skip
STRETCHES = (1.15, 1.2, 1.3, 1.5)


def _shadow(side: str, light: float, *, soft: float = 0.0) -> Spoiling:
    lit = np.ones((300, 300), dtype=np.float32)
    lit[SIDES[side]] = light
    if soft:
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), soft))
    return lambda grey: (grey * lit).astype(np.uint8)


def stretched(across: float, down: float, *, how: Image.Resampling, cut: bool) -> Spoiling:
    """So many times as wide and as high; cut to the size it had, or left as large as it became."""

    def spoil(grey: Grey) -> Grey:
        high, wide = grey.shape
        large = Image.fromarray(grey).resize((round(wide * across), round(high * down)), how)
        left, top = (large.width - wide) // 2, (large.height - high) // 2
        return np.asarray(large.crop((left, top, left + wide, top + high)) if cut else large)

    return spoil


def blurred(pixels: float) -> Spoiling:
    """Blurred by a Gaussian of this width."""
    return lambda grey: np.asarray(cv2.GaussianBlur(grey, (0, 0), pixels), dtype=np.uint8)


def grainy(levels: float) -> Spoiling:
    """With noise of this spread."""
    rng = np.random.default_rng(1)
    return lambda grey: np.clip(grey + rng.normal(0, levels, grey.shape), 0, 255).astype(np.uint8)


def raw(*gains: float) -> Spoiling:
    """As behind a mosaic of filters with these gains, row by row."""

    def spoil(grey: Grey) -> Grey:
        mosaic = grey.astype(np.float32)
        for place, gain in enumerate(gains):
            mosaic[place // 2 :: 2, place % 2 :: 2] *= gain
        return mosaic.astype(np.uint8)

    return spoil


def _stretches() -> dict[str, Spoiling]:
    made = {}
    for times in STRETCHES:
        for way, (across, down) in {"across": (times, 1.0), "down": (1.0, times)}.items():
            for cut in (True, False):
                name = f"stretched {way} x {times}{', cut' * cut}"
                made[name] = stretched(across, down, how=Image.Resampling.BICUBIC, cut=cut)
    return made


SPOILED: dict[str, Spoiling] = {
    **{f"{side} half at {light:.0%} of its light": _shadow(side, light) for side in SIDES for light in (0.45, 0.25)},
    **{f"{side} half in a soft shadow": _shadow(side, 0.35, soft=15) for side in SIDES},
    **_stretches(),
    **{f"blurred by {pixels} px": blurred(pixels) for pixels in (3, 5)},
    **{f"grain of {levels} levels": grainy(levels) for levels in (20, 40)},
    "raw, red and blue at half": raw(0.55, 1, 1, 0.6),
    "raw, green at half": raw(1, 0.55, 0.6, 1),
    "raw, red strongest": raw(1, 0.8, 0.8, 0.7),
}


def no_parts() -> dict[str, Grey]:
    """Photos of plates and discs: round things, and nothing at all."""
    plate = np.full((300, 300), 150, dtype=np.uint8)
    drawn = {name: plate.copy() for name in ("two discs", "two discs aslant", "one disc", "a ring", "a square")}
    for name, places in {"two discs": ((80, 150), (220, 150)), "two discs aslant": ((90, 90), (210, 210))}.items():
        for place in places:
            cv2.circle(drawn[name], place, 60, 90, -1, cv2.LINE_AA)
    for name, radii in {"one disc": ((130, 95),), "a ring": ((130, 95), (50, 60))}.items():
        for radius, level in radii:
            cv2.circle(drawn[name], (150, 150), radius, level, -1, cv2.LINE_AA)
    cv2.rectangle(drawn["a square"], (50, 50), (250, 250), 90, -1)
    uneven = np.random.default_rng(5).normal(0, 400, (300, 300))
    drawn["an empty plate"] = np.clip(plate + cv2.GaussianBlur(uneven, (0, 0), 25), 0, 255).astype(np.uint8)
    return {name: grainy(2)(blurred(0.7)(grey)) for name, grey in drawn.items()}
