"""What the curves of a training say, in one finding with one remedy; it reads figures and knows no network.

The findings are asked after in the order of ``READERS``: what makes the others worthless comes first. With too few
validation castings no curve means anything; steps that are too big make every curve a lottery; a network that learned
the light has fine curves that mean nothing; then come memorising, judging
as a guess does, standing still, and learning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casting_core.learning.recipes.events import EpochDone, LightTested, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.recipes.remedies import (
    against_guessing,
    against_leaping,
    against_light,
    against_memorising,
    against_standing_still,
    patience,
)
from casting_core.wording import percent, share

FIRST = 3  # epochs before which nothing is said
ENOUGH = 20  # validation castings (photos, where castings are not known) without which nothing can be told
GUESS = float(np.log(2))  # the loss of who says one half of every photo
CHANCE = 0.6  # of right verdicts, each class counting alike, up to which a network hardly differs from a guess: 0.5
WILD = 7 * GUESS  # a validation loss that no network has that learns in steps of the right size
LEANS = 0.1  # of the photos no longer judged rightly once all are equally bright: the network learned the light


class Kind(StrEnum):
    """What curves can say."""

    TOO_EARLY = "too early to tell"
    TOO_FEW = "validation too small to tell"
    UNSTABLE = "unstable"
    LIGHT = "learned the light"
    MEMORISING = "memorising"
    GUESSING = "no better than a guess"
    PLATEAU = "standing still"
    LEARNING = "learning"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the curves say, and what to do: ``changes`` are those of the recipe that the remedy makes, if any."""

    kind: Kind
    sentence: str
    remedy: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    since: int | None = None  # the epoch, from 1, from which it is so


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Everything a finding is made of."""

    epochs: Sequence[EpochDone]
    recipe: Recipe
    prepared: Prepared
    light: LightTested | None = None

    @property
    def loss(self) -> NDArray[np.float64]:
        """The training loss of each epoch."""
        return np.array([epoch.loss for epoch in self.epochs])

    @property
    def watched(self) -> NDArray[np.float64]:
        """The validation loss of each epoch."""
        return np.array([epoch.validation_loss for epoch in self.epochs])

    @property
    def best(self) -> int:
        """The place, from 0, of the lowest validation loss."""
        return int(np.argmin(self.watched))


def read(curves: Curves) -> Reading:
    """What these curves say; of epochs and castings there may be any number."""
    if len(curves.epochs) < FIRST:
        return Reading(kind=Kind.TOO_EARLY, sentence=f"Too early to tell: the curves are read from epoch {FIRST} on.")
    return next(found for reader in READERS if (found := reader(curves)) is not None)


def _too_few(curves: Curves) -> Reading | None:
    prepared, share = curves.prepared, curves.recipe.validation_share
    behind, noun = prepared.validation_castings or prepared.validation_photos, "castings"
    if not prepared.validation_castings:
        noun = "photos"
    if behind >= ENOUGH:
        return None
    sentence = (
        f"Too few to tell: {behind} {noun} are used for validation, and one of them moves the score by "
        f"{100 / max(1, behind):.0f} points. From {ENOUGH} on the curves mean something."
    )
    if prepared.own_validation:
        return Reading(kind=Kind.TOO_FEW, sentence=sentence, remedy="Add castings to the validation folder.")
    if share < 0.5:
        return Reading(
            kind=Kind.TOO_FEW,
            sentence=sentence,
            remedy="Use half of the photos for validation, and add castings on the Dataset page.",
            changes={"validation_share": 0.5},
        )
    return Reading(kind=Kind.TOO_FEW, sentence=sentence, remedy="Add castings on the Dataset page.")


def _unstable(curves: Curves) -> Reading | None:
    since = _leaps(curves.loss)
    if since is None and curves.watched.max() > WILD:
        since = int(np.argmax(curves.watched > WILD)) + 1
    if since is None and _zigzags(curves):
        since = 1 + int(np.argmax(np.abs(np.diff(curves.watched)))) + 1
    if since is None:
        return None
    remedy, changes = against_leaping(curves.recipe)
    return Reading(
        kind=Kind.UNSTABLE,
        since=since,
        sentence=f"Unstable since epoch {since}: the loss leaps instead of falling. The steps are too big.",
        remedy=remedy,
        changes=changes,
    )


def _leaps(loss: NDArray[np.float64]) -> int | None:
    """The epoch from which the training loss is worse than guessing by far, or far above where it had been already."""
    lowest = np.minimum.accumulate(loss)
    wild = loss > 2 * GUESS
    wild[1:] |= loss[1:] > 2 * lowest[:-1] + 0.15
    return int(np.argmax(wild)) + 1 if wild.any() else None


def _zigzags(curves: Curves) -> bool:
    """Whether the validation loss goes up and down by much more than it falls, while the training loss is calm."""
    late = curves.watched[len(curves.watched) // 3 :]
    if len(late) < 4:
        return False
    turns = np.diff(np.sign(np.diff(late))) != 0
    swing = float(np.median(np.abs(np.diff(late))))
    return bool(turns.mean() > 0.6 and swing > max(0.15, 0.5 * float(np.median(late))))


def _light(curves: Curves) -> Reading | None:
    told = curves.light
    if told is None or told.accuracy - told.accuracy_even < LEANS:
        return None
    sentence = (
        f"It learned the light: right on {percent(told.accuracy)} of the validation photos as they are, on "
        f"{percent(told.accuracy_even)} once all are equally bright. Brightness alone tells the label in "
        f"{100 * curves.prepared.told_by_light:.0f} of 100 pairs."
    )
    remedy, changes = against_light(curves.recipe)
    return Reading(kind=Kind.LIGHT, sentence=sentence, remedy=remedy, changes=changes)


def _memorising(curves: Curves) -> Reading | None:
    best, watched, loss = curves.best, curves.watched, curves.loss
    late = watched[best + 1 :]
    if len(late) < 2:
        return None
    rise = float(np.median(late[-3:])) - watched[best]
    if rise < max(0.05, 0.2 * watched[best]) or loss[-1] > 0.9 * loss[best]:
        return None
    since = best + 2
    remedy, changes = against_memorising(curves.recipe, epochs=len(curves.epochs))
    return Reading(
        kind=Kind.MEMORISING,
        since=since,
        sentence=f"Memorising since epoch {since}: it gets better on the photos it learns from, and worse on "
        f"castings it has not seen. Epoch {best + 1} was the best on those.",
        remedy=remedy,
        changes=changes,
    )


def _guessing(curves: Curves) -> Reading | None:
    if len(curves.epochs) < max(FIRST, curves.recipe.epochs / 2) or not curves.epochs[-1].counts_known:
        return None
    best = max(_of_each_class(epoch) for epoch in curves.epochs)
    if best > CHANCE:
        return None
    last = curves.epochs[-1]
    same = "; it calls every photo the same" if min(last.f1_ok, last.f1_defective) == 0 else ""
    remedy, changes = against_guessing(curves.recipe)
    return Reading(
        kind=Kind.GUESSING,
        sentence=f"No better than a guess: at its best it is right on {percent(best)} of the validation photos if both "
        f"classes count alike, and a guess is on 50 %{same}.",
        remedy=remedy,
        changes=changes,
    )


def _of_each_class(epoch: EpochDone) -> float:
    """The share of right verdicts, mean of both classes (balanced accuracy), from what an epoch says.

    Of a class with F1 score f, 2 f / (2 - 2 f) times all errors is twice the photos of it that were judged rightly.
    """
    errors = epoch.missed + epoch.false_alarms
    if not errors:
        return 1.0
    shares = []
    for f1, wrong in ((epoch.f1_defective, epoch.missed), (epoch.f1_ok, epoch.false_alarms)):
        right = f1 * errors / (2 * max(1e-6, 1 - f1))
        shares.append(right / (right + wrong) if right + wrong else 1.0)
    return sum(shares) / 2


def _plateau(curves: Curves) -> Reading | None:
    stretch = max(3, len(curves.epochs) // 3)
    if len(curves.epochs) < stretch + 3:
        return None
    before, after = curves.watched[:-stretch].min(), curves.watched[-stretch:].min()
    learned, learns = curves.loss[:-stretch].min(), curves.loss[-stretch:].min()
    still = before - after < max(0.01, 0.05 * before) and learned - learns < max(0.02, 0.1 * learned)
    at_rest = after < 0.02 and learns < 0.02
    if not still and not at_rest:
        return None
    since = curves.best + 1 if at_rest else len(curves.epochs) - stretch + 1
    best = curves.epochs[curves.best]
    remedy, changes = against_standing_still(curves.recipe, best, epochs=len(curves.epochs))
    at_best = f"at its best it is right on {share(best.validation_accuracy)} of the validation photos"
    return Reading(
        kind=Kind.PLATEAU,
        since=since,
        sentence=f"Standing still since epoch {since}: neither loss falls any more; {at_best}.",
        remedy=remedy,
        changes=changes,
    )


def _learning(curves: Curves) -> Reading:
    stretch = max(2, len(curves.epochs) // 3)
    before, after = curves.watched[:-stretch].min(), curves.watched[-stretch:].min()
    if after > 0.99 * before:
        wait = patience(len(curves.epochs))
        return Reading(
            kind=Kind.LEARNING,
            sentence=f"Learning, but only what it is shown: the training loss falls, and the validation loss has not "
            f"fallen for {stretch} epochs.",
            remedy=f"Go on, but end after {wait} epochs that bring nothing.",
            changes={"early_stopping": wait},
        )
    more, fell = min(1000, 2 * curves.recipe.epochs), 100 * (1 - after / before)
    return Reading(
        kind=Kind.LEARNING,
        sentence=f"Learning: over the last {stretch} epochs the validation loss fell by {fell:.0f} %.",
        remedy=f"If it ends like this, give it more time: {more} epochs instead of {curves.recipe.epochs}.",
        changes={"epochs": more},
    )


Reader = Callable[[Curves], Reading | None]
READERS: tuple[Reader, ...] = (_too_few, _unstable, _light, _memorising, _guessing, _plateau, _learning)
