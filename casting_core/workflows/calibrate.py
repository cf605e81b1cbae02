"""Where the operating point of a new network comes from: scores of castings that it has not learned from."""

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import OperatingPoint
from casting_core.judging.calibration import fit
from casting_core.judging.scoring import Scorer
from casting_core.learning import export
from casting_core.learning.networks import NETWORKS, adjust
from casting_core.learning.photos import Photos
from casting_core.learning.recipe import Recipe
from casting_core.learning.training import Trained

MIDDLE = 0.5  # of calibrated scores: what is as likely sound as defective
CHUNK = 64  # photos scored between two looks at the memory-mapped pixels
PLAIN = OperatingPoint(threshold=MIDDLE)


def operating_point(trained: Trained, recipe: Recipe) -> OperatingPoint:
    """The threshold of a new network; where its recipe says so, its scores are calibrated for it first.

    The network's last layer is changed in place, so whatever is written of it afterwards gives calibrated scores.
    """
    watched = trained.validation
    if not recipe.calibrate or not len(watched):
        return PLAIN
    castings = np.arange(len(watched)) if watched.castings is None else watched.castings
    return calibrate(trained, recipe, _scores(trained, recipe, watched), watched.labels.astype(int), castings)


def calibrate(
    trained: Trained,
    recipe: Recipe,
    scores: NDArray[np.floating],
    labels: NDArray[np.integer],
    castings: NDArray[np.int64],
) -> OperatingPoint:
    """Calibrates a network on these scores of photos (n,) not learned from, their labels and castings."""
    found = fit(scores, labels, castings)
    adjust(NETWORKS[recipe.network], trained.model, stretch=found.stretch, shift=found.shift)
    number = len(np.unique(castings))
    return OperatingPoint(
        threshold=MIDDLE,
        chosen=f"the middle of scores calibrated on {number} castings that the network did not learn from",
    )


def _scores(trained: Trained, recipe: Recipe, photos: Photos) -> NDArray[np.float32]:
    """The scores of these photos as the serving graph gives them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "graph.onnx")
        export.write_graph(NETWORKS[recipe.network], trained.model, trained.alignment, path)
        scorer = Scorer(path.read_bytes(), trained.alignment)
    chunks = [photos.rows[start : start + CHUNK] for start in range(0, len(photos), CHUNK)]
    return np.concatenate([scorer.score(photos.pixels[rows]).score for rows in chunks])
