"""How well a few numbers of each photo tell its label: what a network could lean on without seeing a defect.

Logistic regression, always asked about castings that it was not fitted to: with copies on both sides it would learn
each casting's numbers by heart, and tell more than there is.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.weights import each_casting_once
from casting_core.domain import Label

FOLDS = 5
FEWEST = 5  # castings of each label; with fewer, chance alone tells them apart
SHORTCUT, HINT = 0.7, 0.6  # AUC from which light is a serious shortcut, and from which it is worth knowing
SURE = 1.645  # standard errors: 95 % on one side


@dataclass(frozen=True, kw_only=True)
class Separation:
    """How well a few numbers of a photo tell its label; an AUC is 0.5 for guessing and 1 for certainty."""

    auc: float  # every casting counts the same, however many photos it has
    by_photo: float  # every photo counts the same
    spread: float  # standard error of ``auc``
    ok: int  # castings behind it
    defective: int

    @property
    def tells(self) -> bool:
        """Whether it is enough, and sure enough, for a network to lean on."""
        return self.auc >= HINT and self.auc - SURE * self.spread > 0.5


def separation(
    features: NDArray[np.float64], labels: NDArray[np.int64], castings: NDArray[np.int64]
) -> Separation | None:
    """How well features, (photos, features), tell the labels of unseen castings; none where a label has too few."""
    ok, defective = (len(set(castings[labels == label].tolist())) for label in Label)
    if min(ok, defective) < FEWEST:
        return None
    from sklearn.metrics import roc_auc_score  # a second that only an audit must pay

    weights = each_casting_once(castings)
    scores = _scores(features, labels, castings, weights)
    auc = float(roc_auc_score(labels, scores, sample_weight=weights))
    by_photo = float(roc_auc_score(labels, scores))
    return Separation(auc=auc, by_photo=by_photo, spread=_spread(auc, ok, defective), ok=ok, defective=defective)


def _scores(
    features: NDArray[np.float64],
    labels: NDArray[np.int64],
    castings: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The score of each photo by a fit to the castings of other folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    scores = np.zeros(len(labels))
    for fitted, asked in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(features, labels, castings):
        model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
        model.fit(features[fitted], labels[fitted], logisticregression__sample_weight=weights[fitted])
        scores[asked] = model.decision_function(features[asked])
    return scores


def _spread(auc: float, ok: int, defective: int) -> float:
    """The standard error of an AUC from so many castings of either label (Hanley and McNeil 1982)."""
    one, other = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (defective - 1) * (one - auc**2) + (ok - 1) * (other - auc**2)
    return sqrt(max(variance, 0.0) / (ok * defective))
