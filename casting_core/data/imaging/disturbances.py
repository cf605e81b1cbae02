"""What photographs suffer in a foundry: other light, a camera out of focus, a small file, a hot sensor."""

from collections.abc import Callable

import cv2
import numpy as np

from casting_core.data.imaging.images import Grey

Stress = Callable[[Grey], Grey]


def _exposed(times: float) -> Stress:
    return lambda grey: np.clip(grey.astype(np.float32) * times, 0, 255).astype(np.uint8)


def _bent(gamma: float) -> Stress:
    levels = (255 * (np.arange(256) / 255) ** gamma).round().astype(np.uint8)
    return lambda grey: levels[grey]


def _blurred(grey: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), dtype=np.uint8)


def _squeezed(grey: Grey) -> Grey:
    _, packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 50])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _noisy(grey: Grey) -> Grey:
    noise = np.random.default_rng(int(grey[::7, ::7].sum())).normal(0, 5, grey.shape)  # of its own for every photo
    return np.clip(grey + noise, 0, 255).round().astype(np.uint8)


STRESSES: dict[str, Stress] = {
    "brightness x 0.6": _exposed(0.6),
    "brightness x 1.5": _exposed(1.5),
    "gamma 0.7": _bent(0.7),
    "gamma 1.4": _bent(1.4),
    "blur of 1 px": _blurred,
    "JPEG quality 50": _squeezed,
    "noise of 5 levels": _noisy,
}
