"""Splits that keep a casting whole: all photos of one part go to one side, so a score is one on parts never seen."""

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
    out: set[int] = set()
    for drawn in _drawn(castings, labels, least=2, seed=seed, purpose="hold some out whole"):
        out.update(drawn[: min(max(1, round(share * len(drawn))), len(drawn) - 1)])
    return np.isin(castings, sorted(out))


def some_of(castings: NDArray[np.int64], *, share: float, seed: int) -> NDArray[np.bool_]:
    """Which of n photos of one class to hold out: those of about ``share`` of the castings, drawn at random.

    Raises ``DatasetError`` where there are fewer than two castings.
    """
    known = np.unique(castings)
    if len(known) < 2:
        raise DatasetError("one casting is too few to hold some out whole (at least 2 are needed)")
    number = min(max(1, round(share * len(known))), len(known) - 1)
    return np.isin(castings, np.random.default_rng(seed).permutation(known)[:number])


def folds(castings: NDArray[np.int64], labels: NDArray[np.integer], *, number: int, seed: int) -> NDArray[np.int64]:
    """The fold of each of n photos, 1 to ``number``; no casting lies in two, and each has castings of both labels.

    A casting with photos of both labels counts as defective. Raises ``DatasetError`` where a label has fewer castings
    than there are to be folds.
    """
    fold: dict[int, int] = {}
    for drawn in _drawn(castings, labels, least=number, seed=seed, purpose=f"make {number} folds"):
        fold.update({casting: 1 + place % number for place, casting in enumerate(drawn)})
    return np.array([fold[casting] for casting in castings.tolist()], dtype=np.int64)


def own_validation(photos: pd.DataFrame) -> bool:
    """Whether these photos (columns split and label) have a validation folder that a training can validate on.

    That takes photos to learn from beside it, and photos of both classes in it.
    """
    labels = photos.loc[photos["split"] == Split.VALIDATION, "label"]
    return set(labels) == set(Label) and bool((photos["split"] == Split.TRAIN).any())


def _drawn(
    castings: NDArray[np.int64], labels: NDArray[np.integer], *, least: int, seed: int, purpose: str
) -> list[list[int]]:
    """The castings of each label in random order, defective ones first.

    A casting with photos of both labels counts as defective; where that leaves too few ok ones, as ok.
    """
    rng = np.random.default_rng(seed)
    defective, ok = (set(castings[np.asarray(labels) == label].tolist()) for label in (Label.DEFECTIVE, Label.OK))
    both = defective & ok
    if len(ok - both) >= least:
        ok -= both
    else:
        defective -= both
    enough_of_both = len(both & ok) >= least  # each part gets some of these, and so photos of both labels
    drawn = []
    for label, group in ((Label.DEFECTIVE, defective), (Label.OK, ok)):
        if len(group) < least and not (enough_of_both and label is Label.DEFECTIVE):
            raise DatasetError(
                f"{len(group)} {label.word} castings are too few to {purpose} (at least {least} of each class)"
            )
        drawn.append(rng.permutation(sorted(group)).tolist())
    return drawn
