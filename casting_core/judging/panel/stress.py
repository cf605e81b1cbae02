"""What goes wrong at each strength of each disturbance: castings, class by class, with what that proves."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from casting_core.data.imaging.disturbances import Disturbance
from casting_core.domain import CastingOutcomes, Checked, ClassOutcome, Count, Label
from casting_core.judging.bounds import outcomes
from casting_core.wording import percent


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The strengths of a disturbance, from as taken to more than a foundry should see."""

    as_taken: float
    strengths: tuple[float, ...]
    words: str  # of one strength, its {value} told as a number or, where it is one, as a share
    share: bool = False

    def told(self, strength: float) -> str:
        """One strength as a person reads it."""
        return percent(strength) if self.share else f"{strength:g}"


LADDERS: Mapping[Disturbance, Ladder] = {
    Disturbance.LIGHT: Ladder(
        as_taken=1, strengths=(0.4, 0.6, 0.8, 1.25, 1.6), words="{value} of the light", share=True
    ),
    Disturbance.GAMMA: Ladder(as_taken=1, strengths=(0.6, 0.8, 1.25, 1.6), words="a gamma of {value}"),
    Disturbance.CONTRAST: Ladder(
        as_taken=1, strengths=(0.4, 0.6, 0.8, 1.25), words="{value} of the contrast", share=True
    ),
    Disturbance.BLUR: Ladder(as_taken=0, strengths=(0.5, 1, 1.5, 2), words="a blur of {value} px"),
    Disturbance.NOISE: Ladder(as_taken=0, strengths=(4, 8, 12, 16), words="noise of {value} grey levels"),
    Disturbance.JPEG: Ladder(as_taken=100, strengths=(70, 40, 20, 10), words="JPEG of quality {value}"),
    Disturbance.TURN: Ladder(as_taken=0, strengths=(3, 10, 30, 90), words="a turn of {value}°"),
    Disturbance.SHIFT: Ladder(as_taken=0, strengths=(0.01, 0.02, 0.04, 0.08), words="a shift of {value}", share=True),
}
STEPS = 1 + sum(len(ladder.strengths) for ladder in LADDERS.values())  # ways to see a photo, as taken among them


class Borne(Checked):
    """What became of the castings whose photos were disturbed so."""

    strength: float
    outcomes: CastingOutcomes
    asked: Count  # photos that the gate was asked about, too: some of them
    refused: Count  # of those, the ones that it would turn away: a person would be asked for another photo

    @property
    def balanced(self) -> float | None:
        """The share of castings judged rightly, mean of the classes; none where there is no casting."""
        shares = [right(one) for one in (self.outcomes.ok, self.outcomes.defective) if one.n]
        return sum(shares) / len(shares) if shares else None


class StressCurve(Checked):
    """One disturbance, the weakest value of its scale first; the point as taken is among them."""

    disturbance: Disturbance = Field(strict=False)  # a word in the file
    points: tuple[Borne, ...] = Field(min_length=1)

    @property
    def as_taken(self) -> Borne:
        """What became of the photos as they were taken."""
        wanted = LADDERS[self.disturbance].as_taken
        return next(point for point in self.points if point.strength == wanted)

    @property
    def stressed(self) -> tuple[Borne, ...]:
        """The others, the mildest first."""
        wanted = LADDERS[self.disturbance].as_taken
        others = [point for point in self.points if point.strength != wanted]
        return tuple(sorted(others, key=lambda point: abs(point.strength - wanted)))


def right(outcome: ClassOutcome) -> float:
    """The share of the castings of a class that were judged rightly; 1 of none."""
    return 1 - outcome.wrong / outcome.n if outcome.n else 1.0


def borne(
    strength: float,
    scores: NDArray[np.floating],
    labels: NDArray[np.integer],
    castings: NDArray[np.integer],
    *,
    threshold: float,
    asked: int = 0,
    refused: int = 0,
) -> Borne:
    """What became of castings by the scores of their disturbed photos, (n,), with their labels and castings."""
    predicted = (np.asarray(scores) >= threshold).astype(int)
    counted = outcomes(labels, predicted, castings)
    return Borne(strength=strength, outcomes=counted, asked=asked, refused=refused)


def curve(what: Disturbance, as_taken: Borne, stressed: list[Borne]) -> StressCurve:
    """The points of one disturbance in the order of its scale; ``as_taken`` is what became of untouched photos."""
    first = as_taken.model_copy(update={"strength": float(LADDERS[what].as_taken)})
    return StressCurve(disturbance=what, points=tuple(sorted([first, *stressed], key=lambda point: point.strength)))


def told(what: Disturbance, strength: float) -> str:
    """A disturbance of this strength in words: ``60 % of the light``, ``a blur of 1.5 px``."""
    return LADDERS[what].words.format(value=LADDERS[what].told(strength))


def all_told(what: Disturbance) -> str:
    """A whole ladder in words: ``40 % to 160 % of the light``, and of one that goes one way only its strongest."""
    ladder = LADDERS[what]
    low, high = min(ladder.strengths), max(ladder.strengths)
    if low < ladder.as_taken < high:
        return ladder.words.format(value=f"{ladder.told(low)} to {ladder.told(high)}")
    return told(what, high if high > ladder.as_taken else low)


def wrong_in(outcomes_of: CastingOutcomes, label: Label) -> ClassOutcome:
    """What became of the castings of one class."""
    return outcomes_of.defective if label is Label.DEFECTIVE else outcomes_of.ok
