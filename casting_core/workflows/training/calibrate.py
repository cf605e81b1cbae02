"""Where the operating point of a new network comes from: scores of castings that it has not learned from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets import splits
from casting_core.domain import Label, OperatingPoint
from casting_core.judging.calibration import fit, fit_to_sound
from casting_core.learning.networks.catalogue import network_of, rescale_logit
from casting_core.learning.recipes.choices import Validation
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.train import Trained, score
from casting_core.wording import count, percent
from casting_core.workflows.judging.seen import EPOCH, chosen_by
from casting_core.workflows.training.cross_validation import OutOfFold

MIDDLE = 0.5  # of calibrated scores: what is as likely sound as defective
PLAIN = OperatingPoint(threshold=MIDDLE)
PARTS = 10  # of the validation castings, at most: each is judged with the calibration of the others


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """The operating point of a network, and what its validation photos say of it without choosing for themselves."""

    point: OperatingPoint
    validation: OutOfFold | None = None  # none where they chose the epoch, or nothing was calibrated on them


def calibrate(trained: Trained, recipe: Recipe, out: OutOfFold | None = None) -> Calibrated:
    """The threshold of a new network; where its recipe says so, its scores are calibrated for it first.

    That is done on the scores ``out`` of fold where there are any of the same network, for they are of more castings,
    else on those of its validation photos. The network's last layer is changed in place, so whatever is written of it
    afterwards gives calibrated scores.
    """
    if recipe.sound_only:
        return Calibrated(point=_by_sound_castings(trained, recipe))
    network = trained.recipe.network.value
    if out is not None and set(out.networks) != {network}:
        out = None  # scores of another network say nothing of how those of this one have to be read
    photos = trained.validation if out is None else out.photos
    if not recipe.calibrate or not len(photos):
        return Calibrated(point=PLAIN)
    watched = None
    if out is None:
        scores, seen = score(trained, photos)
        parts = _parts(trained, recipe)
        watched = OutOfFold(photos=photos, fold=parts, scores=scores, found=seen, seconds=[], networks=[network])
    else:
        scores = out.scores
    castings = photos.casting_ids
    found = fit(scores, photos.labels.astype(int), castings)
    rescale_logit(network_of(trained.recipe), trained.model, stretch=found.stretch, shift=found.shift)
    number = len(np.unique(castings))
    which = count(number, "photo") if photos.castings is None else count(number, "casting")
    known = 0 if photos.castings is None else len(np.intersect1d(castings, trained.train.casting_ids))
    unseen = f"{known} of which the network learned from, too" if known else "that the network did not learn from"
    if out is not None:
        unseen = "each scored by a network that did not learn from it"
    point = OperatingPoint(threshold=MIDDLE, chosen=f"the middle of scores calibrated on {which}, {unseen}")
    proves = watched is not None and len(np.unique(watched.fold)) > 1
    return Calibrated(point=point, validation=watched if proves else None)


def _by_sound_castings(trained: Trained, recipe: Recipe) -> OperatingPoint:
    """The threshold that so many sound castings exceed as the recipe allows; defective ones have no say in it."""
    sound = trained.validation.subset(np.flatnonzero(trained.validation.labels == Label.OK))
    castings, allowed = sound.casting_ids, percent(recipe.false_alarm_share)
    found = fit_to_sound(score(trained, sound)[0], castings, false_alarms=recipe.false_alarm_share)
    rescale_logit(network_of(trained.recipe), trained.model, stretch=found.stretch, shift=found.shift)
    number = len(np.unique(castings))
    told = f"{count(number, 'sound casting')} that the network did not learn from"
    if (number + 1) * recipe.false_alarm_share < 1:
        return OperatingPoint(threshold=MIDDLE, chosen=f"none of {told} is rejected; they are too few for {allowed}")
    return OperatingPoint(threshold=MIDDLE, chosen=f"of sound castings {allowed} may be rejected, by {told}")


def _parts(trained: Trained, recipe: Recipe) -> NDArray[np.int64]:
    """Which part of the validation castings each photo is in, from 1; all in one where they prove nothing.

    So it is where they chose the epoch, where copies of them were learned from, or where they are too few.
    """
    photos = trained.validation
    castings, labels = photos.casting_ids, photos.labels.astype(int)
    defective = len(np.unique(castings[labels == Label.DEFECTIVE]))
    fewest = min(defective, len(np.unique(castings)) - defective)
    apart = recipe.validation is Validation.CASTING and photos.castings is not None
    if fewest < 2 or not apart or EPOCH in chosen_by(recipe):
        return np.ones(len(photos), dtype=np.int64)
    return splits.folds(castings, labels, number=min(PARTS, fewest), seed=recipe.seed)
