"""How many of the passed parts are defective at most, by looking at some: a bound that holds at every look.

A Clopper-Pearson bound holds for a number of parts that was fixed beforehand. Who looks at it after every part sees it
fall below the truth sooner or later far more often than it promises.
"""

import math
from functools import lru_cache

CONFIDENCE = 0.95
# The prior of the mixture, Beta(a, b): its mean is 1 %. It makes the bound short where escapes are rare, and is no
# belief: the bound holds whatever it is, as long as it was chosen before the first look.
A, B = 0.5, 49.5
STEPS = 60  # halvings


@lru_cache(maxsize=65536)
def upper(escaped: int, looked: int) -> float:
    """The share of escapes is at most this, 0 to 1: with 95 % confidence at all looks together, whenever one looks.

    ``escaped`` of so many parts ``looked`` at, drawn at random, were defective. Raises ``ValueError`` where that cannot
    be. By the beta-binomial mixture of Robbins (1970): for the true share p the ratio of the likelihoods, that of the
    mixture to that of p, is a martingale that begins at 1, so with probability 1 - 1/20 it never reaches 20 (Ville
    1939). The bound is the largest p at which it has not. Closed form; Howard et al. 2021, section 3.
    """
    if not 0 <= escaped <= looked:
        raise ValueError(f"{escaped} of {looked} parts cannot be escapes")
    if escaped == looked:
        return 1.0
    low, high = escaped / looked, 1.0
    for _ in range(STEPS):  # from the share that was seen upwards the ratio only grows
        middle = (low + high) / 2
        low, high = (middle, high) if _ratio(middle, escaped, looked) < 0 else (low, middle)
    return high


def _ratio(p: float, escaped: int, looked: int) -> float:
    """The logarithm of the ratio at p, less that of 20."""
    right = looked - escaped
    mixture = _log_beta(A + escaped, B + right) - _log_beta(A, B)
    at_p = escaped * math.log(p) + right * math.log1p(-p) if 0 < p < 1 else -math.inf
    if p == 0:
        at_p = 0.0 if escaped == 0 else -math.inf
    return mixture - at_p + math.log(1 - CONFIDENCE)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
