"""What something looks like, learned from examples: the directions in which these differ, and how far they go in each.

Half of the examples shape the directions, the other half say how far a look may be from what they explain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Looks = NDArray[np.float64]

COMPONENTS = 24  # directions in which the examples differ
STRANGE = 1.6  # times the largest share of an example's look that the directions do not explain
FAR = 1.5  # times the largest distance of an example from the middle, each direction by its own spread
FEW = 20  # examples: of so many, half say only half of how far a look may be
NOTHING_LIKE = 0.95  # share of a look not explained, from which on it is of something else in any case


@dataclass(frozen=True, kw_only=True, eq=False)
class Appearance:
    """The look of examples; made by ``learn``."""

    mean: Looks  # (length,)
    components: Looks  # (COMPONENTS, length)
    strangest: float  # share of the look not explained, 0..1
    spread: Looks  # (COMPONENTS,), how far examples go in each direction; empty where an older program learned it
    farthest: float  # of the examples, in spreads

    def likens(self, look: Looks, *, strange: float = STRANGE) -> bool:
        """Whether a look of shape (length,) could be one of these; ``strange`` says how strange it may be at most."""
        if strangeness(look, self.mean, self.components) > min(strange * self.strangest, NOTHING_LIKE):
            return False
        return not len(self.spread) or _distance(look, self) <= FAR * self.farthest


def learn(looks: Looks) -> Appearance:
    """The appearance of examples, shape (n, length); it reaches further where there are few."""
    shaping, holding, further = looks[::2], looks[1::2], 1 + FEW / len(looks)
    mean = shaping.mean(axis=0)
    components = np.linalg.svd(shaping - mean, full_matrices=False)[2][:COMPONENTS]
    spread = np.maximum(((shaping - mean) @ components.T).std(axis=0), 1e-6)
    found = Appearance(mean=mean, components=components, strangest=1.0, spread=spread, farthest=0.0)
    return Appearance(
        mean=mean,
        components=components,
        strangest=further * max(strangeness(one, mean, components) for one in holding),
        spread=spread,
        farthest=further * max(_distance(one, found) for one in holding),
    )


def strangeness(look: Looks, mean: Looks, components: Looks) -> float:
    """The share of a look that the components cannot explain, 0 to about 1."""
    apart = look - mean
    return float(np.sum((apart - (apart @ components.T) @ components) ** 2))


def _distance(look: Looks, known: Appearance) -> float:
    """How far a look is from the middle of the examples: the root mean square over the directions, in spreads."""
    return float(np.sqrt(np.mean(((look - known.mean) @ known.components.T / known.spread) ** 2)))
