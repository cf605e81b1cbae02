"""The threshold that keeps a contract: at most a share a of castings goes wrong, with a confidence of 1 - d.

Fixed-sequence testing (Learn then Test, Angelopoulos et al. 2021, arXiv 2110.01052): the thresholds are tried in an
order that was fixed beforehand, from the strictest on. Each is tested against "more than a goes wrong": of n castings
k went wrong, and p is the probability of no more than k where a is true (binomial). The first threshold with p > d
ends it; the one before is the laxest that is proven. All proven ones hold together with confidence 1 - d.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.judging.operating_point.castings import THRESHOLDS, Castings, middle

MOST = 10_000_000  # castings; more are never asked for


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What is promised. Raises ``ValueError`` where one of both is no share between 0 and 1."""

    share: float  # of castings of a class that go wrong, at most
    confidence: float  # that this holds

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"a contract allows a share between 0 and 1, not {self.share:g}")
        if not 0 < self.confidence < 1:
            raise ValueError(f"a confidence lies between 0 and 1, not at {self.confidence:g}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Proven:
    """What the castings of one class prove."""

    thresholds: NDArray[np.float64]  # (n,), ascending: those at which the contract is proven to hold
    castings: int
    wrong: int  # of them, at the strictest threshold
    further: int  # castings it would take more, none of which goes wrong; 0 where it is proven


def escapes(castings: Castings, contract: Contract) -> Proven:
    """The thresholds at which at most so many defective castings escape; the strictest is the lowest."""
    return _prove(castings.escaped, len(castings.defective), contract, THRESHOLDS)


def false_rejects(castings: Castings, contract: Contract) -> Proven:
    """The thresholds at which at most so many ok castings are rejected; the strictest is the highest."""
    return _prove(castings.stopped, len(castings.ok), contract, THRESHOLDS[::-1])


def choose(castings: Castings, contract: Contract) -> tuple[float | None, Proven]:
    """The threshold that keeps the contract with the fewest ok castings stopped, and what was proven.

    Of those that stop equally few, the ones with the fewest escapes; of these the middle. ``None`` where nothing is
    proven.
    """
    proven = escapes(castings, contract)
    if not len(proven.thresholds):
        return None, proven
    stopped, escaped = castings.stopped(proven.thresholds), castings.escaped(proven.thresholds)
    best = stopped == stopped.min()
    best &= escaped == escaped[best].min()
    return middle(proven.thresholds[best]), proven


def p_value(wrong: NDArray[np.integer] | int, castings: int, share: float) -> NDArray[np.float64]:
    """The probability that no more than ``wrong`` of so many castings go wrong, if a ``share`` of all does."""
    from scipy.special import bdtr  # SciPy is slow to come, and the first page needs it not

    return np.asarray(bdtr(np.asarray(wrong, dtype=np.float64), castings, share))


def further(wrong: int, castings: int, contract: Contract) -> int:
    """How many castings it would take more, none of which goes wrong, until the contract is proven."""
    if p_value(wrong, castings, contract.share) <= 1 - contract.confidence and castings:
        return 0
    short, enough = 0, 1
    while enough < MOST and p_value(wrong, castings + enough, contract.share) > 1 - contract.confidence:
        short, enough = enough, 2 * enough
    while enough - short > 1:
        half = (short + enough) // 2
        if p_value(wrong, castings + half, contract.share) > 1 - contract.confidence:
            short = half
        else:
            enough = half
    return enough


def _prove(
    wrong_at: Callable[[NDArray[np.float64]], NDArray[np.int64]],
    castings: int,
    contract: Contract,
    order: NDArray[np.float64],
) -> Proven:
    wrong = wrong_at(order)
    if not castings:
        return Proven(thresholds=order[:0], castings=0, wrong=0, further=further(0, 0, contract))
    failed = p_value(wrong, castings, contract.share) > 1 - contract.confidence
    held = int(np.argmax(failed)) if failed.any() else len(order)
    missing = 0 if held else further(int(wrong[0]), castings, contract)
    return Proven(thresholds=np.sort(order[:held]), castings=castings, wrong=int(wrong[0]), further=missing)
