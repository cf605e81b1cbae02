"""What one training learns from and is judged by: its photos split and aligned, as its recipe says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.domain import Label
from casting_core.errors import RunError
from casting_core.learning.inputs.photos import Photos, limit_per_casting, split_random
from casting_core.learning.inputs.views import Views, choose_alignment
from casting_core.learning.recipes.choices import Sampling
from casting_core.learning.recipes.recipe import Recipe

PER_CASTING = 3  # photos that stand for a casting: in validation, where epochs are sampled by casting
SOUND = 120  # ok photos that show what a part usually looks like


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """The photos of one training, and their views."""

    train: Photos
    validation: Photos
    each_epoch: Photos  # those of the validation photos that are scored after each epoch
    views: Views

    @property
    def alignment(self) -> Alignment:
        """How photos are turned into views; learned from those to train on."""
        return self.views.alignment

    @property
    def sound(self) -> Photos:
        """Ok photos to train on, of as many castings as can be: enough to know what a part usually looks like."""
        ok = self.train.subset(np.flatnonzero(self.train.labels == Label.OK))
        some = limit_per_casting(ok, most=PER_CASTING)
        spread = np.linspace(0, len(some) - 1, min(SOUND, len(some)))
        return some.subset(np.unique(spread.astype(np.int64)))


def prepare(photos: Photos, recipe: Recipe, validation: NDArray[np.bool_] | None) -> Material:
    """The photos split as ``validation`` says, or at random, photo by photo, and aligned.

    Raises ``RunError`` where there are too few photos of a class.
    """
    _refuse_too_few(photos, least=2)
    if validation is None:
        train, judged = split_random(photos, share=recipe.validation_share, seed=recipe.seed)
    else:
        train, judged = (photos.subset(np.flatnonzero(side)) for side in (~validation, validation))
    _refuse_too_few(train, least=1)
    by_photo = recipe.sampling is Sampling.PHOTO
    return Material(
        train=train,
        validation=judged,
        each_epoch=judged if by_photo else limit_per_casting(judged, most=PER_CASTING),
        views=Views(photos.pixels, choose_alignment(train, recipe)),
    )


def _refuse_too_few(photos: Photos, *, least: int) -> None:
    defective = int(photos.labels.sum())
    if min(defective, len(photos) - defective) < least:
        raise RunError(
            f"{len(photos)} photos to learn from, {defective} of them defective, {len(photos) - defective} ok: "
            "too few of one class; add photos of it, or validate on fewer"
        )
