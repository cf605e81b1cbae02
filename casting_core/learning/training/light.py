"""Whether a network learned the light: the label told by brightness alone, and photos all made equally bright."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from casting_core.domain import Label

AT_ONCE = 256  # photos taken from the pixel cache at once


def brightness(pixels: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean grey level of each of these rows, 0..255."""
    parts = (pixels[rows[start : start + AT_ONCE]] for start in range(0, len(rows), AT_ONCE))
    return np.concatenate([part.mean(axis=(1, 2), dtype=np.float64) for part in parts])


def told_by(levels: NDArray[np.float64], labels: NDArray[np.floating]) -> float:
    """How well levels tell labels, whichever is brighter: an AUC from 0.5, not at all, to 1; 0.5 for one class."""
    defective = np.asarray(labels) == Label.DEFECTIVE
    ones, others = int(defective.sum()), int((~defective).sum())
    if not ones or not others:
        return 0.5
    auc = (rankdata(levels)[defective].sum() - ones * (ones + 1) / 2) / (ones * others)
    return float(max(auc, 1 - auc))


def evened(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same photos, (n, size, size), each shifted to the mean brightness of all of them."""
    means = pixels.mean(axis=(1, 2), dtype=np.float64)
    shift = (means.mean() - means).round().astype(np.int16)
    return np.clip(pixels + shift[:, None, None], 0, 255).astype(np.uint8)
