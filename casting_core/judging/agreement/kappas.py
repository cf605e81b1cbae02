"""Agreement beyond chance, with bounds that resample parts: trials of one part are not independent."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLED = 2000  # times the parts are drawn anew
SIDES = (2.5, 97.5)  # percentiles: 95 %, two-sided

Counts = NDArray[np.integer]
Weights = NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class Coefficient:
    """A coefficient of agreement, 1 is perfect and 0 what chance would do.

    ``value`` is missing where everything was called the same, so that chance explains it all. The bounds are missing
    also where nobody ever disagreed: drawing the parts anew cannot show what was not seen.
    """

    value: float | None
    lower: float | None = None  # 95 %, two-sided, by drawing the parts anew
    upper: float | None = None


def cohen(tables: Counts | Weights) -> NDArray[np.float64]:
    """Cohen's kappa (1960) of cross tables (..., 2, 2), (...); NaN where chance explains it all."""
    whole = np.asarray(tables, dtype=float)
    total = whole.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        seen = np.trace(whole, axis1=-2, axis2=-1) / total
        by_chance = (whole.sum(axis=-1) * whole.sum(axis=-2)).sum(axis=-1) / total**2
    return _beyond(seen, by_chance)


def fleiss(counts: Counts, weights: Weights | None = None) -> NDArray[np.float64]:
    """Fleiss' kappa (1971) of how often parts were called ok and defective, (parts, 2).

    ``weights`` (..., parts) says how often each part counts, once if not given. Parts may have different numbers of
    answers (Gwet 2014, section 3.5); those with fewer than two say nothing of agreement.
    """
    seen, called = _seen_and_called(counts, weights)
    return _beyond(seen, (called**2).sum(axis=-1))


def ac1(counts: Counts, weights: Weights | None = None) -> NDArray[np.float64]:
    """Gwet's AC1 (2008) of the same: steadier than kappa where nearly all parts are of one class."""
    seen, called = _seen_and_called(counts, weights)
    return _beyond(seen, (called * (1 - called)).sum(axis=-1))


def resampled(parts: int, *, seed: int) -> Weights:
    """How often each part is drawn when parts are drawn anew, (RESAMPLED, parts)."""
    return np.random.default_rng(seed).multinomial(parts, np.full(parts, 1 / parts), size=RESAMPLED).astype(float)


def bounded(of: Callable[[Weights], NDArray[np.float64]], drawn: Weights, *, disagreed: bool) -> Coefficient:
    """A coefficient with its bounds; ``of`` gives it for how often each part counts, (..., parts)."""
    value = float(of(np.ones(drawn.shape[1])))
    if np.isnan(value):
        return Coefficient(value=None)
    found = of(drawn)
    known = found[~np.isnan(found)]
    if not disagreed or not len(known):
        return Coefficient(value=value)
    lower, upper = np.percentile(known, SIDES)
    return Coefficient(value=value, lower=float(lower), upper=float(upper))


def _seen_and_called(counts: Counts, weights: Weights | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of pairs of answers that agree, (...), and how often each class is called, (..., 2)."""
    number = counts.sum(axis=1).astype(float)
    by_part = np.ones(len(counts)) if weights is None else np.asarray(weights, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        agree = np.where(number > 1, (counts * (counts - 1)).sum(axis=1) / (number * (number - 1)), 0.0)
        shares = np.where(number[:, None] > 0, counts / number[:, None], 0.0)
        seen = (by_part @ agree) / (by_part @ (number > 1))
        called = (by_part @ shares) / (by_part @ (number > 0))[..., None]
    return seen, called


def _beyond(seen: NDArray[np.float64], by_chance: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(by_chance < 1 - 1e-12, (seen - by_chance) / (1 - by_chance), np.nan)
