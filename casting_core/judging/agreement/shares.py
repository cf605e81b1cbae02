"""Shares of parts with exact bounds: parts are the trials of a bound, never decisions about them."""

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.judging.agreement.answers import NONE, Given, counts
from casting_core.judging.agreement.values import Share, Wrong

CONFIDENCE = 0.95


def share(parts: NDArray[np.bool_]) -> Share:
    """The share of these parts that are so."""
    wanted, number = int(parts.sum()), len(parts)
    sure = (1 + CONFIDENCE) / 2
    return Share(
        of_parts=wanted,
        parts=number,
        lower=1 - _bound(number - wanted, number, sure),
        upper=_bound(wanted, number, sure),
    )


def wrong(given: Given, reference: Given, label: Label) -> Wrong:
    """What went wrong with the parts of one class that were judged at least once."""
    here = given[(reference == label) & (given != NONE).any(axis=1)]
    missed = (here != NONE) & (here != label)
    parts = int(missed.any(axis=1).sum())
    return Wrong(
        wrong=int(missed.sum()),
        decisions=int((here != NONE).sum()),
        parts_wrong=parts,
        parts=len(here),
        upper=_bound(parts, len(here), CONFIDENCE),
    )


def alike(given: Given) -> NDArray[np.bool_]:
    """Whether all answers about a part are the same, (parts,)."""
    return np.asarray((counts(given) > 0).sum(axis=1) < 2)


def several(given: Given) -> NDArray[np.bool_]:
    """Whether a part was judged more than once, (parts,)."""
    return np.asarray((given != NONE).sum(axis=1) > 1)


def right(given: Given, reference: Given) -> NDArray[np.bool_]:
    """Of the parts that have answers and a reference, whether all answers are right."""
    known = (given != NONE).any(axis=1) & (reference != NONE)
    fits: NDArray[np.bool_] = (given == NONE) | (given == reference[:, None])
    return np.asarray(fits[known].all(axis=1))


def _bound(number: int, parts: int, sure: float) -> float:
    """The share is at most this with so much confidence, where it was seen in ``number`` of ``parts``."""
    if number == parts:
        return 1.0
    from scipy.special import betaincinv  # SciPy is slow to come, and the first page needs it not

    return float(betaincinv(number + 1, parts - number, sure))
