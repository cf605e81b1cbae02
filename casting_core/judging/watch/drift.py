"""Whether values are still like others: the distance of Kolmogorov and Smirnov, and how often chance brings as much.

What depends on each other is moved together: photos of a casting, or all castings of a day. Photos taken for
independent, of which each casting has several, call chance a change again and again.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

AT_ONCE = 200  # deals
FEW = 5000  # deals that are all looked at
PLENTY = 10  # deals at least as far apart, after which no alarm can come any more


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What one comparison came to."""

    distance: float  # of the distributions beyond what is tolerated, 0 to 1
    p: float  # how often chance alone brings such a distance
    alarm: bool  # whether that is rarer than was allowed
    rises: bool  # whether the new values are larger; of several columns in the one that differs most


def level(*, looks: int, tests: int) -> float:
    """How rare a distance must be by chance, so that an alarm is false once in so many ``looks`` at most.

    On average, all ``tests`` of a look together: each of them is true to its own level, and levels add up whatever
    depends on what (Bonferroni).
    """
    return 1 / (looks * tests)


def drift(values: Values, block: NDArray[np.integer], fresh: Mask, *, tolerance: Values, alpha: float) -> Drift:
    """Whether the ``fresh`` values differ from the others by more than is tolerated, and chance explains.

    Args:
        values: (n, d); of several columns the one that differs most counts.
        block: (n,), what is moved together: equal numbers, all fresh or all not.
        fresh: (n,), which values are new; there are some of both.
        tolerance: (d,), by so much new values may be larger or smaller without that being told.
        alpha: an alarm comes where chance brings such a distance at most so often.

    Where fresh blocks and others are drawn alike an alarm comes with a probability of at most ``alpha``: blocks are
    dealt anew, in every way where there are few, else at random, as they are among them (Hemerik and Goeman 2018). The
    values themselves are the seed, so the same values give the same answer. Far from an alarm it stops early.
    """
    places = [_Places(values[:, at], float(tolerance[at])) for at in range(values.shape[1])]
    found = [place.distances(fresh[None, :])[:, 0] for place in places]
    distance = max(float(max(up, down)) for up, down in found)
    up, down = found[int(np.argmax([one.max() for one in found]))]
    random = np.random.default_rng(crc32(values.tobytes()))
    deals = math.ceil(1 / alpha) - 1  # so that one in so many is as rare as was allowed
    p = _chance(places, block, fresh, distance=distance, deals=deals, random=random) if distance > 0 else 1.0
    return Drift(distance=max(distance, 0.0), p=p, alarm=p <= alpha, rises=bool(up > down))


class _Places:
    """One column in order, and where each value lies when it is moved by the tolerance."""

    def __init__(self, column: Values, tolerance: float) -> None:
        self._order = np.argsort(column, kind="stable")
        ordered = column[self._order]
        last = np.searchsorted(ordered, ordered, side="right")  # how many are at most as large as each
        self._last = last
        self._higher = np.searchsorted(ordered, ordered + tolerance, side="right")

    def distances(self, fresh: Mask) -> Values:
        """How far fresh values lie above the others, and below, beyond the tolerance: (2, deals) for (deals, n)."""
        here = fresh[:, self._order]
        new, old = _shares(here), _shares(~here)
        above = (old[:, self._last] - new[:, self._higher]).max(axis=1)  # even those moved down are larger
        below = (new[:, self._last] - old[:, self._higher]).max(axis=1)  # even those moved up are smaller
        return np.stack([above, below])


def _shares(here: Mask) -> Values:
    """The distribution of those that are ``here``, (deals, n + 1): its share up to each place."""
    sums = np.zeros((len(here), here.shape[1] + 1), dtype=np.float32)
    np.cumsum(here, axis=1, out=sums[:, 1:], dtype=np.float32)
    return sums / sums[:, -1:]


def _chance(
    places: list[_Places],
    block: NDArray[np.integer],
    fresh: Mask,
    *,
    distance: float,
    deals: int,
    random: np.random.Generator,
) -> float:
    """The share of deals at least as far apart, the one that was seen among them; of fewer deals where it is large."""
    _, number = np.unique(block, return_inverse=True)
    done, as_far = 0, 0
    for taken in _deals(int(number.max()) + 1, np.unique(number[fresh]), deals, random):
        moved = taken[:, number]
        apart = np.max([place.distances(moved).max(axis=0) for place in places], axis=0)
        as_far += int((apart >= distance - 1e-6).sum())
        done += len(taken)
        if as_far >= PLENTY:
            break
    return (1 + as_far) / (1 + done)


def _deals(blocks: int, fresh: NDArray[np.integer], deals: int, random: np.random.Generator) -> Iterator[Mask]:
    """Other deals of as many fresh blocks, some at a time, (some, blocks): all if they are few, else so many drawn."""
    if math.comb(blocks, len(fresh)) <= FEW:
        every = np.array(list(combinations(range(blocks), len(fresh))))
        every = random.permutation(every[(every != fresh).any(axis=1)])
        chosen: Iterable[NDArray[np.integer]] = [
            every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)
        ]
    else:
        sizes = [min(AT_ONCE, deals - start) for start in range(0, deals, AT_ONCE)]
        chosen = (np.argsort(random.random((some, blocks)), axis=1)[:, : len(fresh)] for some in sizes)
    for dealt in chosen:
        taken = np.zeros((len(dealt), blocks), dtype=bool)
        np.put_along_axis(taken, dealt, True, axis=1)
        yield taken
