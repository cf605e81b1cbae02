"""What photographs suffer in a foundry: other light, a camera out of focus, a small file, a hot sensor, a shift."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey

Stress = Callable[[Grey], Grey]


class Disturbance(StrEnum):
    """One thing that photographs suffer; what its strength means, ``disturbed`` says."""

    LIGHT = "light"
    GAMMA = "gamma"
    CONTRAST = "contrast"
    BLUR = "blur"
    NOISE = "noise"
    JPEG = "JPEG"
    TURN = "turn"
    SHIFT = "shift"


def disturbed(grey: Grey, what: Disturbance, strength: float) -> Grey:
    """The photo, (height, width), with this done to it; the same photo suffers the same twice.

    What ``strength`` is: of light a factor on all grey levels; of gamma its exponent, above 1 darker; of contrast a
    factor on the distance from the mean grey level; of blur a standard deviation in pixels; of noise one in grey
    levels; of JPEG the quality it is saved with, 1 to 100; of a turn degrees, left or right by the photo; of a shift a
    share of the photo's side, in a direction that is each photo's own. Beyond the photo its edge goes on.
    """
    return _DONE[what](grey, strength)


def _exposed(grey: Grey, times: float) -> Grey:
    return np.asarray(np.clip(grey.astype(np.float32) * times, 0, 255), dtype=np.uint8)


def _bent(grey: Grey, gamma: float) -> Grey:
    levels = (255 * (np.arange(256) / 255) ** gamma).round().astype(np.uint8)
    return levels[grey]


def _flattened(grey: Grey, times: float) -> Grey:
    middle = float(grey.mean())
    flat = np.clip(middle + (grey.astype(np.float32) - middle) * times, 0, 255)
    return np.asarray(flat.round(), dtype=np.uint8)


def _blurred(grey: Grey, pixels: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), pixels), dtype=np.uint8) if pixels > 0 else grey


def _squeezed(grey: Grey, quality: float) -> Grey:
    _, packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, round(quality)])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _noisy(grey: Grey, levels: float) -> Grey:
    noisy = np.clip(grey + _own(grey).normal(0, levels, grey.shape), 0, 255)
    return np.asarray(noisy.round(), dtype=np.uint8)


def _turned(grey: Grey, degrees: float) -> Grey:
    height, width = grey.shape
    way = _own(grey).choice((-1.0, 1.0))
    return _moved(grey, cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), way * degrees, 1.0))


def _shifted(grey: Grey, share: float) -> Grey:
    angle = _own(grey).uniform(0, 2 * np.pi)
    across, down = share * max(grey.shape) * np.array([np.cos(angle), np.sin(angle)])
    return _moved(grey, np.array([[1.0, 0.0, across], [0.0, 1.0, down]]))


def _moved(grey: Grey, matrix: NDArray[Any]) -> Grey:
    height, width = grey.shape
    seen = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.uint8)


def _own(grey: Grey) -> np.random.Generator:
    """Chance that is each photo's own."""
    return np.random.default_rng(int(grey[::7, ::7].sum()))


_DONE: dict[Disturbance, Callable[[Grey, float], Grey]] = {
    Disturbance.LIGHT: _exposed,
    Disturbance.GAMMA: _bent,
    Disturbance.CONTRAST: _flattened,
    Disturbance.BLUR: _blurred,
    Disturbance.NOISE: _noisy,
    Disturbance.JPEG: _squeezed,
    Disturbance.TURN: _turned,
    Disturbance.SHIFT: _shifted,
}

STRESSES: dict[str, Stress] = {
    name: partial(disturbed, what=what, strength=strength)
    for name, what, strength in (
        ("brightness x 0.6", Disturbance.LIGHT, 0.6),
        ("brightness x 1.5", Disturbance.LIGHT, 1.5),
        ("gamma 0.7", Disturbance.GAMMA, 0.7),
        ("gamma 1.4", Disturbance.GAMMA, 1.4),
        ("blur of 1 px", Disturbance.BLUR, 1.0),
        ("JPEG quality 50", Disturbance.JPEG, 50.0),
        ("noise of 5 levels", Disturbance.NOISE, 5.0),
    )
}
