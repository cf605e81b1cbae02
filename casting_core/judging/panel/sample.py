"""Which photos are put under stress: a few of each casting, both classes alike, drawn by a seed."""

import numpy as np
from numpy.typing import NDArray

from casting_core.domain import Label

MOST = 120  # photos; with some thirty ways to disturb each, a network is asked for about a minute
OF_EACH = 2  # photos of one casting at most: more would be copies, which say the same


def chosen(
    labels: NDArray[np.integer], castings: NDArray[np.integer], *, most: int = MOST, seed: int = 0
) -> NDArray[np.int64]:
    """The rows of the photos chosen, in order: of either class at most half of ``most``, as many castings as can be.

    Args:
        labels: of photos, (n,), 0 ok and 1 defective.
        castings: the casting of each photo, (n,).

    A casting gives its second photo only once every casting of its class has given one.
    """
    chance = np.random.default_rng(seed).permutation(len(labels))
    rows: list[int] = []
    for label in Label:
        taken: dict[int, int] = {}
        rounds = []
        for row in chance[np.asarray(labels)[chance] == label].tolist():
            casting = int(castings[row])
            taken[casting] = taken.get(casting, 0) + 1
            if taken[casting] <= OF_EACH:
                rounds.append((taken[casting], row))
        rows += [row for _, row in sorted(rounds, key=lambda one: one[0])[: most // len(Label)]]
    return np.array(sorted(rows), dtype=np.int64)
