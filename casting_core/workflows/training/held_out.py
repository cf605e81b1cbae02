"""Scores of photos by a network that was not trained on them, as its serving graph gives them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey
from casting_core.judging.scoring import Scorer
from casting_core.learning.inputs.photos import Photos

CHUNK = 64  # photos scored between two looks at the memory-mapped pixels


def scores(scorer: Scorer, photos: Photos) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The score of each photo, (n,), and whether the part was found in it."""
    answers = [scorer.score(grey) for _, grey in in_chunks(photos, np.arange(len(photos)))]
    return np.concatenate([one.score for one in answers]), np.concatenate([one.found for one in answers])


def in_chunks(photos: Photos, chosen: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], Grey]]:
    """These positions, some at a time, and the pixels of their photos."""
    for start in range(0, len(chosen), CHUNK):
        here = chosen[start : start + CHUNK]
        yield here, photos.pixels[photos.rows[here]]
