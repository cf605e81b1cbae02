"""What a drawn part offers to whatever is done with it next: its picture, and where on it defects of each kind sit."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import ndimage

from casting_core.data.drawing.canvas import SIZE, Floats, Shape, floats, noise


class DefectKind(StrEnum):
    """What went wrong with a casting."""

    BLOWHOLE = "blowhole"  # a gas bubble, cut open by the tool
    PINHOLES = "pinholes"  # a cluster of tiny ones
    SHRINKAGE = "shrinkage"  # spongy metal where the melt ran short while setting
    CRACK = "crack"  # a thin jagged line, or a scratch
    FLASH = "flash"  # a burr where the mould's halves did not meet
    MISRUN = "misrun"  # metal missing at the edge


@dataclass(frozen=True, kw_only=True)
class Camera:
    """What is particular about one photograph."""

    sharpness: float  # pixels, blur of the lens
    grain: float  # grey levels, spread of the sensor's noise
    exposure: float  # factor on all grey levels


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A casting drawn, before the camera adds blur and grain. Both pictures are (300, 300) grey levels."""

    camera: Camera
    light: float  # radians, where it comes from
    outline: Shape
    picture: Floats
    desk: Floats  # the background with the casting's shadow on it, also where the casting hides it
    spot: Callable[[DefectKind, np.random.Generator], tuple[float, float]]  # pixels, x and y: where one may sit
    edge: Callable[[DefectKind, np.random.Generator], float]  # radians along the outline: where one may sit


def photograph(camera: Camera, picture: Floats, rng: np.random.Generator) -> Floats:
    """The grey levels, (300, 300) and not yet rounded, that the camera makes of a picture."""
    seen = ndimage.gaussian_filter(picture, camera.sharpness) * np.float32(camera.exposure)
    grain = noise(rng, SIZE, SIZE, smooth=0.45) * np.float32(1.6)  # 1.6: what smoothing takes off the noise
    return floats(seen + grain * np.float32(camera.grain))
