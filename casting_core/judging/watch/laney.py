"""Limits of a share that varies from shift to shift more than chance alone: the p' chart of Laney (2002).

D. B. Laney, "Improved control charts for attributes", Quality Engineering 14 (2002) 531-537. An ordinary p chart takes
parts for independent. With hundreds of parts a shift, and heats that are not all alike, nearly every point of it then
lies outside; and who is alarmed every day looks no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST = 12  # shifts with parts, before limits are worth drawing
WIDTH = 3.0  # standard deviations
RANGE = 1.128  # the mean range of two values of a normal distribution, in standard deviations (d2 of two)


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """Shares and their limits. A subgroup without parts has no share and no limits: not a number."""

    share: NDArray[np.float64]  # (n,), 0 to 1
    lower: NDArray[np.float64]  # (n,)
    upper: NDArray[np.float64]  # (n,)
    centre: float  # of all parts together
    varies: float  # how many times as much shares vary as chance alone would have it

    @property
    def outside(self) -> NDArray[np.bool_]:
        """Which shares lie outside their limits, (n,)."""
        return (self.share > self.upper) | (self.share < self.lower)


def chart(wrong: Sequence[int], judged: Sequence[int]) -> Chart | None:
    """The chart of subgroups in order, ``wrong`` of ``judged`` parts each; none with fewer than ``LEAST`` of them.

    There is none either where no part is wrong, or all are: then nothing varies.
    """
    bad, n = np.asarray(wrong, dtype=np.float64), np.asarray(judged, dtype=np.float64)
    known = n > 0
    if known.sum() < LEAST or not 0 < bad.sum() < n.sum():
        return None
    centre = float(bad.sum() / n.sum())
    share = np.divide(bad, n, out=np.full(len(n), np.nan), where=known)
    spread = np.sqrt(centre * (1 - centre) / np.where(known, n, np.nan))
    z = ((share - centre) / spread)[known]
    varies = float(np.abs(np.diff(z)).mean() / RANGE)
    reach = WIDTH * spread * varies
    return Chart(
        share=share,
        lower=np.maximum(centre - reach, 0.0),
        upper=np.minimum(centre + reach, 1.0),
        centre=centre,
        varies=varies,
    )
