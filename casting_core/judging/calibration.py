"""Scores that mean what they say: of castings with score 0.8, four in five are defective, if both kinds are as many.

The logit is stretched and shifted so that the scores of castings not learned from fit their labels best (Platt 1999).
Castings count, not photos, and both classes alike. A prior keeps few castings from deciding much: the stretch's
logarithm is normally distributed about 0, the shift as Cauchy has it, so that small ones are held firmly and one that
the castings plainly ask for is not (Gelman et al. 2008).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.weights import each_casting_once

STRETCH, SHIFT = 0.5, 0.4  # of the prior: standard deviation of the stretch's logarithm, scale of the shift in logits
EDGE = 1e-6  # scores nearer to 0 or 1 are taken for this
ROUNDS = 50
JUST = 1e-3  # logits below the middle of the scale, at which the limit itself still passes
USUAL = 2.0  # logits that the usual sound casting lies below the middle of the scale
FLAT = 0.05  # logits between the usual and the limit, below which scores are not stretched further


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A network's logit times ``stretch`` plus ``shift`` is the logit of the calibrated score."""

    stretch: float = 1.0
    shift: float = 0.0

    def __call__(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Calibrated scores, 0..1, of the same shape."""
        return _score(self.stretch * logit(scores) + self.shift)


def fit(scores: NDArray[np.floating], labels: NDArray[np.integer], castings: NDArray[np.int64]) -> Calibration:
    """The calibration for scores (n,) of photos that the network has not learned from, their labels and castings.

    Where one class is missing nothing can be fitted, and scores stay as they are.
    """
    truth = np.asarray(labels, dtype=float)
    if len(set(truth.tolist())) < 2:
        return Calibration()
    logits, weights = logit(scores), casting_weights(truth, castings)
    at = np.zeros(2)  # logarithm of the stretch, and shift
    for _ in range(ROUNDS):  # Newton's method with the expected curvature, which is never negative
        stretch = np.exp(at[0])
        along = np.stack([stretch * logits, np.ones_like(logits)])
        score = _score(stretch * logits + at[1])
        held = np.array([1 / STRETCH**2, 2 / (SHIFT**2 + at[1] ** 2)])  # by the prior; for Cauchy's, where it is now
        slope = along @ (weights * (score - truth)) + at * held
        curve = (along * (weights * score * (1 - score))) @ along.T + np.diag(held)
        step = np.linalg.solve(curve, slope)
        at -= np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < 1e-8:
            break
    return Calibration(stretch=float(np.exp(at[0])), shift=float(at[1]))


def fit_to_sound(scores: NDArray[np.floating], castings: NDArray[np.int64], *, false_alarms: float) -> Calibration:
    """What puts the middle of the scale where at most this share of sound castings is rejected.

    A casting is rejected by the worst of its photos. Of n castings that were not learned from, the next one exceeds
    the ceil((n + 1)(1 - a))-th with a probability of a at most (split conformal prediction, Vovk et al. 2005). Where n
    is too small for that, none of them is rejected. The casting in the middle of them gets a score of 0.12.

    Args:
        scores: of sound photos that were not learned from, (n,), 0..1.
        castings: the casting of each.
        false_alarms: the share wanted, a.
    """
    logits, known = logit(scores), np.unique(castings)
    worst = np.sort([logits[castings == casting].max() for casting in known])
    place = int(np.ceil((len(known) + 1) * (1 - false_alarms)))
    limit, usual = worst[min(place, len(worst)) - 1], float(np.median(worst))
    stretch = USUAL / max(limit - usual, FLAT)
    return Calibration(stretch=float(stretch), shift=float(-stretch * limit - JUST))


def cross_fitted(
    scores: NDArray[np.floating],
    labels: NDArray[np.integer],
    castings: NDArray[np.int64],
    fold: NDArray[np.int64],
    *,
    seen: NDArray[np.floating] | None = None,
) -> NDArray[np.float64]:
    """Scores (n,), those of each fold calibrated on those of the other folds: no casting has a say about itself.

    With ``seen``, scores of the same photos under another sight, those are given, calibrated in the same way.
    """
    result, wanted = np.zeros(len(scores)), scores if seen is None else seen
    for number in np.unique(fold):
        here = fold == number
        result[here] = fit(scores[~here], labels[~here], castings[~here])(wanted[here])
    return result


def casting_weights(labels: NDArray[np.floating], castings: NDArray[np.int64]) -> NDArray[np.float64]:
    """A weight per photo: each casting counts once, however many photos it has, and both classes count alike."""
    from sklearn.utils.class_weight import compute_class_weight  # a second that the first page needs not

    weights = each_casting_once(castings)
    classes, which = np.unique(labels, return_inverse=True)
    balance = compute_class_weight("balanced", classes=classes, y=labels, sample_weight=weights)
    return np.asarray(weights * balance[which], dtype=np.float64)


def logit(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """The logarithm of the odds; scores of exactly 0 and 1 count as nearly so."""
    inside = np.clip(np.asarray(scores, dtype=np.float64), EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))


def _score(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))
