"""Verdicts side by side, as arrays: what counts, charts and tests of a line are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

DIRECTIONS = 4  # numbers that an embedding is told in


class Outcome(IntEnum):
    """What became of a photo; of several photos of a part the largest counts."""

    RETAKE = 0  # the gate let no verdict be given
    PASS = 1
    INSPECT = 2  # a person must look
    REJECT = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """Verdicts in the order they were given. What was not measured of a photo is not a number.

    Text is kept as objects: as letters of one width it would take ten times the memory.
    """

    at: NDArray[np.float64]  # (n,), seconds since 1970, UTC
    row: NDArray[np.int64]  # (n,), of the ledger; photos of a batch share one
    part: NDArray[np.object_]  # (n,), its number, or the photo's sha256 where nobody said
    photo: NDArray[np.object_]  # (n,), sha256
    file: NDArray[np.object_]  # (n,), as it was called where it came from; empty where nobody said
    model: NDArray[np.object_]  # (n,)
    outcome: NDArray[np.int8]  # (n,), as ``Outcome``
    gated: NDArray[np.bool_]  # (n,), whether the gate refused the photo
    score: NDArray[np.float64]  # (n,), 0 to 1
    light: NDArray[np.float64]  # (n,), mean grey levels
    sharpness: NDArray[np.float64]  # (n,)
    looks: NDArray[np.float64]  # (n, DIRECTIONS)

    def __len__(self) -> int:
        return len(self.at)

    def take(self, which: NDArray[np.integer] | NDArray[np.bool_]) -> "Seen":
        """Some of them, by number or by a mask."""
        return Seen(**{name: array[which] for name, array in vars(self).items()})


def joined(some: Sequence[Seen]) -> Seen:
    """Several of them, one after the other; at least one."""
    return Seen(**{name: np.concatenate([getattr(one, name) for one in some]) for name in vars(some[0])})


def projected(embedding: NDArray[np.floating]) -> NDArray[np.float64]:
    """Embeddings, shape (n, d), in ``DIRECTIONS`` numbers each, (n, DIRECTIONS): along directions that never change.

    Directions at random keep distances (Johnson and Lindenstrauss 1984); a row of the ledger has no room for more.
    """
    return np.asarray(embedding, dtype=np.float64) @ _directions(embedding.shape[1])


@cache
def _directions(length: int) -> NDArray[np.float64]:
    """``DIRECTIONS`` of them in so many dimensions, as columns; of length 1 in the mean."""
    # The old generator: numpy promises that it draws the same in every version.
    return np.asarray(np.random.RandomState(0).standard_normal((length, DIRECTIONS)) / np.sqrt(length))
