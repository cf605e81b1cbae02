"""Splits that keep a casting whole: all photos of one part go to one side, so a score is one on parts never seen."""

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.errors import DatasetError


def held_out(castings: NDArray[np.int64], labels: NDArray[np.integer], *, share: float, seed: int) -> NDArray[np.bool_]:
    """Which of n photos to hold out, so that no casting lies on both sides.

    Castings are drawn within each label until about ``share`` of that label's castings are held out; a casting with
    photos of both labels counts as defective. Raises ``DatasetError`` where a label has fewer than two castings.
    """
    rng = np.random.default_rng(seed)
    defective = set(castings[np.asarray(labels) == Label.DEFECTIVE].tolist())
    out: set[int] = set()
    for label, group in ((Label.DEFECTIVE, defective), (Label.OK, set(castings.tolist()) - defective)):
        if len(group) < 2:
            raise DatasetError(
                f"{len(group)} {label.word} castings are too few to hold some out whole (at least two of each class)"
            )
        number = min(max(1, round(share * len(group))), len(group) - 1)
        out.update(rng.permutation(sorted(group))[:number].tolist())
    return np.isin(castings, sorted(out))
