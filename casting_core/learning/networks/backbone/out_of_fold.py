"""What heads on the public network say of castings that they have not learned from; all in a second or two.

A head fits the castings it learned from without a mistake, so their scores say nothing of others. Heads that have each
seen some of the castings only tell how the others will be scored, and where the middle between both classes lies.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from casting_core.data.datasets import splits
from casting_core.data.datasets.weights import each_casting_once
from casting_core.learning.inputs.material import PER_CASTING
from casting_core.learning.inputs.photos import Photos, castings_of_rarer_class, limit_per_casting
from casting_core.learning.networks.backbone.network import FREEDOM
from casting_core.learning.networks.backbone.views import VARIANTS, NumberViews

FOLDS = 5  # of the castings learned from, where there are as many of each class


@dataclass(frozen=True, kw_only=True)
class Line:
    """A logit times ``stretch`` plus ``shift`` is the logit that castings not learned from ask for."""

    stretch: float
    shift: float


def line(views: NumberViews, learned: Photos, *, augmented: bool, seed: int) -> Line | None:
    """How the logits of a head that learns from these photos had better be read; none where castings are too few."""
    fewest = castings_of_rarer_class(learned)
    if fewest < 2:
        return None
    some = limit_per_casting(learned, most=PER_CASTING)
    fold = splits.folds(some.casting_ids, some.labels.astype(int), number=min(FOLDS, fewest), seed=seed)
    said = logits(views, some, fold, some, fold, variants=VARIANTS if augmented else 0)
    fitted = LogisticRegression(class_weight="balanced")
    fitted.fit(said[:, np.newaxis], some.labels, sample_weight=each_casting_once(some.casting_ids))
    if fitted.coef_[0, 0] <= 0:  # they tell nothing, and would be turned round
        return None
    return Line(stretch=float(fitted.coef_[0, 0]), shift=float(fitted.intercept_[0]))


def logits(
    views: NumberViews,
    learned: Photos,
    fold: NDArray[np.int64],
    judged: Photos,
    of_judged: NDArray[np.int64],
    *,
    variants: int = VARIANTS,
) -> NDArray[np.float64]:
    """The logit of each photo ``judged`` by a head that has learned from the photos of all other folds, (n,).

    ``fold`` and ``of_judged`` tell the fold of each photo; ``variants``: how many views of a photo are learned from
    beside the plain one.
    """
    found = np.zeros(len(judged))
    for number in np.unique(of_judged):
        rest, here = learned.subset(np.flatnonzero(fold != number)), np.flatnonzero(of_judged == number)
        seen = [views.variant_of(rest.rows, variant) for variant in range(variants + 1)]
        scale = StandardScaler().fit(seen[0])
        weights = each_casting_once(rest.casting_ids)
        head = LogisticRegression(C=FREEDOM / len(seen), class_weight="balanced", max_iter=200)
        head.fit(
            scale.transform(np.concatenate(seen)),
            np.tile(rest.labels, len(seen)),
            sample_weight=np.tile(weights / weights.mean(), len(seen)),
        )
        found[here] = head.decision_function(scale.transform(views.take(judged.rows[here])))
    return found
