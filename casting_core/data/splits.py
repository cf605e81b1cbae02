"""Splits that keep a casting whole: all photos of one part go to one side, so a score is one on parts never seen."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.domain import Label, Split
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


def by_casting(photos: pd.DataFrame, castings: NDArray[np.int64], *, test_share: float, seed: int) -> pd.DataFrame:
    """The photos with their splits drawn anew: whole castings go to test, the others to train.

    ``photos`` are usable ones (column ``label``), ``castings`` says which casting each shows.
    """
    test = held_out(castings, photos["label"].to_numpy(dtype=int), share=test_share, seed=seed)
    return photos.assign(split=np.where(test, Split.TEST.value, Split.TRAIN.value))


def seen(
    photos: pd.DataFrame, castings: NDArray[np.int64], *, before: Sequence[Split] = (Split.TRAIN,)
) -> NDArray[np.bool_]:
    """Which of n photos show a casting that some photo of the splits ``before`` shows, too."""
    known = castings[photos["split"].isin([split.value for split in before]).to_numpy()]
    return np.isin(castings, known)
