"""The numbers a photo is judged by before a network sees it, and between which of them a version knows its photos."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.part import FoundPart

Values = NDArray[np.float64]


class Sign(StrEnum):
    """What is measured of a photo and of the part in it."""

    SHARPNESS = "sharpness"
    GRAIN = "grain"
    LOPSIDED = "lopsided"
    BRIGHTER_HALF = "brighter half"
    DARKEST_EIGHTH = "darkest eighth"
    AGREEMENT = "agreement"
    SIZE = "size"
    LENGTH = "length"
    STRETCH = "stretch"


SIGNS: dict[Sign, Callable[[FoundPart], float]] = {
    Sign.SHARPNESS: lambda part: part.detail.sharpness,
    Sign.GRAIN: lambda part: part.detail.grain,
    Sign.LOPSIDED: lambda part: part.detail.lopsided,
    Sign.BRIGHTER_HALF: lambda part: part.unevenness[0],
    Sign.DARKEST_EIGHTH: lambda part: part.unevenness[1],
    Sign.AGREEMENT: lambda part: part.agreement,
    Sign.SIZE: lambda part: part.proportions[0],
    Sign.LENGTH: lambda part: part.proportions[1],
    Sign.STRETCH: lambda part: part.detail.lopsided - LENGTHS * part.widening,
}
LENGTHS = 0.4  # what a part that is wider than high counts beside fine detail that runs down more than across
# By which share of the lowest and the highest value of trained photos a sign may be passed, and by how much more;
# and how high it may be in any case.
# A blur of one pixel halves the sharpness and one of three leaves an eighth, noise of 20 levels trebles it; a hot
# sensor adds 5 levels of grain. Light that falls from one side doubles no half of a part that others see evenly lit.
BY_SHARE = {
    Sign.SHARPNESS: (0.4, 1.8, 0.0, 0.0),
    Sign.GRAIN: (0.2, 1.25, 6.0, 0.0),
    Sign.BRIGHTER_HALF: (0.0, 1.3, 0.03, 0.36),
    Sign.DARKEST_EIGHTH: (0.0, 1.4, 0.05, 0.5),
}
# By which share of their own spread, and between which values a sign may lie in any case: photos of one station are
# more alike than what it will see. A stretch by 15 % moves fine detail by at least 0.1.
BY_SPREAD = {
    Sign.LOPSIDED: (0.1, -0.08, 0.08),
    Sign.AGREEMENT: (1.5, 0.85, np.inf),
    Sign.SIZE: (0.5, 0.92, 1.1),
    Sign.LENGTH: (0.6, -np.inf, 1.1),
    Sign.STRETCH: (0.25, -0.1, 0.1),
}
OF_A_PART = (Sign.BRIGHTER_HALF, Sign.DARKEST_EIGHTH)  # what says nothing of photos that have no part in common
OUTERMOST = 0.005  # of the trained photos, on each side, that do not say how far a sign goes


@dataclass(frozen=True, kw_only=True)
class Range:
    """Between which values a sign may lie."""

    low: float
    high: float


def measured(part: FoundPart) -> dict[Sign, float]:
    """Every sign of a photo."""
    return {sign: measure(part) for sign, measure in SIGNS.items()}


def learn(parts: Sequence[FoundPart], *, alike: bool) -> dict[Sign, Range]:
    """How far each sign may go, from photos that are all right; wider where these are few or not ``alike``."""
    signs = [measured(part) for part in parts]
    wider = 1 + 20 / len(signs)
    found = {sign: _range(sign, np.array([one[sign] for one in signs]), wider) for sign in Sign}
    if alike:
        return found
    return {sign: known for sign, known in found.items() if sign not in OF_A_PART}


def _range(sign: Sign, values: Values, wider: float) -> Range:
    low, middle, high = (float(value) for value in np.quantile(values, [OUTERMOST, 0.5, 1 - OUTERMOST]))
    if sign in BY_SHARE:
        down, up, more, least = BY_SHARE[sign]
        return Range(low=down * low if down > 0 else -np.inf, high=max(up * high + more, least))
    share, least, most = BY_SPREAD[sign]
    reach = share * wider
    return Range(low=min(low - reach * (middle - low), least), high=max(high + reach * (high - middle), most))
