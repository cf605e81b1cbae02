"""Whether a network learned the light: how well brightness alone predicts labels, and photos all equally bright."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from casting_core.domain import Label

AT_ONCE = 256  # photos taken from the pixel cache at once


def brightness(pixels: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean grey level of each of these rows, 0..255."""
    parts = (pixels[rows[start : start + AT_ONCE]] for start in range(0, len(rows), AT_ONCE))
    return np.concatenate([part.mean(axis=(1, 2), dtype=np.float64) for part in parts])


def brightness_auc(levels: NDArray[np.float64], labels: NDArray[np.floating]) -> float:
    """How well brightness tells labels, whichever is brighter: 0.5, not at all, to 1; 0.5 for one class alone."""
    defective = np.asarray(labels) == Label.DEFECTIVE
    if defective.all() or not defective.any():
        return 0.5
    auc = float(roc_auc_score(defective, levels))
    return max(auc, 1 - auc)


def equally_bright(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same photos, (n, size, size), each shifted to the mean brightness of all of them."""
    means = pixels.mean(axis=(1, 2), dtype=np.float64)
    shift = (means.mean() - means).round().astype(np.int16)
    return np.clip(pixels + shift[:, None, None], 0, 255).astype(np.uint8)
