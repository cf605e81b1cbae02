"""How many castings of each class were judged wrongly, and what that proves: castings are the trials, never photos."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import CastingOutcomes, ClassOutcome, KindOutcome, Label

CONFIDENCE = 0.95


def upper_bound(wrong: int, castings: int) -> float:
    """The share that goes wrong is at most this, 0 to 1, with 95 % confidence (Clopper and Pearson 1934, one-sided).

    ``wrong`` of so many independent ``castings`` went wrong. No casting proves nothing: 1.
    Raises ``ValueError`` where more went wrong than there are.
    """
    if not 0 <= wrong <= castings:
        raise ValueError(f"{wrong} of {castings} castings cannot be wrong")
    if wrong == castings:
        return 1.0
    from scipy.special import betaincinv  # SciPy is slow to come, and the first page needs it not

    return float(betaincinv(wrong + 1, castings - wrong, CONFIDENCE))


def outcomes(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], castings: NDArray[np.integer]
) -> CastingOutcomes:
    """What became of the castings, class by class, by the one rule that ``domain.WRONG_CASTING`` says.

    Args:
        labels: of photos, (n,), 0 ok and 1 defective.
        predicted: the same of what the model said.
        castings: the casting of each photo, (n,).

    The bounds hold for a casting with as many photos as those here have: who takes fewer of a part has fewer chances
    to miss it, and to reject it.
    """
    truth, said = np.asarray(labels, dtype=int), np.asarray(predicted, dtype=int)
    of_label = {label: np.unique(np.asarray(castings)[truth == label]) for label in Label}
    disputed = np.intersect1d(of_label[Label.OK], of_label[Label.DEFECTIVE])
    wrong = np.unique(np.asarray(castings)[truth != said])
    counted = {label: np.setdiff1d(found, disputed) for label, found in of_label.items()}
    return CastingOutcomes(
        defective=_of(counted[Label.DEFECTIVE], wrong),
        ok=_of(counted[Label.OK], wrong),
        both_ways=len(disputed),
    )


def kind_outcomes(
    kinds: Sequence[str],
    predicted: NDArray[np.integer],
    castings: NDArray[np.integer],
    suggested: Sequence[str] | None = None,
) -> dict[str, KindOutcome]:
    """What became of defective castings, kind by kind, by the same rule; kinds that nobody named are left out.

    Args:
        kinds: the kinds of each photo, (n,), one after the other with commas; empty for sound photos.
        predicted: what the model said of the photos, (n,), 0 ok and 1 defective.
        castings: the casting of each photo, (n,).
        suggested: the kind that the model suggested for each photo, (n,), where it knows kinds.
    """
    of_photo = [frozenset(filter(None, told.split(", "))) for told in kinds]
    owners, said = np.asarray(castings), np.asarray(predicted, dtype=int)
    outcomes = {}
    for kind in sorted(frozenset().union(*of_photo)):
        here = np.array([kind in told for told in of_photo], dtype=bool)
        rejected = here & (said == Label.DEFECTIVE)
        named = (
            None if suggested is None else sum(suggested[place] in of_photo[place] for place in rejected.nonzero()[0])
        )
        whole = _of(np.unique(owners[here]), np.unique(owners[here & ~rejected]))
        outcomes[kind] = KindOutcome(**whole.model_dump(), found=int(rejected.sum()), named=named)
    return outcomes


def _of(castings: NDArray[np.integer], wrong: NDArray[np.integer]) -> ClassOutcome:
    failed = int(np.isin(castings, wrong).sum())
    return ClassOutcome(n=len(castings), wrong=failed, upper=upper_bound(failed, len(castings)))
