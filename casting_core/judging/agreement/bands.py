"""What a figure of a study is called.

The limits are those of AIAG (Measurement Systems Analysis, 4th edition 2010, chapter III section C). Other guides ask
for more of kappa. VDA 5 and 5.3 speak of the capability of an attributive inspection process, and of components that
were made by machine learning; how much is enough is agreed upon there, so the limits here stay those of AIAG.
"""

from collections.abc import Iterable
from enum import StrEnum

ROUNDING = 1e-9  # of shares, which must not decide


class Band(StrEnum):
    """How good a figure is, the best first."""

    ACCEPTABLE = "acceptable"
    MARGINAL = "marginal"
    UNACCEPTABLE = "unacceptable"


class KappaBand(StrEnum):
    """The same of a kappa, by AIAG."""

    GOOD = "good"
    MODERATE = "moderate"
    POOR = "poor"


EFFECTIVENESS = (0.90, 0.80)  # of parts, at least
MISS_RATE = (0.02, 0.05)  # of decisions about defective parts, at most
FALSE_ALARM_RATE = (0.05, 0.10)  # of decisions about ok parts, at most
KAPPA = (0.75, 0.40)  # above the first is good, below the second poor
STRICT_KAPPA = (0.90, 0.70)  # at least, as other guides ask

CAPABILITY = {
    Band.ACCEPTABLE: "capable",
    Band.MARGINAL: "capable with restrictions",
    Band.UNACCEPTABLE: "not capable",
}


def effectiveness(share: float) -> Band:
    """Of the share of parts that were judged rightly in every trial."""
    return _at_least(share, EFFECTIVENESS)


def miss_rate(share: float) -> Band:
    """Of the share of decisions about defective parts that called them ok."""
    return _at_most(share, MISS_RATE)


def false_alarm_rate(share: float) -> Band:
    """Of the share of decisions about ok parts that called them defective."""
    return _at_most(share, FALSE_ALARM_RATE)


def kappa(value: float) -> KappaBand:
    """Of a kappa, by AIAG."""
    if value > KAPPA[0] + ROUNDING:
        return KappaBand.GOOD
    return KappaBand.POOR if value < KAPPA[1] - ROUNDING else KappaBand.MODERATE


def strict_kappa(value: float) -> Band:
    """Of a kappa, by the guides that ask for 0.9, and for 0.7 at least."""
    return _at_least(value, STRICT_KAPPA)


def worst(bands: Iterable[Band]) -> Band:
    """The worst of some bands."""
    return max(bands, key=list(Band).index)


def _at_least(value: float, limits: tuple[float, float]) -> Band:
    good, marginal = limits
    if value >= good - ROUNDING:
        return Band.ACCEPTABLE
    return Band.MARGINAL if value >= marginal - ROUNDING else Band.UNACCEPTABLE


def _at_most(value: float, limits: tuple[float, float]) -> Band:
    return _at_least(-value, (-limits[0], -limits[1]))
