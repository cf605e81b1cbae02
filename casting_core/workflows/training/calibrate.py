"""Where the operating point of a new network comes from: scores of castings that it has not learned from."""

import numpy as np

from casting_core.domain import OperatingPoint
from casting_core.judging.calibration import fit
from casting_core.learning.networks.catalogue import NETWORKS, rescale_logit
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.train import Trained
from casting_core.workflows.training import held_out
from casting_core.workflows.training.cross_validation import OutOfFold

MIDDLE = 0.5  # of calibrated scores: what is as likely sound as defective
PLAIN = OperatingPoint(threshold=MIDDLE)


def operating_point(trained: Trained, recipe: Recipe, out: OutOfFold | None = None) -> OperatingPoint:
    """The threshold of a new network; where its recipe says so, its scores are calibrated for it first.

    That is done on the scores ``out`` of fold where there are any, for they are of more castings, else on those of its
    validation photos. The network's last layer is changed in place, so whatever is written of it afterwards gives
    calibrated scores.
    """
    photos = trained.validation if out is None else out.photos
    if not recipe.calibrate or not len(photos):
        return PLAIN
    scores = held_out.scores(held_out.scorer_of(trained, recipe), photos)[0] if out is None else out.scores
    castings = photos.casting_ids
    found = fit(scores, photos.labels.astype(int), castings)
    rescale_logit(NETWORKS[recipe.network], trained.model, stretch=found.stretch, shift=found.shift)
    which = f"{len(np.unique(castings))} castings"
    known = 0 if photos.castings is None else len(np.intersect1d(castings, trained.train.casting_ids))
    unseen = f"{known} of which the network learned from, too" if known else "that the network did not learn from"
    if out is not None:
        unseen = "each scored by a network that did not learn from it"
    return OperatingPoint(threshold=MIDDLE, chosen=f"the middle of scores calibrated on {which}, {unseen}")
